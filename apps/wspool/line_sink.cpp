// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "line_sink.hpp"

#include "app_system.hpp"
#include "event_json.hpp"
#include "log.hpp"

#include <cerrno>
#include <poll.h>
#include <unistd.h>

namespace wspool::cli {

namespace {

/// More is written at once.
constexpr std::size_t large_bytes = 128 * 1024;

void append_prefix(std::string& to, std::size_t size) {
  for (int shift = 24; shift >= 0; shift -= 8)
    to.push_back(static_cast<char>(size >> shift & 0xff));
}

/// Writes in a thread of its own, as writing may block.
struct line_sink {
  output_buffer out;
  bool events;
  std::shared_ptr<stream_state> state;
  bool is_reminded = false;

  void write(caf::event_based_actor* self, const messages_event& event) {
    const auto& messages = event.messages;
    for (std::size_t i = 0; i < messages.size(); ++i) {
      out.add(messages[i]);
      if (events)
        print_error_line(message_to_json(event.connection, messages[i]));
    }
    state->received(messages.size());
    // What is in the mailbox already comes before the reminder: it joins the same write.
    if (!out.empty() && !is_reminded) {
      is_reminded = true;
      compat::tell(self, caf::actor_cast<caf::actor>(self), flush_atom_v);
    }
    report_end();
  }

  void flush() {
    is_reminded = false;
    out.flush();
    report_end();
  }

  void report_end() {
    if (out.error() && !state->is_output_closed())
      state->output_closed(out.error());
  }
};

} // namespace

void output_buffer::add(message_view message) {
  if (error_)
    return;
  if (format_ == framing::length_prefixed)
    append_prefix(buffer_, message.data.size());
  buffer_ += message.data;
  if (is_lines(format_))
    buffer_ += '\n';
  if (buffer_.size() >= large_bytes)
    flush();
}

void output_buffer::flush() {
  std::string_view rest{buffer_};
  while (!rest.empty() && !error_) {
    auto written = ::write(fd_, rest.data(), rest.size());
    if (written >= 0) {
      rest.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno == EAGAIN) { // somebody made our stdout non-blocking
      pollfd waiting{fd_, POLLOUT, 0};
      ::poll(&waiting, 1, -1);
    } else if (errno != EINTR) {
      error_ = {errno, std::generic_category()};
    }
  }
  buffer_.clear();
}

caf::actor spawn_line_sink(caf::actor_system& system, framing format, bool events,
                           std::shared_ptr<stream_state> state) {
  auto behave = [=](caf::event_based_actor* self) -> caf::behavior {
    auto sink = std::make_shared<line_sink>(
      line_sink{output_buffer{STDOUT_FILENO, format}, events, state});
    return {
      [=](const messages_event& event) { sink->write(self, event); },
      [=](flush_atom) { sink->flush(); },
      [=](finish_atom) {
        sink->flush();
        state->output_flushed();
      },
    };
  };
  return system.spawn<caf::detached>(behave);
}

} // namespace wspool::cli
