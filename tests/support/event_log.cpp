// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "support/event_log.hpp"

#include <utility>

namespace wspool::test {

namespace {

template <class Event>
void note(event_log& log, const char* name, std::vector<Event>& list, const Event& e) {
  std::lock_guard guard{log.mutex};
  if constexpr (requires { e.connection; })
    log.order.push_back(std::string{name} + ' ' + to_string(e.connection));
  else if constexpr (requires { e.slot; })
    log.order.push_back(std::string{name} + ' ' + std::to_string(e.slot));
  else
    log.order.push_back(name);
  list.push_back(e);
  log.changed.notify_all();
}

caf::result<void> take(caf::event_based_actor* self, event_log& log) {
  std::lock_guard guard{log.mutex};
  if (!log.hold)
    return caf::unit;
  log.held.emplace_back(self);
  return log.held.back();
}

} // namespace

caf::behavior log_events(caf::event_based_actor* self, event_log_ptr log) {
  return {
    [=](const message_event& e) -> caf::result<void> {
      note(*log, "message", log->messages, e);
      return take(self, *log);
    },
    [=](const messages_event& e) -> caf::result<void> {
      note(*log, "messages", log->batches, e);
      return take(self, *log);
    },
    [=](const open_event& e) { note(*log, "open", log->opens, e); },
    [=](const close_event& e) { note(*log, "close", log->closes, e); },
    [=](const error_event& e) { note(*log, "error", log->errors, e); },
    [=](const unexpected_response_event& e) { note(*log, "refusal", log->refusals, e); },
    [=](const upgrade_event& e) { note(*log, "upgrade", log->upgrades, e); },
    [=](const ping_event& e) { note(*log, "ping", log->pings, e); },
    [=](const pong_event& e) { note(*log, "pong", log->pongs, e); },
    [=](const drain_event& e) { note(*log, "drain", log->drains, e); },
    [=](const ready_event& e) { note(*log, "ready", log->readies, e); },
    [=](const empty_event&) {
      std::lock_guard guard{log->mutex};
      log->changed.notify_all();
      log->order.push_back("empty");
      ++log->empties;
    },
    [=](const retry_event& e) { note(*log, "retry", log->retries, e); },
    [=](const given_up_event& e) { note(*log, "given_up", log->given_up, e); },
    [=](const ejected_event& e) { note(*log, "ejected", log->ejected, e); },
    [=](const water_event& e) { note(*log, "water", log->water, e); },
    [=](const pool_stats& e) { note(*log, "stats", log->stats, e); },
  };
}

} // namespace wspool::test
