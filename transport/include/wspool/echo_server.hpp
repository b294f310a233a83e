// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <wspool/connect_options.hpp>
#include <wspool/error.hpp>
#include <wspool/io_pool.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace wspool {

/// What an echo server does.
struct echo_options {
  /// "host:port", an IPv6 address in brackets. Port 0: one that the system chooses.
  std::string listen = "127.0.0.1:0";
  /// Count what comes in and send nothing back.
  bool discard = false;
  /// `wss` if a certificate is given; with `ca_file`, clients need certificates too.
  tls_options tls;
  deflate_options deflate;
  message_limits limits;
  /// Further clients get a 503. At least 1.
  std::size_t max_connections = 100'000;
  /// Unsent output of one connection above which nothing more is read from it.
  std::size_t max_unsent_bytes = 1024 * 1024;
  /// From accepting a connection to its upgrade, TLS included.
  std::chrono::milliseconds handshake{10'000};
  /// For a closing handshake, then a hard end.
  std::chrono::milliseconds close{5'000};
};

/// What an echo server has seen.
struct echo_counters {
  std::uint64_t connections = 0; ///< that were upgraded, since the start
  std::uint64_t open = 0;        ///< of these, now
  std::uint64_t refused = 0;     ///< requests that were not upgraded
  std::uint64_t messages = 0;    ///< received
  std::uint64_t bytes = 0;       ///< their payload
};

/// A WebSocket server that sends every message back, for demonstrations, tests and measurements.
/// The replies to what one read brought leave in one write.
///
/// Thread contract: any thread may call any member, except that `stop()` and the destructor must
/// not run on a thread of the pool. The pool must outlive the server; the pool's `stop()` ends it.
class echo_server {
public:
  /// Listens at once.
  /// @returns `errc::invalid_option`, `errc::tls_configuration`, `errc::address_in_use` or
  ///          `errc::io_error`, naming the option or the address.
  [[nodiscard]] static failure start(io_pool& pool, const echo_options& options,
                                     std::unique_ptr<echo_server>& result);

  echo_server(const echo_server&) = delete;
  echo_server& operator=(const echo_server&) = delete;
  /// Ends what `stop` has not ended, without closing handshakes.
  ~echo_server();

  [[nodiscard]] std::uint16_t port() const noexcept;
  /// `ws://host:port` or `wss://host:port`.
  [[nodiscard]] std::string url() const;
  [[nodiscard]] echo_counters counters() const noexcept;

  /// Resets the TCP connections of `count` randomly chosen clients, or of all if there are fewer.
  /// @returns how many were chosen.
  std::size_t kill_some(std::size_t count);

  /// Takes no more clients, sends every client a close with code 1001, and waits until all are
  /// gone; what is left at the deadline is cut off. Idempotent.
  void stop(std::chrono::milliseconds deadline = std::chrono::milliseconds{5'000});

private:
  struct impl;
  explicit echo_server(std::unique_ptr<impl> x);

  std::unique_ptr<impl> impl_;
};

} // namespace wspool
