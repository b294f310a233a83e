// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE schedulers

#include "support/unit_test.hpp"

#include "pool/schedulers/lowest_rtt_scheduler.hpp"

#include <wspool/scheduler.hpp>

#include <deque>
#include <map>
#include <set>

namespace schedulers_test {

using namespace wspool;
using namespace std::chrono_literals;

namespace {

/// A scheduler with members that the test can change behind its back, as a pool does.
struct fixture {
  std::deque<member> members;
  std::unique_ptr<scheduler> tested;

  void make(schedule kind, std::size_t count, std::uint64_t seed = 7) {
    tested = make_scheduler(kind, seed);
    for (std::size_t i = 0; i < count; ++i)
      open({static_cast<std::uint32_t>(i), 1});
  }

  member& open(connection_id id, std::uint32_t group = 0) {
    auto& m = members.emplace_back();
    m.id = id;
    m.identity = id.slot;
    m.group = group;
    tested->add(m);
    return m;
  }

  std::string next(std::uint64_t key = 0) {
    auto chosen = tested->get({key, 0});
    return chosen ? to_string(chosen->id) : "none";
  }

  std::string next_few(int count) {
    std::string result;
    for (int i = 0; i < count; ++i)
      result += (i > 0 ? " " : "") + next();
    return result;
  }

  std::map<std::string, int> shares(int picks) {
    std::map<std::string, int> result;
    for (int i = 0; i < picks; ++i)
      ++result[next()];
    return result;
  }

  int share_of(const std::string& who, int picks) { return shares(picks)[who]; }
};

constexpr schedule all_schedules[] = {
  schedule::round_robin,  schedule::random,     schedule::weighted, schedule::least_pending,
  schedule::power_of_two, schedule::lowest_rtt, schedule::failover, schedule::hash,
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(schedulers_tests, fixture)

CAF_TEST(every_schedule_has_a_name_that_leads_back_to_it) {
  std::set<std::string_view> names;
  for (auto kind : all_schedules) {
    auto parsed = kind == schedule::random ? schedule::hash : schedule::random;
    CAF_CHECK(from_string(to_string(kind), parsed));
    CAF_CHECK(parsed == kind);
    names.insert(to_string(kind));
  }
  CAF_CHECK_EQUAL(names.size(), std::size(all_schedules));
  CAF_CHECK_EQUAL(to_string(schedule::power_of_two), "power-of-two");
}

CAF_TEST(an_unknown_name_leaves_the_value_alone) {
  auto value = schedule::failover;
  CAF_CHECK(!from_string("round_robin", value));
  CAF_CHECK(!from_string("", value));
  CAF_CHECK(value == schedule::failover);
}

CAF_TEST(a_connection_is_named_by_slot_and_life) {
  CAF_CHECK_EQUAL(to_string(connection_id{3, 1}), "3.1");
}

CAF_TEST(nobody_is_chosen_when_there_is_nobody_with_room) {
  for (auto kind : all_schedules) {
    members.clear();
    make(kind, 0);
    CAF_CHECK_EQUAL(next(), "none");
    auto& m = open({0, 1});
    CAF_CHECK_EQUAL(next(), "0.1");
    m.full = true;
    CAF_CHECK_EQUAL(next(), "none");
  }
}

CAF_TEST(round_robin_goes_around_and_leaves_out_full_ones) {
  make(schedule::round_robin, 3);
  CAF_CHECK_EQUAL(next_few(4), "0.1 1.1 2.1 0.1");
  members[1].full = true;
  CAF_CHECK_EQUAL(next_few(3), "2.1 0.1 2.1");
}

CAF_TEST(round_robin_keeps_its_turn_when_somebody_leaves) {
  make(schedule::round_robin, 4);
  CAF_CHECK_EQUAL(next_few(2), "0.1 1.1");
  tested->remove({0, 1});
  CAF_CHECK_EQUAL(next_few(3), "2.1 3.1 1.1");
  tested->remove({2, 1});
  CAF_CHECK_EQUAL(next_few(3), "3.1 1.1 3.1");
}

CAF_TEST(weights_are_exact_over_a_cycle_and_spread_within_it) {
  make(schedule::weighted, 3);
  members[0].weight = 5;
  CAF_CHECK_EQUAL(next_few(7), "0.1 0.1 1.1 0.1 2.1 0.1 0.1");
}

CAF_TEST(a_full_heavy_member_gets_no_burst_afterwards) {
  make(schedule::weighted, 2);
  members[0].weight = 9;
  members[0].full = true;
  CAF_CHECK_EQUAL(share_of("1.1", 90), 90);
  members[0].full = false;
  CAF_CHECK_EQUAL(share_of("1.1", 100), 10);
}

CAF_TEST(the_least_loaded_is_chosen_and_equals_take_turns) {
  make(schedule::least_pending, 3);
  members[1].pending_bytes = 10;
  CAF_CHECK_EQUAL(next_few(4), "0.1 2.1 0.1 2.1");
  members[2].pending_messages = 1;
  CAF_CHECK_EQUAL(next_few(2), "0.1 0.1");
  members[0].pending_bytes = 100;
  members[2].full = true;
  CAF_CHECK_EQUAL(next_few(2), "1.1 1.1");
}

CAF_TEST(of_two_the_less_loaded_one_is_always_chosen) {
  make(schedule::power_of_two, 2);
  members[0].pending_bytes = 1;
  CAF_CHECK_EQUAL(share_of("1.1", 50), 50);
}

CAF_TEST(power_of_two_never_chooses_the_most_loaded_of_many) {
  make(schedule::power_of_two, 8);
  members[5].pending_bytes = 1'000;
  auto counts = shares(4'000);
  CAF_CHECK_EQUAL(counts.count("5.1"), 0u);
  CAF_CHECK_EQUAL(counts.size(), 7u);
}

CAF_TEST(power_of_two_finds_the_only_one_with_room) {
  make(schedule::power_of_two, 50);
  for (auto& m : members)
    m.full = true;
  members[31].full = false;
  CAF_CHECK_EQUAL(share_of("31.1", 100), 100);
}

CAF_TEST(randomness_comes_from_the_seed) {
  for (auto kind : {schedule::random, schedule::power_of_two}) {
    std::set<std::string> sequences;
    for (std::uint64_t seed : {1, 1, 2}) {
      members.clear();
      make(kind, 8, seed);
      sequences.insert(next_few(30));
    }
    CAF_CHECK_EQUAL(sequences.size(), 2u);
  }
}

CAF_TEST(unmeasured_connections_are_tried_once_and_then_wait) {
  make(schedule::lowest_rtt, 3, 0);
  members[1].round_trip = 5ms;
  CAF_CHECK_EQUAL(next_few(2), "0.1 2.1");
  CAF_CHECK_EQUAL(next_few(3), "1.1 1.1 1.1");
  members[1].full = true;
  CAF_CHECK_EQUAL(next_few(3), "2.1 0.1 2.1");
}

CAF_TEST(the_fastest_gets_all_but_the_probes) {
  make(schedule::lowest_rtt, 4);
  for (auto& m : members)
    m.round_trip = 10ms + 1ms * m.id.slot;
  members[2].round_trip = 3ms;
  constexpr int cycles = 30;
  auto counts = shares(cycles * static_cast<int>(lowest_rtt_scheduler::probe_every));
  CAF_CHECK_EQUAL(counts["0.1"], cycles / 3);
  CAF_CHECK_EQUAL(counts["1.1"], cycles / 3);
  CAF_CHECK_EQUAL(counts["3.1"], cycles / 3);
  CAF_CHECK_EQUAL(counts["2.1"], cycles * 15);
}

CAF_TEST(failover_prefers_the_lowest_group_that_has_room) {
  make(schedule::failover, 0);
  open({0, 1}, 2);
  open({1, 1}, 1);
  auto& other = open({2, 1}, 1);
  CAF_CHECK_EQUAL(next_few(3), "1.1 2.1 1.1");
  other.full = true;
  CAF_CHECK_EQUAL(next_few(2), "1.1 1.1");
  tested->remove({1, 1});
  CAF_CHECK_EQUAL(next(), "0.1"); // spills over
  other.full = false;
  CAF_CHECK_EQUAL(next(), "2.1");
  tested->remove({2, 1});
  CAF_CHECK_EQUAL(next(), "0.1");
}

CAF_TEST(a_key_stays_with_its_member_even_when_it_is_full) {
  make(schedule::hash, 5);
  auto chosen = next(42);
  for (auto& m : members)
    m.full = true;
  CAF_CHECK_EQUAL(next(42), chosen);
  CAF_CHECK_EQUAL(next(), "none");
}

CAF_TEST(messages_without_a_key_go_around_the_ring) {
  make(schedule::hash, 3);
  members[0].full = true;
  CAF_CHECK_EQUAL(next_few(3), "1.1 2.1 1.1");
}

CAF_TEST(a_successor_takes_its_predecessors_keys_over) {
  make(schedule::hash, 5);
  std::uint64_t key = 1;
  while (next(key) != "3.1")
    ++key;
  open({3, 2});
  CAF_CHECK_EQUAL(next(key), "3.2");
  tested->remove({3, 1});
  CAF_CHECK_EQUAL(next(key), "3.2");
}

CAF_TEST(a_failed_successor_gives_the_keys_back) {
  make(schedule::hash, 5);
  std::uint64_t key = 1;
  while (next(key) != "3.1")
    ++key;
  open({3, 2});
  tested->remove({3, 2});
  CAF_CHECK_EQUAL(next(key), "3.1");
}

CAF_TEST_FIXTURE_SCOPE_END()

} // namespace schedulers_test
