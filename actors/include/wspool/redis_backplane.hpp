// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <wspool/backplane.hpp>
#include <wspool/byte_stream.hpp>
#include <wspool/connect_options.hpp>
#include <wspool/io_pool.hpp>
#include <wspool/retry_policy.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace spdlog {
class logger;
}

namespace wspool {

/// Which Redis, and how to get along with it. Redis 6.2 or later, one primary.
struct redis_options {
  /// `redis://[user[:password]@]host[:port][/db]`, or `rediss://` for TLS. The password is neither
  /// logged nor in any error. Without a user the password is that of the default user.
  std::string url = "redis://127.0.0.1:6379";
  /// Of all keys and pub/sub channels; no braces. Brokers with the same prefix are one system.
  std::string prefix = "wspool:";
  std::string client_name = "wspool"; ///< CLIENT SETNAME; no spaces
  /// Of `rediss://`: who signs the server's certificate, and our own if it wants one.
  tls_options tls;
  /// This Redis loses nothing that it has answered (`appendfsync always`), so that histories go on
  /// after its restart. If not, channels begin a new epoch then: what was lost at the end would be
  /// numbers that are given twice.
  bool durable = false;
  /// A Redis that is gone comes back within seconds, and all wait for it.
  reconnect_options reconnect{std::chrono::milliseconds{100},
                              std::chrono::milliseconds{5'000},
                              2.0,
                              {},
                              std::chrono::milliseconds{1'000}};
  std::chrono::milliseconds connect_timeout{5'000}; ///< TCP, and again TLS
  /// A command that is not answered by then fails with `errc::expired`, and the link is given up.
  /// While others are answered it may take six times as long.
  std::chrono::milliseconds command_timeout{5'000};
  /// Commands without an answer; above: `errc::queue_full`.
  std::size_t max_pending = 100'000;
  /// What waits to be written, in bytes; above: `errc::queue_full`.
  std::size_t max_pending_bytes = 64 * 1024 * 1024;
  std::shared_ptr<wspool::connector> connector; ///< null: real sockets
  std::shared_ptr<spdlog::logger> logger;       ///< null: silent
  /// Told of each attempt that failed and each loss, by why, and of each return, by no error. On an
  /// I/O thread: it must not block. Null: nobody.
  std::function<void(const failure&)> on_link;
  std::uint64_t seed = 0; ///< of the backoff's jitter; 0: from the system
};

/// Checks every field. The failure's detail names the field and quotes its value, but for the URL.
[[nodiscard]] failure validate(const redis_options& options);

/// A backplane for the brokers of all processes that use the same Redis and prefix. It connects at
/// once and asynchronously, and again whenever the link is lost: until then every request is
/// answered with `errc::no_connection`; what was under way fails with `errc::connection_lost`.
///
/// It ends with `io`, with the system, or when it is sent an exit message.
/// @throws invalid_options
[[nodiscard]] backplane_actor spawn_redis_backplane(caf::actor_system& system, io_pool& io,
                                                    redis_options redis,
                                                    const backplane_options& options);

} // namespace wspool
