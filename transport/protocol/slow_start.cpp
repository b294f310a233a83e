// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "protocol/slow_start.hpp"

#include <algorithm>

namespace wspool {

double slow_start_share(std::chrono::steady_clock::time_point now,
                        std::chrono::steady_clock::time_point since,
                        std::chrono::milliseconds duration) noexcept {
  using fraction = std::chrono::duration<double>;
  constexpr double least = 0.1;
  if (duration <= std::chrono::milliseconds{0})
    return 1.0;
  auto elapsed = fraction{now.time_since_epoch()} - fraction{since.time_since_epoch()};
  return std::clamp(elapsed / fraction{duration}, least, 1.0);
}

} // namespace wspool
