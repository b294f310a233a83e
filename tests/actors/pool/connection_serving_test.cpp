// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE connection_serving

#include "support/pool_fixture.hpp"

namespace connection_serving_test {

using namespace wspool;
using namespace wspool::test;

namespace {

using texts = std::vector<std::string>;

struct fixture : pool_fixture {
  fixture() {
    options.reconnect.attempts = 0; // what ends stays ended
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(connection_serving_tests, fixture)

// -- messages and control frames that come in -----------------------------------------------------

CAF_TEST(received_messages_arrive_in_order_with_kind_and_connection) {
  auto log = start_open();
  last_peer().send_text("one");
  last_peer().send_binary(std::string{"\0\xff", 2});
  last_peer().send_text("");
  settle();
  CAF_CHECK_EQUAL(log->texts(), (texts{"one", std::string{"\0\xff", 2}, ""}));
  CAF_CHECK(log->messages.at(0).kind == message_kind::text);
  CAF_CHECK(log->messages.at(1).kind == message_kind::binary);
  CAF_CHECK_EQUAL(log->messages.at(2).connection, (connection_id{0, 1}));
  auto numbers = stats();
  CAF_CHECK_EQUAL(numbers.received, 3u);
  CAF_CHECK_EQUAL(numbers.total_traffic.bytes_in, 5u);
  CAF_CHECK_EQUAL(numbers.total_traffic.binary_in, 1u);
}

CAF_TEST(who_asked_for_batches_gets_all_that_one_read_brought) {
  auto batches = start_open(1, {event::message | event::open, true});
  auto singles = subscribe();
  auto both = subscribe({event::all, true});
  for (int i = 0; i < 10; ++i)
    last_peer().send_text(std::to_string(i));
  settle();
  CAF_CHECK(batches->messages.empty());
  CAF_REQUIRE_EQUAL(batches->batches.size(), 1u);
  CAF_CHECK_EQUAL(batches->batches[0].messages.size(), 10u);
  CAF_CHECK_EQUAL(std::string{batches->batches[0].messages.data(9)}, "9");
  CAF_CHECK_EQUAL(batches->batches[0].connection, (connection_id{0, 1}));
  CAF_CHECK_EQUAL(both->batches.size(), 1u);
  CAF_CHECK(singles->batches.empty());
  CAF_CHECK_EQUAL(singles->texts(), (texts{"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"}));
}

CAF_TEST(subscribers_get_what_they_asked_for_and_no_more) {
  auto opens = start_open(1, {event::open, false});
  auto messages = subscribe({event::message, false});
  last_peer().send_text("x");
  last_peer().send_ping("p");
  last_peer().close(close_code::normal);
  settle();
  CAF_CHECK_EQUAL(opens->order, texts{"open 0.1"});
  CAF_CHECK_EQUAL(messages->order, texts{"message 0.1"});
}

CAF_TEST(a_ping_of_the_peer_is_answered_and_told) {
  auto log = start_open();
  last_peer().send_ping("are you there?");
  settle();
  CAF_CHECK_EQUAL(last_peer().pongs(), texts{"are you there?"});
  CAF_REQUIRE_EQUAL(log->pings.size(), 1u);
  CAF_CHECK_EQUAL(log->pings[0].payload, "are you there?");
  CAF_CHECK_EQUAL(stats().total_traffic.pings_in, 1u);
}

CAF_TEST(an_unsolicited_pong_is_legal_and_told) {
  auto log = start_open();
  last_peer().send_pong("by the way");
  settle();
  CAF_REQUIRE_EQUAL(log->pongs.size(), 1u);
  CAF_CHECK_EQUAL(log->pongs[0].payload, "by the way");
  CAF_CHECK_EQUAL(log->pongs[0].round_trip.count(), 0);
  CAF_CHECK_EQUAL(stats().open, 1u);
}

CAF_TEST(a_peer_that_breaks_the_protocol_is_told_so_and_given_up) {
  options.reconnect.attempts = {};
  auto log = start_open();
  last_peer().send_raw("\x83\x01x"); // a reserved opcode (RFC 6455 §5.2)
  settle();
  CAF_REQUIRE(last_peer().closed().has_value());
  CAF_CHECK_EQUAL(last_peer().closed()->code, close_code::protocol_error);
  CAF_REQUIRE_EQUAL(log->closes.size(), 1u);
  CAF_CHECK_EQUAL(log->closes[0].why, errc::protocol_error);
  CAF_CHECK(log->closes[0].began == initiator::local);
  CAF_REQUIRE_EQUAL(log->errors.size(), 1u);
  CAF_CHECK_EQUAL(log->errors[0].code, errc::protocol_error);
  CAF_CHECK_EQUAL(log->given_up.size(), 1u);
}

CAF_TEST(a_message_above_the_limit_closes_with_1009) {
  options.connect.limits.max_message_bytes = 100;
  auto log = start_open();
  last_peer().send_text(std::string(101, 'x'));
  settle();
  CAF_CHECK(log->messages.empty());
  CAF_REQUIRE(last_peer().closed().has_value());
  CAF_CHECK_EQUAL(last_peer().closed()->code, close_code::too_big);
  CAF_CHECK_EQUAL(log->closes.at(0).why, errc::message_too_big);
}

// -- closing --------------------------------------------------------------------------------------

CAF_TEST(a_close_by_the_peer_is_answered_and_told_as_it_was) {
  auto log = start_open();
  last_peer().send_text("last words");
  last_peer().close(4242, "see you");
  settle();
  CAF_REQUIRE_EQUAL(log->closes.size(), 1u);
  auto& close = log->closes[0];
  CAF_CHECK_EQUAL(close.code, 4242u);
  CAF_CHECK_EQUAL(close.reason, "see you");
  CAF_CHECK(close.began == initiator::remote);
  CAF_CHECK(close.clean);
  CAF_CHECK_EQUAL(close.why, errc::closed);
  CAF_CHECK_EQUAL(log->texts(), texts{"last words"});
  CAF_CHECK_LESS(log->position("message 0.1"), log->position("close 0.1"));
  CAF_REQUIRE(last_peer().closed().has_value());
  CAF_CHECK_EQUAL(last_peer().closed()->code, 4242u);
  CAF_CHECK(log->errors.empty());
  CAF_CHECK(last_peer().is_gone());
}

CAF_TEST(an_end_without_a_closing_handshake_is_1006) {
  auto log = start_open();
  last_peer().drop();
  settle();
  CAF_REQUIRE_EQUAL(log->closes.size(), 1u);
  CAF_CHECK_EQUAL(log->closes[0].code, close_code::abnormal);
  CAF_CHECK(!log->closes[0].clean);
  CAF_CHECK(log->closes[0].began == initiator::remote);
  CAF_CHECK_EQUAL(log->closes[0].why, errc::end_of_stream);
  CAF_CHECK_EQUAL(log->errors.at(0).code, errc::end_of_stream);
}

CAF_TEST(a_reset_is_told_from_an_end) {
  auto log = start_open();
  last_peer().drop(true);
  settle();
  CAF_CHECK_EQUAL(log->closes.at(0).why, errc::connection_reset);
}

CAF_TEST(a_close_without_a_code_is_1005) {
  auto log = start_open();
  last_peer().close(close_code::no_status);
  settle();
  CAF_CHECK_EQUAL(log->closes.at(0).code, close_code::no_status);
  CAF_CHECK(log->closes.at(0).clean);
}

CAF_TEST(a_peer_that_never_answers_the_close_is_cut_off_at_the_deadline) {
  auto log = start_open();
  last_peer().fall_silent();
  auto report = ask<close_report>(close_atom_v);
  CAF_REQUIRE(last_peer().closed().has_value());
  advance(options.connect.deadlines.close - 1ms);
  CAF_CHECK(!report->arrived());
  CAF_CHECK(log->closes.empty());
  advance(1ms);
  CAF_CHECK(succeeded(report));
  CAF_REQUIRE_EQUAL(log->closes.size(), 1u);
  CAF_CHECK(!log->closes[0].clean);
  CAF_CHECK_EQUAL(log->closes[0].why, errc::close_timeout);
}

CAF_TEST(a_peer_that_closes_but_leaves_the_stream_open_is_cut_off) {
  auto log = start_open();
  // A close frame with 1000 and no more: the peer never ends the TCP connection.
  last_peer().send_raw(std::string{"\x88\x02\x03\xe8", 4});
  settle();
  advance(options.connect.deadlines.close);
  CAF_REQUIRE_EQUAL(log->closes.size(), 1u);
  CAF_CHECK_EQUAL(log->closes[0].code, close_code::normal);
  CAF_CHECK(log->closes[0].clean);
  CAF_CHECK(last_peer().is_gone());
}

// -- liveness -------------------------------------------------------------------------------------

CAF_TEST(silence_is_answered_with_a_ping_and_then_with_the_end) {
  auto log = start_open();
  last_peer().hold_pongs();
  last_peer().send_text("the clock starts here");
  settle();
  advance(30s - 1ms);
  CAF_CHECK(last_peer().pings().empty());
  advance(1ms);
  CAF_CHECK_EQUAL(last_peer().pings().size(), 1u);
  advance(5s - 1ms);
  CAF_CHECK(log->closes.empty());
  advance(1ms);
  CAF_REQUIRE_EQUAL(log->closes.size(), 1u);
  CAF_CHECK_EQUAL(log->closes[0].why, errc::heartbeat_timeout);
  CAF_CHECK_EQUAL(log->closes[0].code, close_code::abnormal);
  CAF_CHECK(log->closes[0].began == initiator::local);
  CAF_CHECK_EQUAL(log->errors.at(0).code, errc::heartbeat_timeout);
  CAF_CHECK_EQUAL(last_peer().pings().size(), 1u);
}

CAF_TEST(a_peer_that_answers_stays_and_its_round_trip_is_measured) {
  auto log = start_open();
  last_peer().hold_pongs();
  advance(30s);
  CAF_REQUIRE_EQUAL(last_peer().pings().size(), 1u);
  advance(20ms);
  last_peer().release_pongs();
  settle();
  CAF_REQUIRE_EQUAL(log->pongs.size(), 1u);
  // The ping left at some moment of the last second.
  CAF_CHECK_GREATER_OR_EQUAL(log->pongs[0].round_trip, 20ms);
  CAF_CHECK_EQUAL(stats().round_trip.count(), 1u);
  advance(10min);
  CAF_CHECK(log->closes.empty());
  CAF_CHECK_GREATER_OR_EQUAL(last_peer().pings().size(), 20u);
}

CAF_TEST(any_inbound_frame_proves_the_peer_alive) {
  auto log = start_open();
  last_peer().hold_pongs();
  for (int i = 0; i < 10; ++i) {
    advance(28s);
    switch (i % 3) {
      case 0:
        last_peer().send_text("x");
        break;
      case 1:
        last_peer().send_ping("x");
        break;
      case 2:
        last_peer().send_pong("x");
        break;
    }
    settle();
  }
  CAF_CHECK(last_peer().pings().empty());
  CAF_CHECK(log->closes.empty());
}

CAF_TEST(a_frame_after_the_ping_proves_it_too) {
  auto log = start_open();
  last_peer().hold_pongs();
  last_peer().send_text("x");
  settle();
  advance(30s + 4s);
  last_peer().send_text("still here");
  settle();
  advance(29s);
  CAF_CHECK(log->closes.empty());
  CAF_CHECK_EQUAL(last_peer().pings().size(), 1u);
}

CAF_TEST(a_part_of_a_long_frame_is_a_sign_of_life) {
  options.connect.limits.max_message_bytes = 1000;
  auto log = start_open();
  last_peer().hold_pongs();
  std::string frame{"\x82\x7e\x00\xc8", 4}; // 200 bytes of binary data
  frame += std::string(200, 'x');
  last_peer().send_raw(frame.substr(0, 4));
  for (std::size_t i = 0; i < 10; ++i) {
    advance(25s);
    last_peer().send_raw(frame.substr(4 + i * 20, 20));
    settle();
  }
  CAF_CHECK(last_peer().pings().empty());
  CAF_CHECK_EQUAL(log->messages.size(), 1u);
}

CAF_TEST(heartbeats_can_be_switched_off) {
  options.heartbeat.interval = 0ms;
  auto log = start_open();
  last_peer().hold_pongs();
  advance(1h);
  CAF_CHECK(last_peer().pings().empty());
  CAF_CHECK(log->closes.empty());
}

CAF_TEST(without_a_message_either_way_an_idle_connection_is_closed) {
  options.connect.deadlines.idle = 60s;
  auto log = start_open();
  last_peer().send_text("x");
  settle();
  advance(50s);
  tell(send_atom_v, std::string{"y"});
  advance(59s);
  CAF_CHECK(log->closes.empty());
  advance(1s);
  CAF_REQUIRE_EQUAL(log->closes.size(), 1u);
  CAF_CHECK(log->closes[0].began == initiator::local);
  CAF_CHECK(log->closes[0].clean);
  CAF_CHECK_EQUAL(log->closes[0].why, errc::idle_timeout);
  CAF_CHECK_GREATER_OR_EQUAL(last_peer().pings().size(), 1u); // pings are no messages
}

CAF_TEST(a_connection_that_lingers_costs_no_turns) {
  options.connect.deadlines.idle = 60s;
  options.heartbeat.interval = 0ms;
  auto log = start_open();
  auto& peer = last_peer();
  peer.stop_reading(); // the answer to its close frame cannot be written
  advance(59'500ms);
  peer.send_raw({"\x88\x02\x03\xe8", 4}); // 1000
  settle();
  const auto target = now() + 2s;
  int turns = 0;
  for (; now() < target && turns < 20; ++turns) {
    advance_time(std::clamp(next_timeout().value_or(target), now(), target) - now());
    settle();
  }
  CAF_CHECK_LESS(turns, 20);
}

CAF_TEST(what_comes_while_an_idle_connection_closes_is_not_lost) {
  options.connect.deadlines.idle = 60s;
  options.heartbeat.interval = 0ms;
  options.reconnect.attempts = {};
  start_open();
  auto& old = last_peer();
  old.fall_silent(); // the closing handshake takes its time
  advance(60s);
  CAF_REQUIRE(old.closed().has_value());
  auto answer = deliver("late");
  advance(1min);
  CAF_CHECK(succeeded(answer));
  CAF_CHECK_EQUAL(last_peer().texts(), texts{"late"});
}

// -- back-pressure of subscribers -----------------------------------------------------------------

CAF_TEST(a_slow_subscriber_stops_the_reading) {
  options.window.max_unread_bytes = 10'000;
  auto log = start_open();
  last_peer().stream().split_reads(1000);
  log->hold = true;
  for (int i = 0; i < 100; ++i)
    last_peer().send_text(std::string(900, 'x'));
  settle();
  const auto seen = log->messages.size();
  CAF_CHECK_GREATER_OR_EQUAL(seen, 9u);
  CAF_CHECK_LESS_OR_EQUAL(seen, 13u);
  advance(1s);
  CAF_CHECK_EQUAL(log->messages.size(), seen);
  log->release();
  settle();
  CAF_CHECK_EQUAL(log->messages.size(), 100u);
}

CAF_TEST(a_slow_subscriber_does_not_stop_the_writing) {
  options.window.max_unread_bytes = 1000;
  auto log = start_open();
  log->hold = true;
  last_peer().send_text(std::string(5000, 'x'));
  settle();
  CAF_CHECK(succeeded(deliver("out")));
}

CAF_TEST(reading_goes_on_when_the_slow_subscriber_leaves) {
  options.window.max_unread_bytes = 1000;
  auto slow = start_open();
  auto quick = subscribe();
  slow->hold = true;
  for (int i = 0; i < 5; ++i) {
    last_peer().send_text(std::string(2000, 'x'));
    settle();
  }
  CAF_CHECK_LESS(quick->messages.size(), 5u);
  unsubscribe(slow);
  CAF_CHECK_EQUAL(quick->messages.size(), 5u);
}

CAF_TEST(reading_goes_on_when_the_slow_subscriber_dies) {
  options.window.max_unread_bytes = 1000;
  auto slow = start_open();
  auto quick = subscribe();
  slow->hold = true;
  for (int i = 0; i < 5; ++i) {
    last_peer().send_text(std::string(2000, 'x'));
    settle();
  }
  CAF_CHECK_LESS(quick->messages.size(), 5u);
  end_subscriber(slow);
  CAF_CHECK_EQUAL(quick->messages.size(), 5u);
}

CAF_TEST(while_nothing_is_read_silence_proves_nothing) {
  options.window.max_unread_bytes = 1000;
  auto log = start_open();
  last_peer().hold_pongs();
  log->hold = true;
  last_peer().send_text(std::string(2000, 'x'));
  settle();
  advance(5min);
  CAF_CHECK(log->closes.empty());
  log->release();
  settle();
  // From now on it counts again.
  advance(30s);
  CAF_CHECK_EQUAL(last_peer().pings().size(), 1u);
  advance(5s);
  CAF_CHECK_EQUAL(log->closes.size(), 1u);
}

CAF_TEST_FIXTURE_SCOPE_END()

} // namespace connection_serving_test
