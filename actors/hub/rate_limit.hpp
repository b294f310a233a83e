// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace wspool {

/// A bucket that fills at a rate up to a second's worth. Taking may leave a debt, since what a
/// socket brought has been brought; until it is paid, no more should be read. Pure.
class rate_limit {
public:
  using time_point = std::chrono::steady_clock::time_point;

  /// 0: no limit.
  rate_limit(std::uint64_t per_second, time_point now)
    : rate_(static_cast<double>(per_second)), level_(rate_), at_(now) {}

  void take(std::uint64_t amount, time_point now) noexcept {
    if (rate_ <= 0)
      return;
    fill(now);
    level_ -= static_cast<double>(amount);
  }

  /// Whether more was taken than the rate allows.
  [[nodiscard]] bool exceeded() const noexcept { return rate_ > 0 && level_ < 0; }

  /// How long it takes to pay the debt, from the last `take`.
  [[nodiscard]] std::chrono::duration<double> debt() const noexcept {
    return std::chrono::duration<double>{exceeded() ? -level_ / rate_ : 0.0};
  }

  /// When the debt will be paid; `now` if there is none.
  [[nodiscard]] time_point ready(time_point now) const noexcept {
    if (!exceeded())
      return now;
    // Rounded up, so that the debt is paid when the time has come.
    return at_ + std::chrono::ceil<std::chrono::nanoseconds>(debt());
  }

private:
  void fill(time_point now) noexcept {
    const std::chrono::duration<double> passed = now - at_;
    level_ = std::min(rate_, level_ + rate_ * passed.count());
    at_ = now;
  }

  double rate_;
  double level_;
  time_point at_;
};

} // namespace wspool
