// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <wspool/type_ids.hpp>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace wspool::test {

/// What a subscriber was told, kept by type and, in short, in the order of arrival.
///
/// Under virtual time, look at it as you like. With real threads, look at it in `wait_for` only.
struct event_log {
  std::vector<message_event> messages;
  std::vector<messages_event> batches;
  std::vector<open_event> opens;
  std::vector<close_event> closes;
  std::vector<error_event> errors;
  std::vector<unexpected_response_event> refusals;
  std::vector<upgrade_event> upgrades;
  std::vector<ping_event> pings;
  std::vector<pong_event> pongs;
  std::vector<drain_event> drains;
  std::vector<ready_event> readies;
  std::size_t empties = 0;
  std::vector<retry_event> retries;
  std::vector<given_up_event> given_up;
  std::vector<ejected_event> ejected;
  std::vector<water_event> water;
  std::vector<pool_stats> stats;

  /// "open 0.1", "message 0.1", "ready", … as they arrived.
  std::vector<std::string> order;

  /// While set, messages get no answer: the subscriber is behind.
  bool hold = false;
  std::vector<compat::void_promise> held;
  /// Answers all that wait.
  void release() {
    hold = false;
    for (auto& promise : std::exchange(held, {}))
      promise.deliver();
  }

  /// The data of all single messages, in order.
  [[nodiscard]] std::vector<std::string> texts() const {
    std::vector<std::string> result;
    for (const auto& m : messages)
      result.push_back(m.data);
    return result;
  }
  [[nodiscard]] std::size_t count(std::string_view what) const {
    return static_cast<std::size_t>(std::count_if(order.begin(), order.end(), [&](auto& entry) {
      return entry == what || entry.starts_with(std::string{what} + ' ');
    }));
  }
  /// With real threads: waits until this is true of the log. @returns false if it does not become
  /// true in time.
  template <class Condition>
  [[nodiscard]] bool wait_for(Condition is_true,
                              std::chrono::milliseconds limit = std::chrono::seconds{20}) {
    std::unique_lock guard{mutex};
    return changed.wait_for(guard, limit, [&] { return is_true(std::as_const(*this)); });
  }

  /// Where an entry stands in `order`; its size if it is not there.
  [[nodiscard]] std::size_t position(std::string_view entry) const {
    return static_cast<std::size_t>(std::find(order.begin(), order.end(), entry) - order.begin());
  }

  mutable std::mutex mutex;
  std::condition_variable changed;
};
using event_log_ptr = std::shared_ptr<event_log>;

/// The behaviour of an actor that fills the log.
[[nodiscard]] caf::behavior log_events(caf::event_based_actor* self, event_log_ptr log);

} // namespace wspool::test
