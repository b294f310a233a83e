// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "stream/line_sink.hpp"

#include "events/event_json.hpp"
#include "process/app_system.hpp"
#include "process/log.hpp"

#include <cstdint>
#include <deque>

namespace wspool::cli {

namespace {

void append_prefix(std::string& to, std::size_t size) {
  for (int shift = 24; shift >= 0; shift -= 8)
    to.push_back(static_cast<char>(size >> shift & 0xff));
}

/// What the sink knows. All of it runs in the sink's own turns.
struct line_sink {
  std::shared_ptr<background_writer> out;
  framing format;
  bool events;
  std::shared_ptr<stream_state> state;
  std::deque<caf::response_promise> unwritten; ///< one for each write that is under way
  bool is_finishing = false;

  void write(const messages_event& event, caf::response_promise done) {
    const auto& messages = event.messages;
    std::string text;
    text.reserve(messages.bytes().size() + 4 * messages.size());
    for (std::size_t i = 0; i < messages.size(); ++i) {
      append_framed(text, format, messages[i]);
      if (events)
        print_error_line(message_to_json(event.connection, messages[i]));
    }
    state->received(messages.size());
    unwritten.push_back(std::move(done));
    out->write(text);
  }

  void written(std::uint64_t writes, int error) {
    for (; writes > 0; --writes) {
      unwritten.front().deliver(caf::unit);
      unwritten.pop_front();
    }
    if (error != 0 && !state->is_output_closed())
      state->output_closed({error, std::generic_category()});
    report_end();
  }

  void finish() {
    is_finishing = true;
    report_end();
  }

  void report_end() {
    if (is_finishing && unwritten.empty())
      state->output_flushed();
  }
};

} // namespace

void append_framed(std::string& to, framing format, message_view message) {
  if (format == framing::length_prefixed)
    append_prefix(to, message.data.size());
  to += message.data;
  if (is_lines(format))
    to += '\n';
}

caf::actor spawn_line_sink(caf::actor_system& system, std::shared_ptr<background_writer> out,
                           framing format, bool events, std::shared_ptr<stream_state> state) {
  auto behave = [=](caf::event_based_actor* self) -> caf::behavior {
    auto sink = std::make_shared<line_sink>(line_sink{out, format, events, state, {}, false});
    return {
      [=](const messages_event& event) {
        auto done = self->make_response_promise();
        sink->write(event, done);
        return done;
      },
      [=](written_atom, std::uint64_t writes, int error) { sink->written(writes, error); },
      [=](finish_atom) { sink->finish(); },
    };
  };
  auto result = system.spawn(behave);
  out->on_written([result](std::uint64_t writes, std::error_code why) {
    compat::anon_tell(result, written_atom_v, writes, why.value());
  });
  return result;
}

} // namespace wspool::cli
