// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "protocol/backoff.hpp"

#include <cmath>
#include <limits>

namespace wspool {

backoff::backoff(const reconnect_options& options) noexcept
  : initial_(std::max(options.initial, milliseconds{0})),
    maximum_(std::max(options.maximum, milliseconds{0})),
    // Written so that a NaN counts as 1.
    multiplier_(options.multiplier > 1.0 ? options.multiplier : 1.0), limit_(options.attempts) {
  initial_ = std::min(initial_, maximum_);
  ceiling_ = initial_;
}

void backoff::raise_to(double factor) noexcept {
  ceiling_ = std::max(ceiling_, scaled(initial_, factor));
}

void backoff::reset() noexcept {
  attempts_ = 0;
  ceiling_ = initial_;
}

void backoff::count_attempt() noexcept {
  if (attempts_ < std::numeric_limits<std::uint32_t>::max())
    ++attempts_;
}

backoff::milliseconds backoff::scaled(milliseconds value, double factor) const noexcept {
  // Compared as floating point first: a product that an integer cannot hold stops here.
  auto product = static_cast<double>(value.count()) * factor;
  if (!(product < static_cast<double>(maximum_.count())))
    return product > 0.0 ? maximum_ : value;
  // Rounded up, or a ceiling of 1 ms would never grow by a factor of 1.5.
  return milliseconds{static_cast<milliseconds::rep>(std::ceil(std::max(product, 0.0)))};
}

} // namespace wspool
