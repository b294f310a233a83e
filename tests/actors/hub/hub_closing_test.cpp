// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE hub_closing

#include "support/hub_fixture.hpp"

namespace hub_closing_test {

using namespace wspool;
using namespace wspool::test;

namespace {

/// Frames of a client that follows no rules: masked with 1, 2, 3, 4.
const std::string close_1000{"\x88\x82\x01\x02\x03\x04\x02\xea", 8};
const std::string text_hi{"\x81\x82\x01\x02\x03\x04\x69\x6b", 8};

struct fixture : hub_fixture {
  void close_all() { ask<std::uint64_t>(close_atom_v, to_all(), close_order{}); }
  void send_together(const texts& what) {
    message_batch batch;
    for (const auto& text : what)
      batch.add(text);
    ask<std::uint64_t>(send_atom_v, to_all(), batch);
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(hub_closing_tests, fixture)

// -- the deadline ---------------------------------------------------------------------------------

CAF_TEST(pings_and_slow_reading_do_not_put_off_the_end) {
  start();
  auto& client = connect();
  client.stop_reading();
  send(to_all(), "first"); // in the write under way
  send(to_all(), "waits");
  close_all();
  for (int i = 0; i < 10; ++i) {
    // As many pongs as fill a write. Then the client reads the write under way.
    for (int n = 0; n < 1100; ++n)
      client.send_ping(std::string(125, 'p'));
    settle();
    advance(options.stay.close - 1s);
    client.stream().stall(i == 0 ? 7 : 1100 * 127);
    settle();
  }
  CAF_REQUIRE_EQUAL(log->left.size(), 1u);
  CAF_CHECK_EQUAL(log->left[0].why, errc::close_timeout);
}

CAF_TEST(who_takes_what_waits_is_given_the_time_to) {
  start();
  auto& client = connect();
  client.stop_reading();
  const std::size_t size = 130 * 1024; // a write each
  for (int i = 0; i < 5; ++i)
    send(to_all(), std::string(size, 'x'));
  close_all();
  for (int i = 0; i < 4; ++i) {
    advance(options.stay.close - 1s);
    CAF_REQUIRE(log->left.empty());
    client.stream().stall(size + 10);
    settle();
  }
  advance(options.stay.close - 1s);
  client.go_on_reading();
  settle();
  CAF_CHECK_EQUAL(client.texts().size(), 5u);
  CAF_REQUIRE_EQUAL(log->left.size(), 1u);
  CAF_CHECK(log->left[0].clean);
}

CAF_TEST(a_client_that_lingers_costs_no_turns) {
  options.stay.idle = 10s;
  start();
  auto& client = connect();
  client.stop_reading(); // the answer to its close frame cannot be written
  advance(9'500ms);
  client.send_raw(close_1000);
  settle();
  const auto target = now() + 2s;
  int turns = 0;
  for (; now() < target && turns < 20; ++turns) {
    advance_time(std::clamp(next_timeout().value_or(target), now(), target) - now());
    settle();
  }
  CAF_CHECK_LESS(turns, 20);
  advance(options.stay.close);
  CAF_REQUIRE_EQUAL(log->left.size(), 1u);
  CAF_CHECK_EQUAL(log->left[0].why, errc::closed);
}

// -- what still comes in --------------------------------------------------------------------------

CAF_TEST(what_comes_behind_our_close_frame_is_counted_and_not_delivered) {
  start();
  auto& client = connect();
  client.fall_silent(); // it does not answer the close
  close_all();
  client.send_raw(text_hi);
  settle();
  CAF_CHECK(log->messages.empty());
  CAF_CHECK_EQUAL(stats().total_traffic.messages_in, 1u);
}

CAF_TEST(what_comes_before_our_close_frame_is_delivered) {
  start();
  auto& client = connect();
  client.stop_reading();
  send(to_all(), "in the write under way");
  close_all();
  client.send_raw(text_hi);
  settle();
  CAF_CHECK_EQUAL(log->messages.size(), 1u);
}

CAF_TEST(an_answer_to_our_close_frame_is_read_though_a_subscriber_is_behind) {
  options.max_unread_bytes = 100;
  start();
  auto& client = connect();
  log->hold = true;
  client.send_text(std::string(500, 'x'));
  settle();
  close_all();
  CAF_REQUIRE_EQUAL(log->left.size(), 1u);
  CAF_CHECK(log->left[0].clean);
}

// -- the account ----------------------------------------------------------------------------------

CAF_TEST(of_a_write_that_failed_only_what_was_taken_counts_as_written) {
  start();
  auto& client = connect();
  client.stream().fail_next_write(5); // the first message and one byte
  message_batch batch;
  batch.add("ab");
  send_options binary;
  binary.kind = message_kind::binary;
  batch.add("cd", binary);
  ask<std::uint64_t>(send_atom_v, to_all(), batch);
  const auto numbers = stats();
  CAF_CHECK_EQUAL(numbers.clients, 0u);
  CAF_CHECK_EQUAL(numbers.total_traffic.messages_out, 1u);
  CAF_CHECK_EQUAL(numbers.total_traffic.bytes_out, 2u);
  CAF_CHECK_EQUAL(numbers.total_traffic.binary_out, 0u);
  CAF_CHECK_EQUAL(numbers.dropped_messages, 1u);
}

CAF_TEST(of_a_write_that_a_hard_end_cuts_short_too) {
  writes_at_once = false;
  start();
  auto& client = connect();
  client.stop_reading(4);
  send_together({"ab", "cd"});
  send(to_all(), "waits");
  CAF_CHECK_EQUAL(stats().total_traffic.messages_out, 0u); // not known yet
  close_all();
  advance(options.stay.close);
  const auto numbers = stats();
  CAF_CHECK_EQUAL(numbers.clients, 0u);
  CAF_CHECK_EQUAL(numbers.total_traffic.messages_out, 1u);
  CAF_CHECK_EQUAL(numbers.dropped_messages, 2u);
}

CAF_TEST(of_what_was_written_at_once_in_part_the_whole_messages_count_and_the_rest_follows) {
  start();
  auto& client = connect();
  auto& cut_off = connect();
  for (auto* each : {&client, &cut_off})
    each->stop_reading(6); // the first message and half of the second
  send_together({"ab", "cd", "ef"});
  send(to_all(), "waits");
  CAF_CHECK_EQUAL(stats().total_traffic.messages_out, 2u); // one each
  client.go_on_reading();
  settle();
  CAF_CHECK_EQUAL(client.texts(), (texts{"ab", "cd", "ef", "waits"}));
  CAF_CHECK_EQUAL(stats().total_traffic.messages_out, 5u);
  CAF_CHECK_EQUAL(stats().total_traffic.bytes_out, 13u);
  close_all();
  advance(options.stay.close);
  const auto numbers = stats();
  CAF_CHECK_EQUAL(numbers.clients, 0u);
  CAF_CHECK_EQUAL(numbers.total_traffic.messages_out, 5u);
  CAF_CHECK_EQUAL(numbers.dropped_messages, 3u);
}

CAF_TEST(a_message_whose_rest_was_taken_counts_though_the_write_failed_behind_it) {
  start();
  auto& client = connect();
  client.stop_reading(6);
  send_together({"ab", "cd", "ef"});
  client.stream().fail_next_write(3); // the rest of the second, and one byte
  client.go_on_reading();
  settle();
  const auto numbers = stats();
  CAF_CHECK_EQUAL(numbers.clients, 0u);
  CAF_CHECK_EQUAL(numbers.total_traffic.messages_out, 2u);
  CAF_CHECK_EQUAL(numbers.total_traffic.bytes_out, 4u);
  CAF_CHECK_EQUAL(numbers.dropped_messages, 1u);
}

CAF_TEST_FIXTURE_SCOPE_END()

} // namespace hub_closing_test
