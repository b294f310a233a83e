// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <chrono>
#include <thread>

namespace wspool::chaos {

using namespace std::chrono_literals;

/// How long anything that must happen may take: sanitizers and busy machines included.
inline constexpr std::chrono::seconds patience{30};

/// Waits until `is_true()`. @returns false if that did not come in time.
template <class Condition>
[[nodiscard]] bool wait_until(Condition is_true,
                              std::chrono::steady_clock::duration limit = patience) {
  const auto end = std::chrono::steady_clock::now() + limit;
  while (!is_true()) {
    if (std::chrono::steady_clock::now() >= end)
      return false;
    std::this_thread::sleep_for(1ms); // between two looks
  }
  return true;
}

} // namespace wspool::chaos
