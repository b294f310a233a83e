// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "events/observer.hpp"

#include "events/event_json.hpp"
#include "events/incidents.hpp"
#include "process/app_system.hpp"
#include "process/log.hpp"

#include <spdlog/spdlog.h>

#include <set>

namespace wspool::cli {

namespace {

/// What the observer knows. All of it runs in the observer's own turns.
struct observer {
  caf::event_based_actor* self;
  pool_actor pool;
  bool events;
  std::shared_ptr<stream_state> state;
  std::shared_ptr<spdlog::logger> logger;
  incidents told;
  std::set<std::uint32_t> seen_slots; ///< that were open before
  compat::monitors watched;

  template <class Event>
  void show(const Event& event) const {
    if (events)
      print_error_line(to_json(event));
  }

  void begin() {
    watched.add(self, pool, [this](const caf::error&) { state->pool_lost(); });
    ask_state();
  }

  /// Asks for what events do not say, or said before we subscribed. (Connections that are open
  /// already are told to every new subscriber.)
  void ask_state() {
    compat::ask(self, pool, caf::infinite, stats_atom_v)
      .then(
        [this](const pool_stats& x) {
          if (x.total > 0 && x.open == x.total)
            state->set_ready();
          state->set_hopeless(x.total > 0 && x.closed == x.total);
        },
        [](const caf::error&) {}); // the monitor tells that the pool is gone
  }

  void on_open(const open_event& x) {
    show(x);
    told.forget(x.connection.slot);
    logger->info("{}: connection {} is open", x.endpoint, to_string(x.connection));
    state->opened(!seen_slots.insert(x.connection.slot).second);
  }

  void on_close(const close_event& x) {
    show(x);
    state->closed();
    told.closed(x);
  }

  void on_error(const error_event& x) {
    show(x);
    told.failed(x);
  }

  void on_refusal(const unexpected_response_event& x) {
    show(x);
    told.refused(x);
  }

  void on_retry(const retry_event& x) {
    show(x);
    logger->warn(told.retries(x));
  }

  void on_given_up(const given_up_event& x) {
    show(x);
    logger->error(told.gives_up(x));
    ask_state();
  }

  /// What was never followed by a retry.
  void finish() {
    for (auto& line : told.take_all())
      logger->warn(line);
  }
};

} // namespace

caf::actor spawn_observer(caf::actor_system& system, const pool_actor& pool, bool events,
                          std::shared_ptr<stream_state> state,
                          std::shared_ptr<spdlog::logger> logger) {
  auto behave = [=](caf::event_based_actor* self) -> caf::behavior {
    auto x = std::make_shared<observer>(observer{self, pool, events, state, logger, {}, {}, {}});
    x->begin();
    return {
      [x](const open_event& e) { x->on_open(e); },
      [x](const close_event& e) { x->on_close(e); },
      [x](const error_event& e) { x->on_error(e); },
      [x](const unexpected_response_event& e) { x->on_refusal(e); },
      [x](const upgrade_event& e) { x->show(e); },
      [x](const ping_event& e) { x->show(e); },
      [x](const pong_event& e) { x->show(e); },
      [x](const drain_event& e) { x->show(e); },
      [x](const ready_event& e) {
        x->show(e);
        x->state->set_ready();
      },
      [x](const empty_event& e) { x->show(e); },
      [x](const retry_event& e) { x->on_retry(e); },
      [x](const given_up_event& e) { x->on_given_up(e); },
      [x](const ejected_event& e) {
        x->show(e);
        x->logger->warn(x->told.ejects(e));
      },
      [x](const water_event& e) { x->show(e); },
      [x](finish_atom) {
        x->finish();
        x->self->quit();
      },
    };
  };
  auto result = system.spawn(behave);
  auto wanted = events ? event::all & ~event::message : event::lifecycle;
  compat::anon_tell(pool, subscribe_atom_v, result, subscription{wanted, false});
  return result;
}

} // namespace wspool::cli
