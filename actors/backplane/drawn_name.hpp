// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "protocol/random_bytes.hpp"

#include <array>
#include <string>

namespace wspool {

/// A name that nothing else has: 96 bits drawn at random, in letters.
inline std::string draw_name() {
  constexpr const char* digits = "0123456789abcdef";
  std::array<char, 12> drawn{};
  detail::fill_random(drawn.data(), drawn.size());
  std::string result;
  for (const auto byte : drawn) {
    result.push_back(digits[(static_cast<unsigned char>(byte) >> 4) & 0xf]);
    result.push_back(digits[static_cast<unsigned char>(byte) & 0xf]);
  }
  return result;
}

} // namespace wspool
