// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace wspool {

/// Durations counted in buckets whose bounds grow by a fixed factor from 1 µs, for round trips, to
/// a day, for the lives of connections. A plain value: copy, merge and subtract freely. The
/// relative error of a percentile is at most one bucket's width, 34 %.
class histogram {
public:
  static constexpr std::size_t bucket_count = 88;

  void record(std::chrono::nanoseconds value, std::uint64_t times = 1) noexcept;
  void merge(const histogram& other) noexcept;
  /// Takes away what an earlier copy of this histogram had counted already. The largest value is
  /// not known for the difference alone, so it stays.
  void subtract(const histogram& earlier) noexcept;

  [[nodiscard]] std::uint64_t count() const noexcept { return count_; }
  [[nodiscard]] std::chrono::nanoseconds sum() const noexcept;
  [[nodiscard]] std::chrono::nanoseconds max() const noexcept;
  /// The duration below which the share `q` (0 to 1) of all values lies; 0 if there are none.
  [[nodiscard]] std::chrono::nanoseconds percentile(double q) const noexcept;

  /// Upper bound of a bucket; the last one has none and returns the maximum duration.
  [[nodiscard]] static std::chrono::nanoseconds upper_bound(std::size_t bucket) noexcept;
  [[nodiscard]] std::uint64_t bucket(std::size_t i) const noexcept { return buckets_[i]; }

  template <class Inspector>
  friend auto inspect_histogram(Inspector& f, histogram& x);

private:
  std::array<std::uint64_t, bucket_count> buckets_{};
  std::uint64_t count_ = 0;
  std::int64_t sum_ns_ = 0;
  std::int64_t max_ns_ = 0;
};

} // namespace wspool
