// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <wspool/error.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace wspool {

/// A WebSocket URL taken apart (RFC 6455 §3). A value: parse once, copy freely.
struct endpoint {
  bool secure = false;      ///< wss
  std::string host;         ///< name or address, IPv6 without brackets
  std::uint16_t port = 0;   ///< 80 or 443 if the URL names none
  std::string target = "/"; ///< path and query, percent-encoded, at least "/"
  std::string user;         ///< decoded user name in the URL, or empty
  std::string password;     ///< decoded password in the URL, or empty

  /// `scheme://host:port`: without path or credentials, fit for labels and logs.
  [[nodiscard]] std::string origin() const;
  /// The whole URL without credentials; two endpoints are the same if their URLs are.
  [[nodiscard]] std::string url() const;
  /// What the Host header says: the port only if it is not the scheme's own (RFC 6455 §4.1).
  [[nodiscard]] std::string host_header() const;

  friend bool operator==(const endpoint&, const endpoint&) = default;
};

/// Parses a `ws://` or `wss://` URL. `http://` and `https://` are taken for them, as the WebSocket
/// standard of browsers does. A fragment is an error (RFC 6455 §3).
/// @returns a failure with `errc::invalid_url` whose detail quotes what was wrong.
[[nodiscard]] failure parse_endpoint(std::string_view url, endpoint& result);

/// The same for a `Location` header, which may be relative to `base`.
[[nodiscard]] failure resolve_location(const endpoint& base, std::string_view location,
                                       endpoint& result);

} // namespace wspool
