// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <wspool/endpoint.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace wspool {

/// What a supervisor knows of one endpoint.
struct supervisor_endpoint {
  using time_point = std::chrono::steady_clock::time_point;

  std::uint32_t number = 0; ///< never reused
  endpoint target;
  std::string url;    ///< without credentials
  std::string origin; ///< scheme://host:port
  std::uint32_t weight = 1;
  std::uint32_t group = 0;
  std::vector<std::uint32_t> slots; ///< those that are wanted, by index
  std::size_t given_up = 0;         ///< of these

  bool returning = false;  ///< its ejection is over, and no connection to it has opened since
  time_point ramp_until{}; ///< its share grows slowly until then

  /// It was ejected and has not yet its full share again.
  [[nodiscard]] bool starts_slowly(time_point now) const noexcept {
    return returning || now < ramp_until;
  }
};

/// The same for the same slot of the same endpoint in every process, so that a key finds its slot
/// again: FNV-1a with a finisher, because the texts differ in few bits.
[[nodiscard]] inline std::uint64_t slot_identity(std::string_view url,
                                                 std::uint32_t index) noexcept {
  std::uint64_t hash = 0xcbf29ce484222325;
  auto mix = [&hash](unsigned char byte) {
    hash ^= byte;
    hash *= 0x100000001b3;
  };
  for (char c : url)
    mix(static_cast<unsigned char>(c));
  for (int shift = 0; shift < 32; shift += 8)
    mix(static_cast<unsigned char>(index >> shift));
  hash = (hash ^ (hash >> 30)) * 0xbf58476d1ce4e5b9;
  hash = (hash ^ (hash >> 27)) * 0x94d049bb133111eb;
  return hash ^ (hash >> 31);
}

} // namespace wspool
