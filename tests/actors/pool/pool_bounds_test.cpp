// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE pool_bounds

#include "support/pool_fixture.hpp"

#include <numeric>

namespace pool_bounds_test {

using namespace wspool;
using namespace wspool::test;

namespace {

/// A slow peer makes neither memory grow past the bounds nor the other connections slow.
struct fixture : pool_fixture {
  fixture() {
    options.window.max_messages = 10;
    options.window.max_bytes = 10'000;
    options.queue.max_messages = 20;
    options.queue.max_bytes = 20'000;
    options.heartbeat.interval = 0ms;
  }

  void send(int count, std::size_t bytes = 10) {
    for (int i = 0; i < count; ++i)
      compat::anon_tell(pool, send_atom_v, std::string(bytes, 'x'));
    settle();
  }

  void check_bounds() {
    auto numbers = stats();
    CAF_CHECK_LESS_OR_EQUAL(numbers.queued_messages, options.queue.max_messages);
    CAF_CHECK_LESS_OR_EQUAL(numbers.queued_bytes, options.queue.max_bytes);
    for (auto& c : numbers.connections) {
      CAF_CHECK_LESS_OR_EQUAL(c.pending_messages, options.window.max_messages);
      CAF_CHECK_LESS_OR_EQUAL(c.pending_bytes, options.window.max_bytes);
    }
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(pool_bounds_tests, fixture)

CAF_TEST(what_a_peer_does_not_read_fills_window_and_queue_and_no_more) {
  options.queue.overflow = overflow::reject;
  start_open();
  last_peer().stop_reading();
  send(1000);
  check_bounds();
  auto numbers = stats();
  CAF_CHECK_EQUAL(numbers.pending, 30u);
  CAF_CHECK_EQUAL(numbers.queued_messages, 20u);
  CAF_CHECK_EQUAL(numbers.failures["queue_full"], 970u);
  last_peer().go_on_reading();
  settle();
  CAF_CHECK_EQUAL(last_peer().messages().size(), 30u);
  CAF_CHECK_EQUAL(stats().pending, 0u);
}

CAF_TEST(the_bounds_hold_in_bytes) {
  options.queue.overflow = overflow::reject;
  start_open();
  last_peer().stop_reading();
  send(100, 3000);
  check_bounds();
  CAF_CHECK_EQUAL(stats().pending, 9u); // three and six of 3,000 bytes
  last_peer().go_on_reading();
  settle();
  CAF_CHECK_EQUAL(last_peer().messages().size(), 9u);
}

CAF_TEST(a_single_message_larger_than_the_window_is_let_through_alone) {
  start_open();
  auto large = deliver(std::string(15'000, 'x'));
  CAF_CHECK(succeeded(large));
  last_peer().stop_reading();
  large = deliver(std::string(15'000, 'x'));
  auto small = deliver("small");
  CAF_CHECK_EQUAL(stats_of({0, 1}).pending_messages, 1u);
  last_peer().go_on_reading();
  settle();
  CAF_CHECK(succeeded(large));
  CAF_CHECK(succeeded(small));
}

CAF_TEST(batches_respect_the_bounds_too) {
  options.queue.overflow = overflow::reject;
  start_open();
  last_peer().stop_reading();
  std::vector<std::string> many(1000, "x");
  auto answer = ask<batch_receipt>(deliver_atom_v, batch_of(many));
  check_bounds();
  CAF_CHECK_EQUAL(stats().pending, 30u);
  last_peer().go_on_reading();
  settle();
  CAF_REQUIRE(succeeded(answer));
  CAF_CHECK_EQUAL(answer->value->sent, 30u);
  CAF_CHECK_EQUAL(answer->value->failed, 970u);
  CAF_CHECK_EQUAL(answer->value->first_failure, errc::queue_full);
}

CAF_TEST(a_slow_peer_does_not_slow_the_others) {
  start_open(3);
  auto& slow = peer_of({1, 1});
  slow.stop_reading();
  for (int i = 0; i < 300; ++i) {
    send(1);
    check_bounds();
  }
  // Once the window of the slow one is used up, the others get everything.
  CAF_CHECK_EQUAL(peer_of({0, 1}).messages().size() + peer_of({2, 1}).messages().size(), 290u);
  CAF_CHECK_EQUAL(stats().queued_messages, 0u);
  CAF_CHECK_EQUAL(stats().failed, 0u);
  slow.go_on_reading();
  settle();
  CAF_CHECK_EQUAL(slow.messages().size(), 10u);
}

CAF_TEST(a_broadcast_to_a_peer_that_does_not_read_is_bounded) {
  start_open(2);
  auto& slow = peer_of({1, 1});
  slow.stop_reading();
  std::vector<answer_ptr_of<broadcast_report>> answers;
  for (int i = 0; i < 200; ++i)
    answers.push_back(ask<broadcast_report>(broadcast_atom_v, outgoing{"x", {}}));
  CAF_CHECK_EQUAL(peer_of({0, 1}).messages().size(), 200u);
  CAF_CHECK_LESS_OR_EQUAL(stats().pending,
                          options.window.max_messages + options.queue.max_messages);
  slow.go_on_reading();
  settle();
  std::size_t failed = 0;
  for (auto& answer : answers) {
    CAF_REQUIRE(succeeded(answer));
    CAF_REQUIRE_EQUAL(answer->value->size(), 2u);
    for (auto& one : *answer->value)
      failed += one.outcome != errc::none ? 1 : 0;
  }
  CAF_CHECK_EQUAL(failed, 200u - slow.messages().size());
  CAF_CHECK_GREATER_OR_EQUAL(slow.messages().size(), options.window.max_messages);
}

CAF_TEST(drop_oldest_keeps_the_newest_while_a_peer_stalls) {
  start_open();
  last_peer().stop_reading();
  for (int i = 0; i < 100; ++i)
    tell(send_atom_v, std::to_string(i));
  last_peer().go_on_reading();
  settle();
  auto seen = last_peer().texts();
  CAF_REQUIRE_EQUAL(seen.size(), 30u);
  for (int i = 0; i < 10; ++i)
    CAF_CHECK_EQUAL(seen[i], std::to_string(i));
  for (int i = 0; i < 20; ++i)
    CAF_CHECK_EQUAL(seen[10 + i], std::to_string(80 + i));
  CAF_CHECK_EQUAL(stats().failures["dropped"], 70u);
}

CAF_TEST(a_deliverys_answer_is_the_senders_back_pressure) {
  options.queue.overflow = overflow::block;
  start_open();
  last_peer().stop_reading();
  std::vector<answer_ptr_of<receipt>> answers;
  for (int i = 0; i < 50; ++i)
    answers.push_back(deliver(std::to_string(i)));
  for (auto& answer : answers)
    CAF_CHECK(!answer->arrived());
  auto refused = deliver("one too many");
  CAF_CHECK(failed_with(refused, errc::queue_full));
  last_peer().go_on_reading();
  settle();
  for (auto& answer : answers)
    CAF_CHECK(succeeded(answer));
  auto seen = last_peer().texts();
  CAF_REQUIRE_EQUAL(seen.size(), 50u);
  for (int i = 0; i < 50; ++i)
    CAF_CHECK_EQUAL(seen[i], std::to_string(i));
}

CAF_TEST(what_a_dead_connection_gives_back_does_not_overflow_silently) {
  options.reconnect.initial = 1s;
  options.queue.overflow = overflow::reject;
  start_open();
  last_peer().stop_reading();
  std::vector<answer_ptr_of<receipt>> answers;
  for (int i = 0; i < 30; ++i)
    answers.push_back(deliver(std::to_string(i)));
  last_peer().drop(true);
  settle();
  stats(); // balances
  advance(5s);
  std::size_t arrived = 0;
  for (auto& answer : answers)
    arrived += answer->arrived() ? 1 : 0;
  CAF_CHECK_EQUAL(arrived, 30u);
  auto numbers = stats();
  CAF_CHECK_EQUAL(numbers.pending, 0u);
  CAF_CHECK_EQUAL(numbers.sent, last_peer().messages().size());
}

CAF_TEST(a_flood_of_pings_from_a_peer_that_does_not_read_is_bounded) {
  start_open();
  auto& mean = last_peer();
  mean.stop_reading();
  for (int i = 0; i < 100; ++i) {
    for (int n = 0; n < 1000; ++n)
      mean.send_ping(std::string(100, 'x'));
    settle();
  }
  // 10 MB of pongs are owed; what is kept of them, and read of the pings, has a bound.
  CAF_CHECK_LESS(stats().total_traffic.pings_in, 50'000u);
  mean.go_on_reading();
  settle();
  CAF_CHECK_EQUAL(stats().total_traffic.pings_in, 100'000u);
  CAF_CHECK_EQUAL(mean.pongs().size(), 100'000u);
}

CAF_TEST_FIXTURE_SCOPE_END()

} // namespace pool_bounds_test
