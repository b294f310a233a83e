// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <wspool/byte_stream.hpp>
#include <wspool/connect_options.hpp>
#include <wspool/message.hpp>
#include <wspool/retry_policy.hpp>
#include <wspool/scheduler.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace spdlog {
class logger;
}

namespace wspool {

/// One server (or cluster behind one name) of a pool.
struct endpoint_options {
  std::string url;
  std::uint32_t connections = 5;
  std::uint32_t weight = 1; ///< for `schedule::weighted`; at least 1
  std::uint32_t group = 0;  ///< for `schedule::failover`; lower groups are preferred
};

/// Liveness of an open connection: any inbound frame proves it.
struct heartbeat_options {
  std::chrono::milliseconds interval{30'000}; ///< of inbound silence, then a ping; 0: off
  std::chrono::milliseconds timeout{5'000};   ///< without an inbound frame after it: dead
};

/// What happens to a message that finds the pool's queue full.
enum class overflow : std::uint8_t {
  drop_oldest, ///< the oldest queued one fails with `errc::dropped`
  drop_newest, ///< the new one fails with `errc::dropped`
  reject,      ///< the new one fails with `errc::queue_full`
  /// A `deliver` request waits, in a waiting room as large as the queue itself: its sender gets no
  /// answer and so sends no more. Whatever exceeds that, and a plain `send`, is rejected.
  block,
};

[[nodiscard]] std::string_view to_string(overflow value) noexcept;
[[nodiscard]] bool from_string(std::string_view name, overflow& value) noexcept;

/// The pool's queue: messages for which no connection has room.
struct queue_options {
  std::size_t max_messages = 100;
  std::size_t max_bytes = 64 * 1024 * 1024;
  wspool::overflow overflow = wspool::overflow::drop_oldest;
  /// Shares of either bound at which the water-mark events fire.
  double high_water = 0.8;
  double low_water = 0.2;
};

/// What one connection may hold of messages that are not yet written (or, at least once, not yet
/// confirmed). Small windows stay in the processor's caches.
struct window_options {
  std::size_t max_messages = 16'384;
  std::size_t max_bytes = 4 * 1024 * 1024; ///< a single larger message is let through alone
  /// Received bytes that a subscriber may hold unanswered before the socket is read no further.
  std::size_t max_unread_bytes = 4 * 1024 * 1024;
};

/// Planned replacement and removal of connections.
struct rotation_options {
  std::chrono::milliseconds max_age{0}; ///< 0: connections live as long as they can
  double jitter = 0.1;                  ///< up to this share is taken off, at random
  /// How long a connection that is replaced or removed, or a pool that is closed, may take to
  /// finish what it holds.
  std::chrono::milliseconds drain{10'000};
};

/// How often the monitor looks, and how far back it remembers.
struct monitor_options {
  std::chrono::milliseconds interval{1'000}; ///< 0: no snapshots
  std::chrono::milliseconds history{300'000};
};

/// Everything about a pool. The defaults are those of a client of one busy server.
struct pool_options {
  std::string name = "pool"; ///< in logs and metrics
  /// Connected at once. Whoever must not miss the first event or message leaves them out,
  /// subscribes, and then adds them by `add_atom`.
  std::vector<endpoint_options> endpoints;
  wspool::schedule schedule = wspool::schedule::round_robin;
  scheduler_factory make_scheduler; ///< if set, wins over `schedule`
  delivery policy = delivery::at_most_once;
  connect_options connect;
  reconnect_options reconnect;
  retry_policy retry;
  heartbeat_options heartbeat;
  queue_options queue;
  window_options window;
  ejection_options ejection;
  rotation_options rotation;
  monitor_options monitor;
  /// Where connections come from; null: real sockets. Tests put a fake here.
  std::shared_ptr<wspool::connector> connector;
  std::shared_ptr<spdlog::logger> logger; ///< null: silent
  std::uint64_t seed = 0;                 ///< of all randomness; 0: from the system
};

/// Checks every field. The failure's detail names the field and quotes its value.
[[nodiscard]] failure validate(const pool_options& options);

} // namespace wspool
