// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <wspool/endpoint.hpp>
#include <wspool/error.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace wspool {

/// A header of the upgrade request or its response, in the order of the wire.
struct header {
  std::string name;
  std::string value;
};

/// What a header provider is told about the attempt it is asked for.
struct attempt_info {
  endpoint target;
  /// 1 for the first attempt of a slot since it was last open.
  std::uint32_t attempt = 1;
  /// The server refused the credentials of the attempt before this one.
  bool refresh = false;
};

/// Asked for every attempt, on the connection's I/O thread: it must not block. Its headers are
/// added to the fixed ones and replace those of the same name.
using header_provider = std::function<std::vector<header>(const attempt_info&)>;

/// What the upgrade request says (RFC 6455 §4.1).
struct upgrade_options {
  std::vector<header> headers;
  /// Offered in this order; the server chooses at most one.
  std::vector<std::string> subprotocols;
  std::string origin;
  /// "user:password" for basic credentials (RFC 7617); the URL's own win over these.
  std::string basic;
  /// A bearer token (RFC 6750). At most one of `basic` and `bearer`.
  std::string bearer;
  header_provider provider;
  /// How many redirects to follow in one attempt. Another origin gets none of `headers`, the
  /// credentials and what `provider` says: any of it may be secret.
  std::uint32_t max_redirects = 0;
};

/// Transport security. Verification of chain and host name is on unless switched off here.
struct tls_options {
  bool verify = true;
  std::string ca_file;          ///< PEM; empty: the system's certificate authorities
  std::string certificate_file; ///< PEM chain of a client (or listening) certificate
  std::string key_file;         ///< PEM key of it; empty: in `certificate_file`
  std::string server_name;      ///< name to ask for (SNI) and to verify; empty: the URL's host
};

/// permessage-deflate (RFC 7692). Off by default: it costs memory and time for each connection.
struct deflate_options {
  bool enabled = false;
  int client_window_bits = 15; ///< 9 to 15
  int server_window_bits = 15; ///< 9 to 15
  bool client_context_takeover = true;
  bool server_context_takeover = true;
  std::size_t minimum_bytes = 256; ///< smaller messages travel as they are
  int level = 6;                   ///< zlib's effort, 0 to 9
};

/// Sizes that a peer, or a user, cannot exceed.
struct message_limits {
  /// The largest message taken or sent, in bytes; bounds inflation too. Larger: close with 1009.
  std::size_t max_message_bytes = 16 * 1024 * 1024;
  /// The largest head of an upgrade request or response.
  std::size_t max_header_bytes = 16 * 1024;
};

/// Deadlines of one connection's phases. Zero switches an optional one off.
struct connection_deadlines {
  std::chrono::milliseconds address{5'000}; ///< TCP connect, for each address tried
  /// Proxy and TLS together, and then the upgrade; resolving the name before that may take as long
  /// again. 0: off.
  std::chrono::milliseconds handshake{10'000};
  std::chrono::milliseconds idle{0};      ///< no message either way; off by default
  std::chrono::milliseconds close{5'000}; ///< of the closing handshake; 0: a hard end at once
};

/// How to get through to the outside.
struct proxy_options {
  /// `http://[user:password@]host:port`, `socks5://…` (resolves here) or `socks5h://…` (resolves
  /// there); "none" for no proxy at all; empty for what the environment says: `no_proxy`, then
  /// `wss_proxy`/`ws_proxy`, `https_proxy`/`http_proxy`, in lower and upper case.
  std::string url;
};

/// Everything about one connection's way to its peer.
struct connect_options {
  upgrade_options upgrade;
  tls_options tls;
  deflate_options deflate;
  message_limits limits;
  connection_deadlines deadlines;
  proxy_options proxy;
  bool no_delay = true; ///< TCP_NODELAY: the library batches by itself
};

/// Checks a header for the upgrade: a token as name, no line break in the value, none of the names
/// that the handshake sets itself (Host, Upgrade, Connection, Sec-WebSocket-*) or that announce a
/// body (Content-Length, Transfer-Encoding).
[[nodiscard]] failure validate(const header& h);
/// Checks ranges and files' readability; the detail names the field and quotes its value.
[[nodiscard]] failure validate(const connect_options& options);
/// Loads the certificates and the key that the options name.
/// @returns `errc::tls_configuration` with the file that is of no use.
[[nodiscard]] failure check_files(const tls_options& options);

/// An HTTP answer to an upgrade request: accepted (101) or refused.
struct upgrade_response {
  unsigned status = 0;
  std::string reason;
  std::vector<header> headers;
  /// The first 4 KiB of a refusal's body.
  std::string body;

  /// The first value of a header, whatever the case of its name; empty if there is none.
  [[nodiscard]] std::string_view header_value(std::string_view name) const noexcept;
};

} // namespace wspool
