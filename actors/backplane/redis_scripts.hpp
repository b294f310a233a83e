// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

namespace wspool {

/// What Redis does for us in one step. Keys and arguments are told with each text, in the .cpp.
enum class redis_script : std::uint8_t {
  publish,
  history,
  enter,
  exit,
  people,
  sweep,
  beat,
  recall,
  remember,
  claim,
  settle,
};
inline constexpr std::size_t redis_script_count = 11;

[[nodiscard]] const std::string& text_of(redis_script which);

} // namespace wspool
