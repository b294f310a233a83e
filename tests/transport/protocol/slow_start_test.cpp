// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE slow_start

#include "support/unit_test.hpp"

#include "protocol/slow_start.hpp"

#include <rapidcheck.h>

#include <cmath>

namespace slow_start_test {

using namespace wspool;
using namespace std::chrono_literals;

namespace {

using time_point = std::chrono::steady_clock::time_point;

constexpr time_point start{100s};

bool is_near(double x, double y) { return std::abs(x - y) < 1e-9; }

} // namespace

CAF_TEST(the_share_grows_from_a_tenth_to_all) {
  CAF_CHECK(is_near(slow_start_share(start, start, 10s), 0.1));
  CAF_CHECK(is_near(slow_start_share(start + 500ms, start, 10s), 0.1));
  CAF_CHECK(is_near(slow_start_share(start + 2s, start, 10s), 0.2));
  CAF_CHECK(is_near(slow_start_share(start + 5s, start, 10s), 0.5));
  CAF_CHECK(is_near(slow_start_share(start + 10s, start, 10s), 1.0));
  CAF_CHECK(is_near(slow_start_share(start + 1h, start, 10s), 1.0));
}

CAF_TEST(no_duration_means_no_slow_start) {
  CAF_CHECK(is_near(slow_start_share(start, start, 0ms), 1.0));
}

CAF_TEST(an_endpoint_that_was_always_there_has_its_full_share) {
  CAF_CHECK(is_near(slow_start_share(start, time_point::min(), 10s), 1.0));
}

CAF_TEST(the_share_is_never_zero_and_never_sinks) {
  CAF_CHECK(rc::check([](std::uint32_t duration_ms, std::uint32_t elapsed_ms, std::uint16_t more) {
    const auto duration = std::chrono::milliseconds{duration_ms};
    const auto now = start + std::chrono::milliseconds{elapsed_ms};
    const auto share = slow_start_share(now, start, duration);
    RC_ASSERT(share >= 0.1);
    RC_ASSERT(share <= 1.0);
    RC_ASSERT(slow_start_share(now + std::chrono::milliseconds{more}, start, duration) >= share);
  }));
}

} // namespace slow_start_test
