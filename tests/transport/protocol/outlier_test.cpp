// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE outlier

#include "support/unit_test.hpp"

#include "protocol/outlier.hpp"

#include <rapidcheck.h>

#include <algorithm>
#include <set>

namespace outlier_test {

using namespace wspool;
using namespace std::chrono_literals;

namespace {

using time_point = outlier_detector::time_point;

ejection_options small_options() {
  ejection_options result;
  result.failures = 3;
  result.base = 10s;
  result.maximum = 35s;
  return result;
}

struct fixture {
  fixture() {
    tested.add(0);
    tested.add(1);
  }

  /// Until when the last of some failures in a row ejected it, from now; 0 if it did not.
  std::chrono::nanoseconds fail(std::uint32_t endpoint, int times = 3) {
    std::optional<time_point> result;
    for (int i = 0; i < times; ++i)
      result = tested.on_failure(endpoint, now);
    return result ? *result - now : 0ns;
  }

  bool usable(std::uint32_t endpoint) const { return !tested.ejected_until(endpoint, now); }

  outlier_detector tested{small_options()};
  time_point now{1'000s};
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(outlier_tests, fixture)

CAF_TEST(failures_in_a_row_eject_and_time_brings_back) {
  CAF_CHECK(fail(0, 2) == 0s);
  CAF_CHECK(usable(0));
  CAF_CHECK(fail(0, 1) == 10s);
  CAF_CHECK(!usable(0));
  now += 10s - 1ns;
  CAF_CHECK(!usable(0));
  now += 1ns;
  CAF_CHECK(usable(0));
}

CAF_TEST(a_success_ends_the_row) {
  fail(0, 2);
  tested.on_success(0, now);
  CAF_CHECK(fail(0, 2) == 0s);
  CAF_CHECK(usable(0));
}

CAF_TEST(a_success_of_an_older_connection_does_not_end_an_ejection) {
  fail(0);
  tested.on_success(0, now);
  CAF_CHECK(!usable(0));
}

CAF_TEST(further_failures_while_ejected_change_nothing) {
  fail(0);
  now += 4s;
  CAF_CHECK(fail(0, 100) == 6s);
}

CAF_TEST(each_ejection_is_longer_up_to_the_maximum) {
  for (auto expected : {10s, 20s, 30s, 35s, 35s}) {
    CAF_CHECK(fail(0) == expected);
    now += expected;
  }
}

CAF_TEST(ejections_are_forgotten_one_by_one) {
  fail(0);
  now += 10s;
  fail(0);
  now += 20s + 9s; // not a whole base since it came back
  CAF_CHECK(fail(0) == 30s);
  now += 30s + 20s; // two of three are forgotten
  CAF_CHECK(fail(0) == 20s);
  now += 20s + 1h;
  CAF_CHECK(fail(0) == 10s);
}

CAF_TEST(the_last_usable_one_is_not_ejected_but_another_returns_early) {
  fail(0);
  CAF_CHECK(fail(1, 2) == 0s);
  CAF_CHECK(!usable(0));
  CAF_CHECK(fail(1, 1) == 0s);
  CAF_CHECK(usable(1));
  CAF_CHECK(usable(0));
  auto returned = tested.take_returned(now);
  CAF_CHECK_EQUAL(returned.size(), 1u);
  CAF_CHECK_EQUAL(returned.at(0), 0u);
  // Now there is another one to go on with.
  CAF_CHECK(fail(1, 1) == 10s);
}

CAF_TEST(the_one_that_would_return_first_returns_early) {
  tested.add(2);
  fail(1);
  now += 5s;
  fail(2);
  fail(0);
  CAF_CHECK(usable(0));
  CAF_CHECK(usable(1));
  CAF_CHECK(!usable(2));
}

CAF_TEST(an_only_endpoint_is_never_ejected) {
  tested.remove(1);
  CAF_CHECK(fail(0, 1'000) == 0s);
  CAF_CHECK(usable(0));
}

CAF_TEST(without_the_last_usable_one_an_ejected_one_returns) {
  fail(0);
  tested.remove(1);
  CAF_CHECK(usable(0));
  CAF_CHECK_EQUAL(tested.take_returned(now).size(), 1u);
}

CAF_TEST(returns_are_told_once_and_at_the_time_foretold) {
  CAF_CHECK(!tested.next_return());
  tested.add(2);
  fail(0);
  now += 3s;
  fail(1);
  CAF_CHECK(tested.take_returned(now).empty());
  CAF_CHECK(tested.next_return() == now + 7s);
  now += 7s;
  CAF_CHECK_EQUAL(tested.take_returned(now).size(), 1u);
  CAF_CHECK(tested.take_returned(now).empty());
  CAF_CHECK(tested.next_return() == now + 3s);
  now += 1h;
  CAF_CHECK_EQUAL(tested.take_returned(now).size(), 1u);
  CAF_CHECK(!tested.next_return());
}

CAF_TEST(zero_failures_switch_ejection_off) {
  auto options = small_options();
  options.failures = 0;
  tested = outlier_detector{options};
  tested.add(0);
  tested.add(1);
  CAF_CHECK(fail(0, 1'000) == 0s);
}

CAF_TEST(unknown_endpoints_are_nobodys_concern) {
  CAF_CHECK(fail(99) == 0s);
  CAF_CHECK(usable(99));
  tested.on_success(99, now);
  tested.remove(99);
}

CAF_TEST(adding_twice_keeps_what_is_known) {
  fail(0);
  tested.add(0);
  CAF_CHECK(!usable(0));
}

CAF_TEST_FIXTURE_SCOPE_END()

CAF_TEST(whatever_happens_one_endpoint_is_usable_and_no_ejection_is_too_long) {
  CAF_CHECK(rc::check([] {
    const auto options = small_options();
    outlier_detector tested{options};
    auto now = time_point{} + std::chrono::seconds{*rc::gen::inRange(0, 1'000)};
    std::set<std::uint32_t> present;
    auto steps = *rc::gen::container<std::vector<std::pair<std::uint8_t, std::uint8_t>>>(
      rc::gen::pair(rc::gen::arbitrary<std::uint8_t>(), rc::gen::inRange<std::uint8_t>(0, 5)));
    for (auto [what, endpoint] : steps) {
      switch (what % 8) {
        case 0:
          tested.add(endpoint);
          present.insert(endpoint);
          break;
        case 1:
          tested.remove(endpoint);
          present.erase(endpoint);
          break;
        case 2:
          tested.on_success(endpoint, now);
          break;
        case 3:
          now += std::chrono::seconds{what / 8};
          break;
        default:
          if (auto until = tested.on_failure(endpoint, now)) {
            RC_ASSERT(*until > now);
            RC_ASSERT(*until <= now + options.maximum);
            RC_ASSERT(tested.ejected_until(endpoint, now) == until);
          }
      }
      auto is_usable = [&](auto x) { return !tested.ejected_until(x, now); };
      RC_ASSERT((present.empty() || std::any_of(present.begin(), present.end(), is_usable)));
    }
  }));
}

} // namespace outlier_test
