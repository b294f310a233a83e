// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <wspool/connect_options.hpp>
#include <wspool/error.hpp>
#include <wspool/pool_options.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace spdlog {
class logger;
} // namespace spdlog

namespace wspool {

/// One more certificate of a listener, for clients that ask for its host (SNI, RFC 6066 §3).
struct named_certificate {
  std::string name;             ///< "example.com", or "*.example.com" for one label more
  std::string certificate_file; ///< PEM chain
  std::string key_file;         ///< PEM key of it; empty: in `certificate_file`
};

/// One address that a server listens on.
struct listen_address {
  /// "host:port", an IPv6 address in brackets; no host or `*`: every IPv4 address. Port 0: one that
  /// the system chooses (`address_atom` tells which).
  std::string address = "127.0.0.1:0";
  /// `wss` if a certificate is given. Without `ca_file` clients are not asked for certificates;
  /// with it they need one that these authorities signed, or, with `verify` switched off, may have
  /// one: who shows a bad one is refused all the same.
  tls_options tls;
  /// Shown instead of that of `tls` to who asks for one of these names; the first that fits.
  std::vector<named_certificate> certificates{};
};

/// Where in a client's upgrade request a value stands.
enum class request_part : std::uint8_t {
  none,        ///< nowhere: always the fallback
  path,        ///< of the path, without the query, what follows `name` (a prefix such as "/ws/")
  query,       ///< the query's parameter `name`
  header,      ///< the header `name`
  certificate, ///< the subject of the client's certificate, as of RFC 2253
};

[[nodiscard]] std::string_view to_string(request_part value) noexcept;
[[nodiscard]] bool from_string(std::string_view name, request_part& value) noexcept;

/// How to read a value from an upgrade request. Percent escapes of path and query are decoded. A
/// value must be UTF-8 without control characters, of at most 255 bytes; otherwise the upgrade is
/// refused with 400.
struct request_field {
  request_part part = request_part::none;
  std::string name;
  std::string fallback;  ///< if the request does not say
  bool required = false; ///< refuse with 400 (a path: 404) instead of taking the fallback
};

/// Who is let in, and as whom.
struct entrance_options {
  request_field space{request_part::none, {}, "default", false}; ///< the client's namespace
  /// Who the client says it is. Nothing here proves it.
  request_field identity;
  /// Origins (RFC 6454) that may connect, such as "https://example.com"; "https://*.example.com" is
  /// every host below example.com. Empty: all. Others are refused with 403.
  std::vector<std::string> origins;
  /// Whether clients that send no Origin, which browsers always do, are let in although `origins`
  /// is not empty.
  bool allow_no_origin = true;
  /// Those that the server speaks, the best first; it chooses the first that the client offers.
  std::vector<std::string> subprotocols;
  /// Refuse with 400 who offers none of them.
  bool subprotocol_required = false;
};

/// A directory whose files anybody may have.
struct http_files {
  std::string prefix;    ///< of the path, such as "/" or "/assets/"; the longest that fits is taken
  std::string directory; ///< what lies outside of it is never served, nor are listings
};

/// What `/readyz` answers unless the server is draining.
struct readiness {
  bool ready = true;          ///< 200, or 503
  std::string text = "ready"; ///< the answer's body
};

/// What is answered to requests that ask for no WebSocket: GET and HEAD, one a connection.
struct http_options {
  /// `/healthz`, `/readyz` (503 while draining) and, in Prometheus' text format, `/metrics`.
  bool status = true;
  /// Asked for each `/readyz`, on an I/O thread: it must not block. Null: always ready.
  std::function<readiness()> ready;
  std::vector<http_files> files;                 ///< by default none
  std::size_t max_file_bytes = 16 * 1024 * 1024; ///< larger ones are not found
};

/// How many, and for how long they may knock.
struct admission_options {
  /// TCP connections in all, upgraded or not. Further ones are answered with 503, and closed
  /// without an answer when more than 64 of such answers are under way.
  std::size_t max_connections = 100'000;
  /// From one remote address (without port), of IPv6 from one network of 64 bits; further ones are
  /// answered with 429. 0: no limit.
  std::size_t max_per_address = 0;
  /// From accepting to the upgrade, TLS and an authenticator's answer included. Must not be 0: who
  /// knocks and then says nothing would stay.
  std::chrono::milliseconds handshake{10'000};
};

/// What happens to a client that sends faster than it may.
enum class over_rate : std::uint8_t {
  slow_down, ///< its socket is not read until it is within the rate again
  close,     ///< it is closed with 1008
};

[[nodiscard]] std::string_view to_string(over_rate value) noexcept;
[[nodiscard]] bool from_string(std::string_view name, over_rate& value) noexcept;

/// How much one client may send. A second's worth may come at once.
struct rate_options {
  std::uint64_t messages_per_second = 0; ///< pings and pongs included; 0: no limit
  std::uint64_t bytes_per_second = 0;    ///< of the wire, TLS not included; 0: no limit
  over_rate action = over_rate::slow_down;
};

/// What happens when a client does not take its messages as fast as they are sent to it.
enum class slow_consumer : std::uint8_t {
  drop_oldest,            ///< what has waited longest is dropped
  drop_newest,            ///< the new message is dropped
  close_try_again,        ///< it is closed with 1013
  close_policy_violation, ///< it is closed with 1008
};

[[nodiscard]] std::string_view to_string(slow_consumer value) noexcept;
[[nodiscard]] bool from_string(std::string_view name, slow_consumer& value) noexcept;

/// What may wait for one client. Besides, up to 128 KiB may be in the write under way. A single
/// message that is larger waits all the same if it is alone.
struct backlog_options {
  std::size_t max_messages = 1'024;
  std::size_t max_bytes = 1024 * 1024;
  slow_consumer policy = slow_consumer::close_try_again;
};

/// How long clients stay.
struct stay_options {
  heartbeat_options heartbeat;
  std::chrono::milliseconds idle{0};    ///< without a message either way: closed; 0: never
  std::chrono::milliseconds max_age{0}; ///< then closed with 1001; 0: never
  double jitter = 0.1;                  ///< up to this share is taken off `max_age`, at random
  /// For a closing handshake, then a hard end. What waits before the close frame has as long again
  /// for each 128 KiB.
  std::chrono::milliseconds close{5'000};
};

/// Everything about a server. The defaults are those of one behind a reverse proxy.
struct server_options {
  std::string name = "server"; ///< in logs
  std::vector<listen_address> listen{listen_address{}};
  entrance_options entrance;
  http_options http;
  admission_options admission;
  /// `max_header_bytes` and `max_message_bytes`, both ways.
  message_limits limits;
  deflate_options deflate;
  /// Memory that compression may take of all clients together, reckoned by the windows' sizes
  /// (184 KiB each by default). Who comes when it is used up is let in without compression. 0: no
  /// limit.
  std::size_t max_deflate_bytes = 256 * 1024 * 1024;
  rate_options rate;
  backlog_options backlog;
  stay_options stay;
  /// Received bytes that a subscriber may hold unanswered before a client's socket is read no
  /// further.
  std::size_t max_unread_bytes = 1024 * 1024;
  /// Rooms that one client may be in.
  std::size_t max_rooms = 1'000;
  bool no_delay = true;                   ///< TCP_NODELAY: the library batches by itself
  std::shared_ptr<spdlog::logger> logger; ///< null: silent
  std::uint64_t seed = 0;                 ///< of ids and jitter; 0: from the system
};

/// Checks every field. The failure's detail names the field and quotes its value.
[[nodiscard]] failure validate(const server_options& options);

} // namespace wspool
