// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <system_error>

namespace wspool {

/// Everything that can go wrong, in one list. Usable as a `std::error_code` and as a `caf::error`.
enum class errc : std::uint8_t {
  none = 0,
  // -- the outcome of a message
  queue_full,      ///< the pool's queue was full and the overflow policy refused the message
  dropped,         ///< pushed out of a full queue by an overflow policy that drops
  expired,         ///< its time to live ended before it was written
  too_big,         ///< larger than the limit here, or the peer refused its size (close 1009)
  invalid_message, ///< a text message that is not UTF-8, or a malformed batch
  pool_closed,     ///< the pool was closing or closed
  connection_lost, ///< the connection died while the message was being written; not sent again
  no_connection,   ///< no connection was open (broadcast, ping), or the one named is gone
  unreachable,     ///< every slot of the pool was given up
  // -- options and input
  invalid_url,       ///< not a ws:// or wss:// URL
  invalid_option,    ///< an option's value is out of its range
  invalid_header,    ///< a header with a line break, an illegal name, or a reserved name
  invalid_scheduler, ///< a scheduler broke its contract
  unknown_endpoint,  ///< the pool has no such endpoint
  // -- connecting
  resolve_failed,       ///< the host name has no address
  connect_failed,       ///< no address accepted a TCP connection
  connect_timeout,      ///< an address, a proxy or a peer did not answer in time
  proxy_refused,        ///< the proxy answered, but with a refusal
  proxy_failed,         ///< the proxy's answer could not be understood
  tls_failed,           ///< the TLS handshake failed
  certificate_invalid,  ///< the peer's certificate was not trusted or not for this host
  tls_configuration,    ///< a certificate or key file could not be used
  upgrade_refused,      ///< the server answered the upgrade with another status than 101
  upgrade_invalid,      ///< the server's 101 answer breaks RFC 6455 §4.1
  too_many_redirects,   ///< more redirects than the options allow
  subprotocol_mismatch, ///< the server chose a subprotocol that was not offered
  // -- an open connection
  closed,            ///< the closing handshake completed
  end_of_stream,     ///< the peer ended the TCP connection without a closing handshake
  connection_reset,  ///< the TCP connection broke
  heartbeat_timeout, ///< nothing came in within the heartbeat timeout after a ping
  idle_timeout,      ///< no message either way within the idle timeout
  close_timeout,     ///< the closing handshake took too long
  protocol_error,    ///< the peer broke RFC 6455
  invalid_utf8,      ///< the peer sent a text message that is not UTF-8 (close 1007)
  message_too_big,   ///< the peer sent a message above the limit (close 1009)
  crashed,           ///< an exception ended the connection's actor
  shutdown,          ///< ended by its own side: pool destroyed, slot removed, connection replaced
  slow_consumer,     ///< a server's client did not take its messages fast enough
  rate_exceeded,     ///< a server's client sent faster than it may
  // -- the process
  address_in_use, ///< a listening address is taken
  io_error,       ///< any other error of the operating system
};

/// A stable short name of the error, e.g. "queue_full"; used in events and metrics.
[[nodiscard]] std::string_view name_of(errc value) noexcept;

/// A sentence that a person can act on, e.g. "the pool's queue is full".
[[nodiscard]] std::string_view describe(errc value) noexcept;

/// The name, for CAF and for logs.
[[nodiscard]] std::string to_string(errc value);

/// The category of `errc` values within `std::error_code`.
[[nodiscard]] const std::error_category& error_category() noexcept;

[[nodiscard]] inline std::error_code make_error_code(errc value) noexcept {
  return {static_cast<int>(value), error_category()};
}

/// An error with what it was about: which endpoint, which option, which file, what the system said.
struct failure {
  errc code = errc::none;
  std::string detail;

  explicit operator bool() const noexcept { return code != errc::none; }
  /// The sentence and the detail: "no address accepted a connection: 127.0.0.1:9: refused".
  [[nodiscard]] std::string message() const;
};

} // namespace wspool

template <>
struct std::is_error_code_enum<wspool::errc> : std::true_type {};
