// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE snapshots

#include "support/unit_test.hpp"

#include "monitor/snapshots.hpp"

#include <rapidcheck.h>

#include <cmath>
#include <utility>
#include <vector>

namespace snapshots_test {

using namespace wspool;
using namespace std::chrono_literals;

namespace {

constexpr std::chrono::system_clock::time_point midnight{1'700'000'000s};

/// A snapshot so many milliseconds after midnight.
pool_stats at(std::chrono::milliseconds time, std::uint64_t messages_out = 0) {
  pool_stats result;
  result.time = midnight + time;
  result.total_traffic.messages_out = messages_out;
  return result;
}

} // namespace

CAF_TEST(the_first_snapshot_has_no_rates) {
  snapshots tested{{1s, 10s}};
  CAF_CHECK_EQUAL(tested.add(at(0ms, 1'000)).messages_out_rate, 0.0);
  CAF_CHECK_EQUAL(tested.history().size(), 1u);
}

CAF_TEST(rates_are_per_second_since_the_snapshot_before) {
  snapshots tested{{1s, 10s}};
  auto first = at(0ms);
  first.total_traffic = {100, 1'000, 50, 500, 0, 0, 0, 0};
  tested.add(first);
  auto second = at(2'000ms);
  second.total_traffic = {300, 5'000, 150, 900, 0, 0, 0, 0};
  const auto& rated = tested.add(second);
  CAF_CHECK_EQUAL(rated.messages_out_rate, 100.0);
  CAF_CHECK_EQUAL(rated.bytes_out_rate, 2'000.0);
  CAF_CHECK_EQUAL(rated.messages_in_rate, 50.0);
  CAF_CHECK_EQUAL(rated.bytes_in_rate, 200.0);
}

CAF_TEST(only_the_newest_snapshot_pays_for_its_connections) {
  snapshots tested{{1s, 10s}};
  auto crowded = at(0ms);
  crowded.connections.resize(1'000);
  const auto& older = tested.add(crowded);
  CAF_CHECK_EQUAL(older.connections.size(), 1'000u);
  tested.add(at(1'000ms));
  CAF_CHECK_EQUAL(older.connections.capacity(), 0u);
}

CAF_TEST(rates_follow_the_time_between_snapshots_not_the_interval) {
  snapshots tested{{1s, 10s}};
  tested.add(at(0ms, 0));
  CAF_CHECK_EQUAL(tested.add(at(500ms, 100)).messages_out_rate, 200.0);
  CAF_CHECK_EQUAL(tested.add(at(4'500ms, 200)).messages_out_rate, 25.0);
}

CAF_TEST(a_clock_that_was_set_back_or_a_counter_that_fell_gives_no_rate) {
  snapshots tested{{1s, 10s}};
  tested.add(at(5'000ms, 100));
  CAF_CHECK_EQUAL(tested.add(at(1'000ms, 200)).messages_out_rate, 0.0);
  CAF_CHECK_EQUAL(tested.add(at(1'000ms, 300)).messages_out_rate, 0.0);
  CAF_CHECK_EQUAL(tested.add(at(2'000ms, 50)).messages_out_rate, 0.0);
  CAF_CHECK_EQUAL(tested.add(at(3'000ms, 60)).messages_out_rate, 10.0);
}

CAF_TEST(only_the_newest_snapshot_lists_the_connections) {
  snapshots tested{{1s, 10s}};
  for (int i = 0; i < 3; ++i) {
    auto next = at(std::chrono::seconds{i});
    next.connections.resize(2);
    CAF_CHECK_EQUAL(tested.add(next).connections.size(), 2u);
  }
  const auto kept = tested.history();
  CAF_REQUIRE_EQUAL(kept.size(), 3u);
  CAF_CHECK(kept[0].connections.empty() && kept[1].connections.empty());
  CAF_CHECK_EQUAL(kept[2].connections.size(), 2u);
}

CAF_TEST(the_history_is_as_long_as_the_options_say_and_oldest_first) {
  snapshots tested{{500ms, 2s}};
  for (int i = 0; i < 10; ++i)
    tested.add(at(i * 500ms, static_cast<std::uint64_t>(i)));
  const auto kept = tested.history();
  CAF_REQUIRE_EQUAL(kept.size(), 4u);
  for (std::size_t i = 0; i < kept.size(); ++i)
    CAF_CHECK_EQUAL(kept[i].total_traffic.messages_out, 6 + i);
}

CAF_TEST(without_an_interval_or_with_a_short_history_the_last_snapshot_stays) {
  for (auto options :
       {monitor_options{0ms, 10s}, monitor_options{1s, 0ms}, monitor_options{1s, 10ms}}) {
    snapshots tested{options};
    tested.add(at(0ms, 1));
    tested.add(at(1s, 2));
    const auto kept = tested.history();
    CAF_REQUIRE_EQUAL(kept.size(), 1u);
    CAF_CHECK_EQUAL(kept.front().total_traffic.messages_out, 2u);
  }
}

CAF_TEST(rates_add_up_to_what_the_counters_say) {
  CAF_CHECK(rc::check("the rates, times their intervals, are the whole growth", [] {
    const auto steps = *rc::gen::container<std::vector<std::pair<int, int>>>(
      rc::gen::pair(rc::gen::inRange(1, 5'000), rc::gen::inRange(0, 1'000'000)));
    snapshots tested{{1s, 3s}};
    std::chrono::milliseconds time{0};
    std::uint64_t count = 7;
    tested.add(at(time, count));
    double grown = 0;
    for (auto [milliseconds, messages] : steps) {
      time += std::chrono::milliseconds{milliseconds};
      count += static_cast<std::uint64_t>(messages);
      grown += tested.add(at(time, count)).messages_out_rate * milliseconds / 1'000.0;
      RC_ASSERT(tested.history().size() <= 3u);
    }
    RC_ASSERT(std::abs(grown - static_cast<double>(count - 7)) < 1e-3);
  }));
}

} // namespace snapshots_test
