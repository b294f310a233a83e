// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE histogram

#include "support/unit_test.hpp"

#include <wspool/histogram.hpp>

#include <rapidcheck.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace histogram_test {

using namespace wspool;
using namespace std::chrono_literals;
using std::chrono::nanoseconds;

namespace {

constexpr auto last = histogram::bucket_count - 1;

histogram of(const std::vector<std::int64_t>& values_ns) {
  histogram result;
  for (auto ns : values_ns)
    result.record(nanoseconds{ns});
  return result;
}

/// Durations from nanoseconds to minutes, each magnitude as likely as the others.
rc::Gen<std::vector<std::int64_t>> durations() {
  auto one =
    rc::gen::map(rc::gen::pair(rc::gen::inRange(0, 37), rc::gen::inRange(1'000, 2'000)),
                 [](std::pair<int, int> x) { return (std::int64_t{x.second} << x.first) / 1'000; });
  return rc::gen::container<std::vector<std::int64_t>>(one);
}

std::size_t bucket_of(std::int64_t ns) {
  std::size_t i = 0;
  while (histogram::upper_bound(i) < nanoseconds{ns})
    ++i;
  return i;
}

bool same_buckets(const histogram& x, const histogram& y) {
  for (std::size_t i = 0; i < histogram::bucket_count; ++i)
    if (x.bucket(i) != y.bucket(i))
      return false;
  return x.count() == y.count() && x.sum() == y.sum();
}

} // namespace

CAF_TEST(bounds_grow_by_a_fixed_factor_from_a_microsecond_to_a_day) {
  CAF_CHECK(histogram::upper_bound(0) == 1us);
  CAF_CHECK(histogram::upper_bound(last - 1) == 24h);
  CAF_CHECK(histogram::upper_bound(last) == nanoseconds::max());
  const auto factor = std::pow(8.64e10, 1.0 / 86.0);
  for (std::size_t i = 1; i < last; ++i) {
    auto lower = static_cast<double>(histogram::upper_bound(i - 1).count());
    auto upper = static_cast<double>(histogram::upper_bound(i).count());
    CAF_CHECK_LESS(std::abs(upper / lower - factor), 0.001);
  }
}

CAF_TEST(an_empty_one_is_all_zero) {
  histogram tested;
  CAF_CHECK_EQUAL(tested.count(), 0u);
  CAF_CHECK(tested.sum() == 0ns);
  CAF_CHECK(tested.max() == 0ns);
  CAF_CHECK(tested.percentile(0.5) == 0ns);
}

CAF_TEST(a_bound_belongs_to_its_own_bucket) {
  for (std::size_t i = 0; i < last; ++i) {
    auto bound = histogram::upper_bound(i).count();
    auto tested = of({bound, bound + 1});
    CAF_CHECK_EQUAL(tested.bucket(i), 1u);
    CAF_CHECK_EQUAL(tested.bucket(i + 1), 1u);
  }
}

CAF_TEST(negative_durations_count_as_none) {
  auto tested = of({-5});
  CAF_CHECK_EQUAL(tested.bucket(0), 1u);
  CAF_CHECK(tested.sum() == 0ns);
}

CAF_TEST(sums_stop_at_the_longest_duration) {
  histogram tested;
  tested.record(nanoseconds::max());
  tested.record(nanoseconds::max());
  CAF_CHECK(tested.sum() == nanoseconds::max());
  tested.merge(tested);
  CAF_CHECK(tested.sum() == nanoseconds::max());
  CAF_CHECK(tested.percentile(0.5) <= nanoseconds::max());
  CAF_CHECK(tested.percentile(0.5) >= 24h);
}

CAF_TEST(every_value_is_counted_in_its_bucket) {
  CAF_CHECK(rc::check([] {
    const auto values = *durations();
    const auto tested = of(values);
    std::vector<std::uint64_t> expected(histogram::bucket_count);
    std::int64_t sum = 0;
    for (auto ns : values) {
      ++expected[bucket_of(ns)];
      sum += ns;
    }
    for (std::size_t i = 0; i < histogram::bucket_count; ++i)
      RC_ASSERT(tested.bucket(i) == expected[i]);
    RC_ASSERT(tested.count() == values.size());
    RC_ASSERT(tested.sum() == nanoseconds{sum});
    if (!values.empty())
      RC_ASSERT(tested.max() == nanoseconds{*std::max_element(values.begin(), values.end())});
  }));
}

CAF_TEST(percentiles_are_right_to_the_bucket) {
  CAF_CHECK(rc::check([] {
    auto values = *rc::gen::suchThat(durations(), [](const auto& xs) { return !xs.empty(); });
    const auto tested = of(values);
    const auto q = *rc::gen::inRange(0, 1'001) / 1'000.0;
    std::sort(values.begin(), values.end());
    // The smallest value that the share q of all does not exceed.
    auto rank = static_cast<std::size_t>(std::ceil(q * static_cast<double>(values.size())));
    auto exact = values[std::max<std::size_t>(rank, 1) - 1];
    auto found = tested.percentile(q);
    auto bucket = bucket_of(exact);
    RC_ASSERT(found <= histogram::upper_bound(bucket));
    RC_ASSERT((bucket == 0 || found >= histogram::upper_bound(bucket - 1)));
    RC_ASSERT(found <= tested.max());
  }));
}

CAF_TEST(percentiles_grow_with_their_share) {
  CAF_CHECK(rc::check([] {
    const auto tested = of(*durations());
    auto before = nanoseconds{0};
    for (auto q : {-1.0, 0.0, 0.1, 0.5, 0.9, 0.99, 1.0, 2.0}) {
      auto found = tested.percentile(q);
      RC_ASSERT(found >= before);
      before = found;
    }
    RC_ASSERT(before == tested.max());
  }));
}

CAF_TEST(percentiles_of_a_known_distribution) {
  histogram tested;
  for (int ms = 1; ms <= 1'000; ++ms)
    tested.record(std::chrono::milliseconds{ms});
  auto is_near = [&](double q, nanoseconds expected) {
    auto error = std::abs(static_cast<double>((tested.percentile(q) - expected).count()));
    return error <= 0.02 * static_cast<double>(expected.count());
  };
  CAF_CHECK(is_near(0.5, 500ms));
  CAF_CHECK(is_near(0.9, 900ms));
  CAF_CHECK(is_near(0.99, 990ms));
}

CAF_TEST(merging_is_counting_together) {
  CAF_CHECK(rc::check([] {
    auto one = *durations();
    const auto other = *durations();
    auto tested = of(one);
    tested.merge(of(other));
    one.insert(one.end(), other.begin(), other.end());
    RC_ASSERT(same_buckets(tested, of(one)));
    RC_ASSERT(tested.max() == of(one).max());
  }));
}

CAF_TEST(subtracting_leaves_what_came_later) {
  CAF_CHECK(rc::check([] {
    const auto earlier = of(*durations());
    const auto later = of(*durations());
    auto tested = earlier;
    tested.merge(later);
    tested.subtract(earlier);
    RC_ASSERT(same_buckets(tested, later));
    RC_ASSERT(tested.max() >= later.max());
  }));
}

} // namespace histogram_test
