// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <chrono>

namespace wspool {

/// When the next one is due, if so many a second are to be spread evenly. Pure.
///
/// Whoever comes late does not catch up: what should be spread would come in a burst. Only what
/// lies within one millisecond is taken together, as no timer is finer.
class drain_pace {
public:
  using time_point = std::chrono::steady_clock::time_point;
  static constexpr std::chrono::nanoseconds grain = std::chrono::milliseconds{1};

  /// Precondition: `per_second` is above 0.
  drain_pace(double per_second, time_point start)
    : step_(std::chrono::round<std::chrono::nanoseconds>(
      std::chrono::duration<double>{1.0 / per_second})),
      next_(start) {}

  /// @returns whether one is due, which then counts as done.
  [[nodiscard]] bool take(time_point now) noexcept {
    if (now < next_)
      return false;
    // At most what one grain holds is behind.
    next_ = (now - next_ > grain ? now - grain : next_) + step_;
    return true;
  }

  [[nodiscard]] time_point next() const noexcept { return next_; }

private:
  std::chrono::nanoseconds step_;
  time_point next_;
};

} // namespace wspool
