// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE pool_events

#include "support/pool_fixture.hpp"

namespace pool_events_test {

using namespace wspool;
using namespace wspool::test;

namespace {

struct fixture : pool_fixture {
  event_log_ptr start_waiting(std::uint32_t count) {
    options.endpoints.front().connections = count;
    pool = spawn_pool(sys, io, options);
    auto log = subscribe();
    advance(options.reconnect.initial);
    CAF_REQUIRE_EQUAL(connector->size(), count);
    return log;
  }
  void accept(std::size_t attempt) {
    connector->accept(attempt);
    settle();
  }
  void refuse(std::size_t attempt) {
    connector->refuse(attempt, {errc::connect_failed, "refused"});
    settle();
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(pool_events_tests, fixture)

// -- ready and empty ------------------------------------------------------------------------------

CAF_TEST(ready_fires_when_the_last_wanted_connection_opens) {
  auto log = start_waiting(3);
  accept(0);
  accept(1);
  CAF_CHECK(log->readies.empty());
  accept(2);
  CAF_REQUIRE_EQUAL(log->readies.size(), 1u);
  CAF_CHECK_EQUAL(log->readies[0].open, 3u);
  CAF_CHECK_EQUAL(log->empties, 0u);
}

CAF_TEST(empty_fires_when_the_last_open_connection_closes) {
  auto log = start_waiting(2);
  accept(0);
  accept(1);
  peer(0).drop();
  settle();
  CAF_CHECK_EQUAL(log->empties, 0u);
  peer(1).drop();
  settle();
  CAF_CHECK_EQUAL(log->empties, 1u);
}

CAF_TEST(ready_and_empty_fire_at_every_transition) {
  options.reconnect.initial = 1ms;
  options.reconnect.maximum = 1ms;
  auto log = start_open(1);
  for (int i = 0; i < 5; ++i) {
    last_peer().drop();
    settle();
    advance(10ms);
  }
  CAF_CHECK_EQUAL(log->empties, 5u);
  CAF_CHECK_EQUAL(log->readies.size(), 6u);
  std::vector<std::string> transitions;
  for (auto& entry : log->order)
    if (entry == "ready" || entry == "empty")
      transitions.push_back(entry);
  for (std::size_t i = 0; i < transitions.size(); ++i)
    CAF_CHECK_EQUAL(transitions[i], i % 2 == 0 ? "ready" : "empty");
}

CAF_TEST(a_connection_that_never_opened_does_not_count_as_closed) {
  auto log = start_waiting(2);
  refuse(0);
  refuse(1);
  advance(10s);
  CAF_CHECK_EQUAL(log->empties, 0u);
  CAF_CHECK(log->closes.empty());
  CAF_CHECK(log->readies.empty());
}

CAF_TEST(an_attempt_that_fails_behind_the_last_open_one_does_not_fire_empty) {
  auto log = start_waiting(2);
  accept(0);
  refuse(1);
  CAF_CHECK_EQUAL(log->empties, 0u);
  peer(0).drop();
  settle();
  CAF_CHECK_EQUAL(log->empties, 1u);
}

CAF_TEST(one_of_two_that_comes_back_makes_the_pool_ready_again) {
  auto log = start_waiting(2);
  accept(0);
  accept(1);
  peer(0).drop();
  advance(options.reconnect.initial);
  CAF_REQUIRE_EQUAL(connector->size(), 3u);
  CAF_CHECK_EQUAL(log->readies.size(), 1u);
  accept(2);
  CAF_CHECK_EQUAL(log->readies.size(), 2u);
  CAF_CHECK_EQUAL(log->empties, 0u);
}

CAF_TEST(removing_the_missing_slot_makes_the_rest_ready) {
  auto log = start_waiting(2);
  accept(0);
  accept(1);
  peer_of({1, 1}).drop();
  settle();
  CAF_CHECK_EQUAL(log->readies.size(), 1u);
  auto done = ask<caf::unit_t>(resize_atom_v, std::string{url}, std::uint32_t{1});
  CAF_CHECK(succeeded(done));
  CAF_CHECK_EQUAL(log->readies.size(), 2u);
  CAF_CHECK_EQUAL(log->readies.back().open, 1u);
}

// -- the order of one connection's events ---------------------------------------------------------

CAF_TEST(the_events_of_a_connection_arrive_in_the_order_in_which_they_happened) {
  options.reconnect.attempts = 0;
  auto log = start_open();
  last_peer().send_text("a");
  settle();
  last_peer().send_text("b");
  last_peer().close(1001, "bye");
  settle();
  std::vector<std::string> own;
  for (auto& entry : log->order)
    if (entry.ends_with(" 0.1"))
      own.push_back(entry);
  CAF_CHECK_EQUAL(own, (std::vector<std::string>{"upgrade 0.1", "open 0.1", "message 0.1",
                                                 "message 0.1", "close 0.1"}));
}

CAF_TEST(every_life_has_its_own_generation) {
  options.reconnect.initial = 1ms;
  auto log = start_open();
  last_peer().drop();
  advance(5ms);
  last_peer().send_text("again");
  settle();
  CAF_REQUIRE_EQUAL(log->opens.size(), 2u);
  CAF_CHECK_EQUAL(log->opens[1].connection, (connection_id{0, 2}));
  CAF_CHECK_EQUAL(log->closes.at(0).connection, (connection_id{0, 1}));
  CAF_CHECK_EQUAL(log->messages.at(0).connection, (connection_id{0, 2}));
}

// -- the queue ------------------------------------------------------------------------------------

CAF_TEST(the_water_marks_fire_when_they_are_crossed) {
  options.queue.max_messages = 10;
  auto log = start_waiting(1);
  for (int i = 0; i < 7; ++i)
    tell(send_atom_v, std::to_string(i));
  CAF_CHECK(log->water.empty());
  tell(send_atom_v, std::string{"7"});
  CAF_REQUIRE_EQUAL(log->water.size(), 1u);
  CAF_CHECK(log->water[0].high);
  CAF_CHECK_GREATER_OR_EQUAL(log->water[0].messages, 8u);
  tell(send_atom_v, std::string{"8"});
  CAF_CHECK_EQUAL(log->water.size(), 1u);
  accept(0);
  CAF_REQUIRE_EQUAL(log->water.size(), 2u);
  CAF_CHECK(!log->water[1].high);
  CAF_REQUIRE_EQUAL(log->drains.size(), 1u);
  CAF_CHECK_EQUAL(log->drains[0].flushed, 9u);
}

CAF_TEST(no_drain_without_a_queue) {
  auto log = start_open();
  for (int i = 0; i < 10; ++i)
    CAF_CHECK(succeeded(deliver(std::to_string(i))));
  CAF_CHECK(log->drains.empty());
  CAF_CHECK(log->water.empty());
}

// -- retries --------------------------------------------------------------------------------------

CAF_TEST(attempts_run_out_and_the_slot_is_given_up) {
  options.reconnect.attempts = 3;
  connector->decide_by([](const fake_connector::attempt&) {
    return failure{errc::connect_failed, "one.test: refused"};
  });
  pool = spawn_pool(sys, io, options);
  auto log = subscribe();
  advance(10min);
  CAF_CHECK_EQUAL(connector->size(), 4u); // the first and three more
  CAF_CHECK_EQUAL(log->retries.size(), 3u);
  CAF_REQUIRE_EQUAL(log->given_up.size(), 1u);
  CAF_CHECK_EQUAL(log->given_up[0].attempts, 3u);
  CAF_CHECK_EQUAL(log->given_up[0].why, errc::connect_failed);
  CAF_CHECK_NOT_EQUAL(log->given_up[0].text.find("one.test"), std::string::npos);
  CAF_CHECK_EQUAL(stats().closed, 1u);
}

CAF_TEST(a_server_that_accepts_and_closes_at_once_sees_growing_intervals) {
  on_peer = [](std::size_t, scripted_peer& p) { p.close_after_upgrade(close_code::going_away); };
  connector->accept_all();
  pool = spawn_pool(sys, io, options);
  auto log = subscribe();
  advance(3min);
  CAF_REQUIRE_GREATER_OR_EQUAL(log->retries.size(), 5u);
  for (std::size_t i = 0; i < log->retries.size(); ++i)
    CAF_CHECK_EQUAL(log->retries[i].attempt, i + 1);
  CAF_CHECK_LESS(log->retries.size(), 60u);
  CAF_CHECK_EQUAL(log->readies.size(), log->opens.size());
  CAF_CHECK_EQUAL(log->empties, log->closes.size());
}

CAF_TEST(a_connection_that_lasted_begins_again_with_the_first_attempt) {
  options.reconnect.minimum_uptime = 5s;
  auto log = start_open();
  for (int i = 0; i < 4; ++i) {
    advance(6s);
    last_peer().drop();
    advance(options.reconnect.initial);
  }
  CAF_CHECK_EQUAL(log->opens.size(), 5u);
  for (auto& retry : log->retries)
    CAF_CHECK_EQUAL(retry.attempt, 1u);
}

CAF_TEST(close_codes_decide_whether_the_slot_comes_back) {
  auto log = start_open();
  advance(10s);
  last_peer().close(1002, "you broke it");
  advance(10min);
  CAF_CHECK_EQUAL(log->given_up.size(), 1u);
  CAF_CHECK_EQUAL(connector->size(), 1u);
  CAF_CHECK(failed_with(deliver("x"), errc::unreachable));
}

CAF_TEST(a_pool_that_was_given_up_serves_again_after_it_grew) {
  auto log = start_open();
  last_peer().close(1002, "you broke it");
  settle();
  CAF_CHECK(failed_with(deliver("x"), errc::unreachable));
  auto added = ask<caf::unit_t>(add_atom_v, endpoint_options{other_url, 1, 1, 0});
  CAF_CHECK(succeeded(added));
  auto waits = deliver("y");
  advance(options.reconnect.initial);
  CAF_CHECK(succeeded(waits));
}

CAF_TEST_FIXTURE_SCOPE_END()

} // namespace pool_events_test
