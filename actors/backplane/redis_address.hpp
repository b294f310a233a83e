// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <wspool/error.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace wspool {

/// A redis:// URL taken apart.
struct redis_address {
  bool secure = false; ///< rediss
  std::string host = "127.0.0.1";
  std::uint16_t port = 6379;
  std::string user;
  std::string password;
  std::uint32_t database = 0;

  /// Without credentials, fit for logs: "redis://host:port/0".
  [[nodiscard]] std::string text() const;
};

/// @returns `errc::invalid_option` with what is wrong. As a URL may hold a password, it is not
///          quoted.
[[nodiscard]] failure parse_redis_url(std::string_view url, redis_address& result);

} // namespace wspool
