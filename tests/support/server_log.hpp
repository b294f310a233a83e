// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <wspool/messaging_type_ids.hpp>
#include <wspool/server.hpp>

#include <algorithm>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace wspool::test {

/// What a subscriber of a server was told, in order.
struct server_log {
  std::vector<std::string> order; ///< "arrived", "message hello", "left 1000", "empty space"
  std::vector<client_arrived_event> arrived;
  std::vector<client_message_event> messages;
  std::vector<client_messages_event> batches;
  std::vector<client_left_event> left;
  std::vector<std::string> emptied;
  std::vector<client_missed_event> missed;
  bool hold = false; ///< answers no message
  std::vector<compat::void_promise> held;

  template <class F>
  void note(F f) {
    {
      std::lock_guard guard{mutex};
      f();
    }
    changed.notify_all();
  }
  /// For real time: waits until it is true.
  template <class F>
  bool wait(F is_true, std::chrono::seconds limit = std::chrono::seconds{20}) {
    std::unique_lock guard{mutex};
    return changed.wait_for(guard, limit, [&] { return is_true(std::as_const(*this)); });
  }

  std::mutex mutex;
  std::condition_variable changed;
};
using server_log_ptr = std::shared_ptr<server_log>;

/// The behaviour of an actor that fills the log.
inline caf::behavior log_server(caf::event_based_actor* self, server_log_ptr log) {
  return {
    [log](const client_arrived_event& e) {
      log->note([&] {
        log->order.push_back("arrived");
        log->arrived.push_back(e);
      });
    },
    [self, log](const client_message_event& e) -> caf::result<void> {
      log->note([&] {
        log->order.push_back("message " + e.data);
        log->messages.push_back(e);
      });
      if (!log->hold)
        return caf::unit;
      log->held.emplace_back(self);
      return log->held.back();
    },
    [log](const client_messages_event& e) { log->note([&] { log->batches.push_back(e); }); },
    [log](const client_left_event& e) {
      log->note([&] {
        log->order.push_back("left " + std::to_string(e.code));
        log->left.push_back(e);
      });
    },
    [log](const client_missed_event& e) { log->note([&] { log->missed.push_back(e); }); },
    [log](const space_empty_event& e) {
      log->note([&] {
        log->order.push_back("empty " + e.space);
        log->emptied.push_back(e.space);
      });
    },
  };
}

} // namespace wspool::test
