// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "session/session_actors.hpp"

#include "process/app_system.hpp"
#include "process/log.hpp"
#include "process/text.hpp"
#include "session/session_lines.hpp"

#include <spdlog/spdlog.h>

#include <deque>
#include <utility>

namespace wspool::cli {

namespace {

/// Publications that fail are told of one by one up to this many, then counted.
constexpr std::size_t most_told = 5;

/// The server's words if it was the server that refused.
std::string text_of(const caf::error& e) {
  const auto reason = reason_of(e);
  return reason.empty() ? std::string{describe(error_of(e))} : printable(reason);
}

/// What the sink knows. All of it runs in the sink's own turns.
struct session_sink {
  session_desk desk;
  std::shared_ptr<background_writer> out;
  std::deque<caf::response_promise> unwritten; ///< one for each write that is under way
  bool is_finishing = false;

  void write(const channel_event& event, caf::response_promise done) {
    ++desk.progress->received;
    std::string line;
    if (desk.flags.whole) {
      line = whole_line_of(event);
    } else {
      if (desk.with_channel)
        line = event.channel + '\t';
      line += line_of(event.data, desk.flags.format);
    }
    unwritten.push_back(std::move(done));
    out->write(line + '\n');
  }

  void written(std::uint64_t writes, int error) {
    for (; writes > 0 && !unwritten.empty(); --writes) {
      unwritten.front().deliver(caf::unit);
      unwritten.pop_front();
    }
    if (error != 0)
      desk.progress->output_error = error;
    desk.progress->changes.notify();
    report_end();
  }

  void gap(const channel_gap_event& x) {
    ++desk.progress->gaps;
    if (desk.events)
      print_error_line(to_json(x));
    else
      desk.logger->warn("{}: messages may be missing here", printable(x.channel));
  }

  void report_end() {
    if (is_finishing && unwritten.empty())
      desk.progress->raise(desk.progress->output_flushed);
  }
};

} // namespace

caf::actor spawn_session_observer(caf::actor_system& system, session_desk desk) {
  return system.spawn([desk = std::move(desk)]() -> caf::behavior {
    return {
      [=](const session_open_event& x) {
        if (desk.events)
          print_error_line(to_json(x));
        desk.progress->set(desk.progress->connected, true);
        desk.logger->info("session {} is open", printable(x.session));
      },
      [=](const session_lost_event& x) {
        if (desk.events)
          print_error_line(to_json(x));
        desk.progress->set(desk.progress->connected, false);
        if (!desk.progress->closed)
          desk.logger->warn("no connection: {}", printable(x.reason));
      },
      [=](const session_command_event& x) {
        if (desk.events)
          print_error_line(to_json(x));
      },
    };
  });
}

caf::actor spawn_session_sink(caf::actor_system& system, session_desk desk,
                              std::shared_ptr<background_writer> out) {
  auto behave = [=](caf::event_based_actor* self) -> caf::behavior {
    auto sink = std::make_shared<session_sink>(session_sink{desk, out, {}, false});
    return {
      [=](const channel_event& event) {
        auto done = self->make_response_promise();
        sink->write(event, done);
        return done;
      },
      [=](const channel_gap_event& x) { sink->gap(x); },
      [=](const channel_presence_event& x) {
        if (desk.events)
          print_error_line(to_json(x));
      },
      [=](written_atom, std::uint64_t writes, int error) { sink->written(writes, error); },
      [=](finish_atom) {
        sink->is_finishing = true;
        sink->report_end();
      },
    };
  };
  auto result = system.spawn(behave);
  out->on_written([result](std::uint64_t writes, std::error_code why) {
    compat::anon_tell(result, written_atom_v, writes, why.value());
  });
  return result;
}

caf::actor watch_session(caf::actor_system& system, const session_actor& session,
                         const session_desk& desk) {
  auto watch = [=](caf::event_based_actor* self) -> caf::behavior {
    auto watched = std::make_shared<compat::monitors>();
    watched->add(self, session, [=](const caf::error&) {
      desk.progress->raise(desk.progress->ended);
      self->quit();
    });
    return {[watched](finish_atom) {}};
  };
  return system.spawn(watch);
}

void subscribe_channels(caf::actor_system& system, const session_actor& session,
                        const session_desk& desk, const caf::actor& who,
                        const std::vector<subscribe_order>& orders) {
  desk.progress->asked += orders.size();
  auto ask = [=](caf::event_based_actor* self) {
    for (const auto& order : orders)
      compat::ask(self, session, caf::infinite, subscribe_atom_v, who, order)
        .then(
          [=](const subscribe_report& x) {
            if (desk.events)
              print_error_line(to_json(order, x));
            if (order.from.known() && !x.recovered)
              desk.logger->warn("{}: what came before is not kept any more",
                                printable(order.channel));
            desk.progress->settle(true);
          },
          [=](const caf::error& e) {
            desk.logger->error("{}: not subscribed: {}", printable(order.channel), text_of(e));
            desk.progress->settle(false);
          });
  };
  system.spawn(ask);
}

caf::actor spawn_publisher(caf::actor_system& system, const session_actor& session,
                           session_desk desk, std::string channel) {
  auto behave = [=](caf::event_based_actor* self) -> caf::behavior {
    auto told = std::make_shared<std::size_t>(0);
    return {
      [=](const std::string& text, std::uint64_t line) {
        compat::ask(self, session, caf::infinite, publish_atom_v, channel,
                    content_of_line(text, desk.flags.format))
          .then(
            [=](const publish_outcome& x) {
              if (x.duplicate)
                ++desk.progress->duplicates;
              desk.progress->settle(true);
            },
            [=](const caf::error& e) {
              if (++*told <= most_told)
                desk.logger->error("line {}: not published: {}", line, text_of(e));
              else
                ++desk.progress->untold;
              desk.progress->settle(false);
            });
      },
    };
  };
  return system.spawn(behave);
}

void ask_query(caf::actor_system& system, const session_actor& session, const session_desk& desk,
               const std::string& name, const content& data,
               const std::shared_ptr<background_writer>& out) {
  ++desk.progress->asked;
  // The answer is printed when it is written.
  out->on_written([progress = desk.progress](std::uint64_t, std::error_code why) {
    progress->output_error = why.value();
    progress->settle(!why);
  });
  auto ask = [=](caf::event_based_actor* self) {
    compat::ask(self, session, caf::infinite, query_atom_v, name, data)
      .then(
        [=](const content& x) {
          if (x.data.empty()) // an answer that says nothing but that all is well
            return desk.progress->settle(true);
          out->write(line_of(x, data_format::json) + '\n');
        },
        [=](const caf::error& e) {
          desk.logger->error("{}: {}", printable(name), text_of(e));
          desk.progress->settle(false);
        });
  };
  system.spawn(ask);
}

void close_session(caf::actor_system& system, const session_actor& session,
                   const session_desk& desk) {
  auto ask = [=](caf::event_based_actor* self) {
    auto end = [=] { desk.progress->raise(desk.progress->closed); };
    compat::ask(self, session, caf::infinite, close_atom_v).then(end, [=](const caf::error&) {
      end();
    });
  };
  system.spawn(ask);
}

} // namespace wspool::cli
