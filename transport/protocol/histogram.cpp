// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include <wspool/histogram.hpp>

#include <algorithm>
#include <limits>

namespace wspool {

namespace {

using std::chrono::nanoseconds;

constexpr std::size_t bounded = histogram::bucket_count - 1;
constexpr std::int64_t no_bound = std::numeric_limits<std::int64_t>::max();

/// 86 steps of this factor lead from 1 µs to a day: the 86th root of 8.64 · 10^10.
constexpr double growth = 1.3401973795821245;

constexpr auto make_bounds() {
  std::array<std::int64_t, bounded> result{};
  double bound = 1'000.0;
  for (auto& x : result) {
    x = static_cast<std::int64_t>(bound + 0.5); // NOLINT: std::lround is no constant expression
    bound *= growth;
  }
  result.back() = 86'400'000'000'000; // without the rounding of 86 multiplications
  return result;
}

constexpr auto bounds = make_bounds();

/// A bucket holds what is above its predecessor's bound, up to and including its own.
std::size_t index_of(std::int64_t value) noexcept {
  return static_cast<std::size_t>(std::lower_bound(bounds.begin(), bounds.end(), value)
                                  - bounds.begin());
}

std::int64_t saturated_sum(std::int64_t x, std::int64_t y) noexcept {
  return x > no_bound - y ? no_bound : x + y;
}

std::int64_t saturated_product(std::int64_t value, std::uint64_t times) noexcept {
  if (value == 0 || times <= static_cast<std::uint64_t>(no_bound / value))
    return value * static_cast<std::int64_t>(times);
  return no_bound;
}

} // namespace

void histogram::record(nanoseconds value, std::uint64_t times) noexcept {
  auto ns = std::max<std::int64_t>(value.count(), 0);
  buckets_[index_of(ns)] += times;
  count_ += times;
  sum_ns_ = saturated_sum(sum_ns_, saturated_product(ns, times));
  max_ns_ = std::max(max_ns_, ns);
}

void histogram::merge(const histogram& other) noexcept {
  for (std::size_t i = 0; i < bucket_count; ++i)
    buckets_[i] += other.buckets_[i];
  count_ += other.count_;
  sum_ns_ = saturated_sum(sum_ns_, other.sum_ns_);
  max_ns_ = std::max(max_ns_, other.max_ns_);
}

void histogram::subtract(const histogram& earlier) noexcept {
  count_ = 0;
  for (std::size_t i = 0; i < bucket_count; ++i) {
    buckets_[i] -= std::min(buckets_[i], earlier.buckets_[i]);
    count_ += buckets_[i];
  }
  sum_ns_ = count_ == 0 ? 0 : std::max<std::int64_t>(sum_ns_ - earlier.sum_ns_, 0);
}

nanoseconds histogram::sum() const noexcept { return nanoseconds{sum_ns_}; }

nanoseconds histogram::max() const noexcept { return nanoseconds{max_ns_}; }

nanoseconds histogram::percentile(double q) const noexcept {
  if (count_ == 0)
    return nanoseconds{0};
  // Values are taken to lie evenly within their bucket; nothing lies above the largest one.
  const auto rank = (q > 0.0 ? std::min(q, 1.0) : 0.0) * static_cast<double>(count_);
  double before = 0.0;
  std::size_t i = 0;
  for (; i < bounded; ++i) {
    auto here = static_cast<double>(buckets_[i]);
    if (here > 0.0 && before + here >= rank)
      break;
    before += here;
  }
  const auto lowest = i == 0 ? std::int64_t{0} : bounds[i - 1];
  const auto highest = i == bounded ? max_ns_ : std::min(bounds[i], max_ns_);
  if (highest <= lowest)
    return nanoseconds{highest};
  const auto share = buckets_[i] == 0 ? 1.0 : (rank - before) / static_cast<double>(buckets_[i]);
  const auto width = static_cast<double>(highest - lowest);
  return nanoseconds{lowest + static_cast<std::int64_t>(std::clamp(share, 0.0, 1.0) * width)};
}

nanoseconds histogram::upper_bound(std::size_t bucket) noexcept {
  return nanoseconds{bucket < bounded ? bounds[bucket] : no_bound};
}

} // namespace wspool
