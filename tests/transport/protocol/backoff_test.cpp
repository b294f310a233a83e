// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE backoff

#include "support/unit_test.hpp"

#include "protocol/backoff.hpp"

#include <rapidcheck.h>

#include <limits>
#include <random>
#include <set>

namespace backoff_test {

using namespace wspool;
using namespace std::chrono_literals;
using std::chrono::milliseconds;

namespace {

reconnect_options options_of(milliseconds initial, milliseconds maximum, double multiplier) {
  reconnect_options result;
  result.initial = initial;
  result.maximum = maximum;
  result.multiplier = multiplier;
  return result;
}

reconnect_options any_options() {
  auto ms = rc::gen::inRange<std::int64_t>(1, 1'000'000'000);
  auto initial = milliseconds{*ms};
  return options_of(initial, initial + milliseconds{*ms},
                    1.0 + *rc::gen::inRange(0, 10'000) / 1'000.0);
}

retry_decision decision_of(retry_action action, milliseconds at_least = 0ms,
                           milliseconds window = 0ms) {
  retry_decision result;
  result.action = action;
  result.at_least = at_least;
  result.window = window;
  return result;
}

/// The longest of many delays, and so nearly what they are drawn up to.
template <class Draw>
milliseconds longest_of_many(Draw draw) {
  auto result = 0ms;
  for (int i = 0; i < 1'000; ++i)
    result = std::max(result, draw());
  return result;
}

} // namespace

CAF_TEST(ceilings_double_from_a_second_up_to_thirty_by_default) {
  backoff tested{{}};
  std::mt19937_64 engine{1};
  for (auto ceiling : {1s, 2s, 4s, 8s, 16s, 30s, 30s}) {
    CAF_CHECK_EQUAL(tested.ceiling().count(), milliseconds{ceiling}.count());
    CAF_CHECK(tested.next(engine) <= ceiling);
  }
  CAF_CHECK_EQUAL(tested.attempts(), 7u);
  CAF_CHECK(!tested.exhausted());
}

CAF_TEST(delays_stay_between_zero_and_a_ceiling_that_never_sinks) {
  CAF_CHECK(rc::check([](std::uint64_t seed) {
    const auto options = any_options();
    backoff tested{options};
    std::mt19937_64 engine{seed};
    auto last = tested.ceiling();
    RC_ASSERT(last == options.initial);
    for (int i = 0; i < 100; ++i) {
      auto delay = tested.next(engine);
      RC_ASSERT(delay >= 0ms);
      RC_ASSERT(delay <= last);
      RC_ASSERT(tested.ceiling() >= last);
      RC_ASSERT(tested.ceiling() <= options.maximum);
      RC_ASSERT((options.multiplier < 1.001 || last == options.maximum || tested.ceiling() > last));
      last = tested.ceiling();
    }
  }));
}

CAF_TEST(jitter_is_full_and_even) {
  std::mt19937_64 engine{3};
  auto options = options_of(1'000ms, 1'000ms, 2.0);
  backoff tested{options};
  int lower_half = 0;
  auto shortest = 1'000ms;
  auto longest = 0ms;
  for (int i = 0; i < 10'000; ++i) {
    auto delay = tested.next(engine);
    lower_half += delay < 500ms ? 1 : 0;
    shortest = std::min(shortest, delay);
    longest = std::max(longest, delay);
  }
  CAF_CHECK(shortest <= 5ms);
  CAF_CHECK(longest >= 995ms);
  CAF_CHECK_GREATER(lower_half, 4'800);
  CAF_CHECK_LESS(lower_half, 5'200);
}

CAF_TEST(jitter_comes_on_top_of_the_peers_hint) {
  CAF_CHECK(rc::check([](std::uint64_t seed) {
    backoff tested{any_options()};
    std::mt19937_64 engine{seed};
    auto twin = engine;
    auto hint = milliseconds{*rc::gen::inRange(0, 2'000'000'000)};
    auto drawn = backoff{tested}.next(twin);
    RC_ASSERT(tested.next(engine, hint) == hint + drawn);
  }));
}

CAF_TEST(extreme_options_neither_overflow_nor_shrink) {
  std::mt19937_64 engine{4};
  constexpr auto infinity = std::numeric_limits<double>::infinity();
  constexpr auto nan = std::numeric_limits<double>::quiet_NaN();
  for (auto multiplier : {infinity, 1e300, nan, -infinity, -1.0, 0.0}) {
    backoff tested{options_of(milliseconds::max() / 2, milliseconds::max(), multiplier)};
    auto last = tested.ceiling();
    for (int i = 0; i < 5; ++i) {
      CAF_CHECK(tested.next(engine) >= 0ms);
      CAF_CHECK(tested.ceiling() >= last);
      last = tested.ceiling();
    }
  }
  backoff negative{options_of(-5ms, -1ms, 2.0)};
  CAF_CHECK_EQUAL(negative.next(engine).count(), 0);
}

CAF_TEST(a_millisecond_grows_by_small_factors_too) {
  std::mt19937_64 engine{5};
  backoff tested{options_of(1ms, 100ms, 1.1)};
  for (int i = 0; i < 100; ++i)
    (void)tested.next(engine);
  CAF_CHECK_EQUAL(tested.ceiling().count(), 100);
}

CAF_TEST(attempts_are_spent_and_come_back_with_a_reset) {
  std::mt19937_64 engine{6};
  reconnect_options options;
  options.attempts = 3;
  backoff tested{options};
  for (int i = 0; i < 3; ++i) {
    CAF_CHECK(!tested.exhausted());
    (void)tested.next(engine);
  }
  CAF_CHECK(tested.exhausted());
  tested.reset();
  CAF_CHECK(!tested.exhausted());
  CAF_CHECK_EQUAL(tested.attempts(), 0u);
  CAF_CHECK_EQUAL(tested.ceiling().count(), 1'000);
}

CAF_TEST(no_attempts_means_never_again) {
  reconnect_options options;
  options.attempts = 0;
  CAF_CHECK(backoff{options}.exhausted());
}

CAF_TEST(the_long_backoff_starts_at_ten_times_the_base) {
  std::mt19937_64 engine{7};
  backoff tested{{}};
  (void)delay_for(decision_of(retry_action::long_backoff), tested, engine);
  CAF_CHECK_EQUAL(tested.ceiling().count(), 20'000); // 10 s were drawn from, then it grew
  (void)delay_for(decision_of(retry_action::long_backoff), tested, engine);
  CAF_CHECK_EQUAL(tested.ceiling().count(), 30'000);
  tested.raise_to(2.0);
  CAF_CHECK_EQUAL(tested.ceiling().count(), 30'000);
}

CAF_TEST(the_long_backoff_keeps_below_the_maximum) {
  backoff tested{options_of(1'000ms, 4'000ms, 2.0)};
  tested.raise_to(backoff::long_factor);
  CAF_CHECK_EQUAL(tested.ceiling().count(), 4'000);
}

CAF_TEST(a_restart_spreads_its_first_attempts_over_the_window) {
  std::mt19937_64 engine{8};
  auto decision = decision_of(retry_action::restart_window, 0ms, 5'000ms);
  auto longest = longest_of_many([&] {
    backoff fresh{{}};
    auto result = delay_for(decision, fresh, engine);
    CAF_REQUIRE_EQUAL(fresh.attempts(), 1u);
    CAF_REQUIRE_EQUAL(fresh.ceiling().count(), 1'000);
    return result;
  });
  CAF_CHECK(longest <= 5'000ms);
  CAF_CHECK(longest > 4'900ms);
}

CAF_TEST(a_server_that_restarts_for_ever_sees_growing_intervals) {
  std::mt19937_64 engine{9};
  auto decision = decision_of(retry_action::restart_window, 0ms, 5'000ms);
  backoff tested{{}};
  for (int i = 0; i < 6; ++i)
    (void)delay_for(decision, tested, engine);
  CAF_CHECK_EQUAL(tested.ceiling().count(), 30'000);
}

CAF_TEST(a_restart_does_not_reset_the_ceiling) {
  std::mt19937_64 engine{10};
  backoff tested{{}};
  for (int i = 0; i < 3; ++i)
    (void)tested.next(engine);
  tested.reset_attempts();
  (void)delay_for(decision_of(retry_action::restart_window, 0ms, 5'000ms), tested, engine);
  CAF_CHECK_EQUAL(tested.attempts(), 1u);
  CAF_CHECK_EQUAL(tested.ceiling().count(), 8'000);
}

CAF_TEST(slots_of_one_pool_are_not_synchronised) {
  std::mt19937_64 engine{11};
  std::set<milliseconds::rep> delays;
  for (int slot = 0; slot < 20; ++slot) {
    backoff fresh{{}};
    delays.insert(fresh.next(engine).count());
  }
  CAF_CHECK_GREATER(delays.size(), 15u);
}

} // namespace backoff_test
