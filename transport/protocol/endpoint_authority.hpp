// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <wspool/error.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace wspool::detail {

/// A URL taken apart as far as URLs of servers and of proxies have it in common (RFC 3986 §3).
struct url_parts {
  std::string scheme; ///< lower case
  std::string user;   ///< decoded
  std::string password;
  std::string host; ///< decoded, lower case, an IPv6 address without brackets
  bool has_port = false;
  std::uint16_t port = 0;
  std::string path;  ///< as written, or empty
  std::string query; ///< as written, without the question mark
  bool has_query = false;
  bool has_fragment = false;
};

/// Parses an absolute URL with a host.
/// @returns a failure with `code` whose detail quotes the URL without its password.
[[nodiscard]] failure parse_url(std::string_view url, errc code, url_parts& result);

} // namespace wspool::detail
