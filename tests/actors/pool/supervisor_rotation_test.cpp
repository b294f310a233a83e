// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE supervisor_rotation

#include "actors/pool/supervisor_fixture.hpp"

namespace supervisor_rotation_test {

using namespace wspool;
using namespace wspool::test;

namespace {

class fixture : public supervisor_fixture {
public:
  fixture() {
    options.rotation.max_age = 60s;
    options.rotation.jitter = 0.0;
  }

  /// One slot, open, whose successor is being made.
  void start_rotating() {
    start_open(1);
    advance(options.rotation.max_age);
    CAF_REQUIRE_EQUAL(connections.size(), 2u);
    log->slots.clear();
  }
  fake_ptr old() { return connections.front(); }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(supervisor_rotation_tests, fixture)

CAF_TEST(a_successor_opens_before_the_old_connection_retires) {
  start_open(1);
  advance(60s - 1ms);
  CAF_CHECK_EQUAL(connections.size(), 1u);
  advance(1ms);
  CAF_REQUIRE_EQUAL(connections.size(), 2u);
  CAF_CHECK_EQUAL(generation(0), 2u);
  CAF_CHECK_EQUAL(newest(0)->setup.info.identity, old()->setup.info.identity);
  CAF_CHECK(log->retired.empty());
  open(0);
  CAF_REQUIRE_EQUAL(log->retired.size(), 1u);
  CAF_CHECK_EQUAL(log->retired.front(), (connection_id{0, 1}));
  CAF_CHECK(!old()->told_to_close);
  end_as_asked(old());
  CAF_CHECK_EQUAL(connections.size(), 2u);
  CAF_CHECK_EQUAL(alive(), 1u);
  // To the outside the slot was open all the time.
  CAF_CHECK_EQUAL(log->slots.size(), 1u);
  CAF_CHECK(log->retries.empty());
  // And so it goes on.
  advance(60s);
  CAF_CHECK_EQUAL(generation(0), 3u);
}

CAF_TEST(ages_are_jittered) {
  options.rotation.jitter = 0.5;
  options.reconnect.initial = 1ms; // all open within a moment
  start_open(100);
  advance(30s - 2ms);
  CAF_CHECK_EQUAL(connections.size(), 100u);
  advance(15s);
  CAF_CHECK_GREATER(connections.size(), 130u);
  CAF_CHECK_LESS(connections.size(), 170u);
  advance(15s);
  CAF_CHECK_EQUAL(connections.size(), 200u);
}

CAF_TEST(a_failing_successor_leaves_the_old_connection_alone) {
  start_rotating();
  for (std::uint32_t attempt = 1; attempt <= 4; ++attempt) {
    end(0, unreached());
    CAF_CHECK_EQUAL(log->retries.back().attempt, attempt);
    await_retry();
    CAF_CHECK_EQUAL(generation(0), 2 + attempt);
  }
  CAF_CHECK(!old()->down);
  CAF_CHECK(log->retired.empty());
  CAF_CHECK(log->slots.empty());
  open(0);
  CAF_REQUIRE_EQUAL(log->retired.size(), 1u);
  CAF_CHECK_EQUAL(log->retired.front(), (connection_id{0, 1}));
}

CAF_TEST(a_successor_that_is_refused_for_good_is_put_off) {
  start_rotating();
  end(0, refused_with(404));
  CAF_CHECK(log->given_up.empty());
  CAF_CHECK(!old()->down);
  advance(60s - 1ms);
  CAF_CHECK_EQUAL(connections.size(), 2u);
  advance(1ms);
  CAF_CHECK_EQUAL(connections.size(), 3u);
  // If the old one ends in the meantime, the slot tries as ever.
  end(0, refused_with(404));
  end(old(), lost());
  CAF_CHECK_EQUAL(last_report().state, slot_state::waiting);
  await_retry();
  CAF_CHECK_EQUAL(connections.size(), 4u);
}

CAF_TEST(an_old_connection_that_dies_early_leaves_the_slot_to_its_successor) {
  start_rotating();
  end(old(), lost());
  CAF_REQUIRE_EQUAL(log->slots.size(), 1u);
  CAF_CHECK_EQUAL(last_report().state, slot_state::connecting);
  CAF_CHECK_EQUAL(last_report().generation, 2u);
  CAF_CHECK(log->retries.empty());
  CAF_CHECK_EQUAL(connections.size(), 2u);
  open(0);
  CAF_CHECK(log->retired.empty());
  end(0, lost());
  CAF_CHECK_EQUAL(last_report().state, slot_state::waiting);
}

CAF_TEST(an_old_connection_that_dies_while_its_successor_waits_uncovers_the_wait) {
  start_rotating();
  end(0, unreached(errc::connect_timeout));
  const auto delay = log->retries.back().delay;
  CAF_REQUIRE_GREATER(delay, 10ms);
  advance(10ms);
  end(old(), lost());
  CAF_REQUIRE_EQUAL(log->slots.size(), 1u);
  CAF_CHECK_EQUAL(last_report().state, slot_state::waiting);
  CAF_CHECK_EQUAL(last_report().delay, delay - 10ms);
  advance(delay - 10ms);
  CAF_CHECK_EQUAL(connections.size(), 3u);
  CAF_CHECK_EQUAL(last_report().state, slot_state::connecting);
}

CAF_TEST(an_old_connection_that_does_not_end_is_closed_then_killed) {
  start_rotating();
  open(0);
  advance(options.rotation.drain);
  CAF_CHECK(old()->told_to_close);
  CAF_CHECK(!old()->down);
  advance(options.connect.deadlines.close + 1s);
  CAF_CHECK(old()->down);
  CAF_CHECK(!newest(0)->down);
  CAF_CHECK(!newest(0)->told_to_close);
  CAF_CHECK_EQUAL(connections.size(), 2u);
  CAF_CHECK(log->ended.back().on_purpose);
}

CAF_TEST(a_new_connection_may_die_while_the_old_one_drains) {
  start_rotating();
  open(0);
  end(0, lost());
  CAF_CHECK_EQUAL(last_report().state, slot_state::waiting);
  await_retry();
  CAF_CHECK_EQUAL(generation(0), 3u);
  end_as_asked(old());
  CAF_CHECK_EQUAL(connections.size(), 3u);
  open(0);
  CAF_CHECK_EQUAL(log->retired.size(), 1u);
  CAF_CHECK_EQUAL(alive(), 1u);
}

CAF_TEST(a_connection_ages_on_while_its_predecessor_drains) {
  options.rotation.max_age = 5s; // less than draining may take
  start_rotating();
  open(0);
  advance(5s);
  CAF_CHECK_EQUAL(connections.size(), 2u);
  end_as_asked(old());
  advance(options.rotation.drain + options.connect.deadlines.close + 1s);
  CAF_CHECK_EQUAL(connections.size(), 3u);
}

CAF_TEST(restarting_the_old_connection_leaves_the_slot_to_its_successor) {
  start_rotating();
  auto result = ask(restart_atom_v, connection_id{0, 1});
  CAF_CHECK_EQUAL(log->retired.size(), 1u);
  end_as_asked(old());
  CAF_CHECK(result->arrived);
  CAF_CHECK_EQUAL(connections.size(), 2u);
  CAF_REQUIRE_EQUAL(log->slots.size(), 1u);
  CAF_CHECK_EQUAL(last_report().state, slot_state::connecting);
}

CAF_TEST(removing_in_the_midst_of_a_rotation_ends_both) {
  start_rotating();
  auto result = ask(remove_atom_v, std::string{url});
  CAF_CHECK(newest(0)->down);
  CAF_CHECK_EQUAL(log->retired.size(), 1u);
  CAF_CHECK(!result->arrived);
  end_as_asked(old());
  CAF_CHECK(result->arrived);
  advance(1h);
  CAF_CHECK_EQUAL(connections.size(), 2u);
}

CAF_TEST(closing_in_the_midst_of_a_rotation_ends_both) {
  start_rotating();
  open(0);
  auto result = ask(close_atom_v);
  CAF_CHECK(old()->told_to_close);
  CAF_CHECK(newest(0)->told_to_close);
  end_as_asked(old());
  CAF_CHECK(!result->arrived);
  end_as_asked(newest(0));
  CAF_CHECK(result->arrived);
}

CAF_TEST_FIXTURE_SCOPE_END()

} // namespace supervisor_rotation_test
