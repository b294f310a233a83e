// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace wspool::cli {

/// A HOST:PORT of the command line.
struct address {
  std::string host; ///< IPv6 without brackets
  std::uint16_t port = 0;

  /// "127.0.0.1:80", "[::1]:80".
  [[nodiscard]] std::string text() const;
};

/// None if the text is not HOST:PORT.
[[nodiscard]] std::optional<address> find_address(const std::string& text);

/// @param option names the option in the error.
/// @throws usage_error
[[nodiscard]] address parse_address(const std::string& text, const std::string& option);

} // namespace wspool::cli
