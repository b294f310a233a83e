// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE dispatcher_delivery

#include "support/pool_fixture.hpp"

#include <set>

namespace dispatcher_delivery_test {

using namespace wspool;
using namespace wspool::test;

namespace {

using texts = std::vector<std::string>;

struct fixture : pool_fixture {
  /// The bytes of a text message of a client (RFC 6455 §5.2): two of header, four of mask.
  static constexpr std::size_t frame_bytes(std::size_t payload) { return 6 + payload; }

  send_options expiring(milliseconds ttl) {
    send_options result;
    result.time_to_live = ttl;
    return result;
  }
  /// All peers' messages together, sorted.
  std::multiset<std::string> all_texts() {
    std::multiset<std::string> result;
    for (std::size_t i = 0; i < connector->size(); ++i)
      if ((*connector)[i].stream)
        for (auto& text : peer(i).texts())
          result.insert(text);
    return result;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(dispatcher_delivery_tests, fixture)

// -- sent -----------------------------------------------------------------------------------------

CAF_TEST(a_delivery_is_answered_with_the_connection_that_carried_it) {
  auto log = start_open();
  auto answer = deliver("hello");
  CAF_REQUIRE(succeeded(answer));
  CAF_CHECK_EQUAL(answer->value->connection, (connection_id{0, 1}));
  CAF_CHECK_EQUAL(last_peer().texts(), texts{"hello"});
  auto numbers = stats();
  CAF_CHECK_EQUAL(numbers.accepted, 1u);
  CAF_CHECK_EQUAL(numbers.sent, 1u);
  CAF_CHECK_EQUAL(numbers.total_traffic.messages_out, 1u);
  CAF_CHECK_EQUAL(numbers.total_traffic.bytes_out, 5u);
  CAF_CHECK_EQUAL(numbers.send_wait.count(), 1u);
}

CAF_TEST(every_way_of_sending_arrives_in_order) {
  start_open();
  tell(send_atom_v, std::string{"one"});
  tell(send_atom_v, outgoing{"two", {}});
  tell(send_atom_v, batch_of({"three", "four"}));
  auto five = deliver("five");
  auto rest = ask<batch_receipt>(deliver_atom_v, batch_of({"six", "seven"}));
  CAF_CHECK_EQUAL(last_peer().texts(),
                  (texts{"one", "two", "three", "four", "five", "six", "seven"}));
  CAF_CHECK(succeeded(five));
  CAF_REQUIRE(succeeded(rest));
  CAF_CHECK_EQUAL(rest->value->sent, 2u);
  CAF_CHECK_EQUAL(rest->value->failed, 0u);
  CAF_CHECK_EQUAL(stats().sent, 7u);
}

CAF_TEST(text_and_binary_keep_their_kind) {
  start_open();
  send_options binary;
  binary.kind = message_kind::binary;
  CAF_CHECK(succeeded(deliver(std::string{"\xff\x00\xfe", 3}, binary)));
  CAF_CHECK(succeeded(deliver("text")));
  auto& seen = last_peer().messages();
  CAF_REQUIRE_EQUAL(seen.size(), 2u);
  CAF_CHECK(seen[0].kind == message_kind::binary);
  CAF_CHECK_EQUAL(seen[0].data, (std::string{"\xff\x00\xfe", 3}));
  CAF_CHECK(seen[1].kind == message_kind::text);
  CAF_CHECK_EQUAL(stats().total_traffic.binary_out, 1u);
}

CAF_TEST(an_empty_batch_is_answered_at_once) {
  start();
  auto answer = ask<batch_receipt>(deliver_atom_v, message_batch{});
  CAF_REQUIRE(succeeded(answer));
  CAF_CHECK_EQUAL(answer->value->sent + answer->value->failed, 0u);
}

CAF_TEST(an_empty_message_is_a_message) {
  start_open();
  CAF_CHECK(succeeded(deliver("")));
  CAF_CHECK_EQUAL(last_peer().texts(), texts{""});
}

CAF_TEST(messages_wait_for_the_first_connection) {
  options.endpoints.front().connections = 1;
  start();
  auto answer = deliver("early");
  CAF_CHECK(!answer->arrived());
  CAF_CHECK_EQUAL(stats().queued_messages, 1u);
  CAF_CHECK_EQUAL(stats().pending, 1u);
  connector->accept_all();
  if (connector->first_pending() < connector->size())
    connector->accept(connector->first_pending());
  advance(options.reconnect.initial);
  CAF_CHECK(succeeded(answer));
  CAF_CHECK_EQUAL(last_peer().texts(), texts{"early"});
  CAF_CHECK_EQUAL(stats().queued_messages, 0u);
}

CAF_TEST(round_robin_takes_turns) {
  start_open(3);
  for (int i = 0; i < 9; ++i)
    CAF_CHECK(succeeded(deliver(std::to_string(i))));
  for (std::size_t i = 0; i < 3; ++i)
    CAF_CHECK_EQUAL(peer(i).messages().size(), 3u);
}

// -- failed ---------------------------------------------------------------------------------------

CAF_TEST(a_message_that_is_too_big_fails_alone) {
  options.connect.limits.max_message_bytes = 1000;
  start_open();
  auto big = deliver(std::string(1001, 'x'));
  auto fits = deliver(std::string(1000, 'x'));
  CAF_CHECK(failed_with(big, errc::too_big));
  CAF_CHECK(succeeded(fits));
  CAF_CHECK_EQUAL(stats().failures["too_big"], 1u);
  CAF_CHECK_EQUAL(stats().open, 1u);
}

CAF_TEST(text_that_is_not_utf8_fails_alone) {
  start_open();
  CAF_CHECK(failed_with(deliver("\xc3\x28"), errc::invalid_message));
  auto mixed = ask<batch_receipt>(deliver_atom_v, batch_of({"good", "\xff", "also good"}));
  CAF_REQUIRE(succeeded(mixed));
  CAF_CHECK_EQUAL(mixed->value->sent, 2u);
  CAF_CHECK_EQUAL(mixed->value->failed, 1u);
  CAF_CHECK_EQUAL(mixed->value->first_failure, errc::invalid_message);
  CAF_CHECK_EQUAL(last_peer().texts(), (texts{"good", "also good"}));
  CAF_CHECK_EQUAL(stats().failures["invalid_message"], 2u);
}

CAF_TEST(a_forged_batch_is_refused) {
  start_open();
  auto forged = batch_of({"abc"});
  forged.entries()[0].size = 1'000'000;
  CAF_CHECK(failed_with(ask<batch_receipt>(deliver_atom_v, forged), errc::invalid_message));
  tell(send_atom_v, forged);
  CAF_CHECK(last_peer().messages().empty());
}

CAF_TEST(drop_oldest_fails_the_oldest) {
  options.queue.max_messages = 2;
  start();
  auto first = deliver("1");
  auto second = deliver("2");
  auto third = deliver("3");
  CAF_CHECK(failed_with(first, errc::dropped));
  CAF_CHECK(!second->arrived());
  CAF_CHECK(!third->arrived());
  CAF_CHECK_EQUAL(stats().queued_messages, 2u);
  CAF_CHECK_EQUAL(stats().failures["dropped"], 1u);
}

CAF_TEST(drop_newest_fails_the_new_one) {
  options.queue.max_messages = 1;
  options.queue.overflow = overflow::drop_newest;
  start();
  auto first = deliver("1");
  CAF_CHECK(failed_with(deliver("2"), errc::dropped));
  CAF_CHECK(!first->arrived());
}

CAF_TEST(reject_says_that_the_queue_is_full) {
  options.queue.max_messages = 1;
  options.queue.overflow = overflow::reject;
  start();
  auto first = deliver("1");
  CAF_CHECK(failed_with(deliver("2"), errc::queue_full));
  CAF_CHECK(!first->arrived());
}

CAF_TEST(block_lets_deliveries_wait_in_a_room_as_large_as_the_queue) {
  options.queue.max_messages = 1;
  options.queue.overflow = overflow::block;
  start();
  auto queued = deliver("1");
  auto waits = deliver("2");
  CAF_CHECK(failed_with(deliver("3"), errc::queue_full));
  tell(send_atom_v, std::string{"plain"});
  CAF_CHECK_EQUAL(stats().failures["queue_full"], 2u);
  CAF_CHECK(!queued->arrived());
  CAF_CHECK(!waits->arrived());
  connector->accept_all();
  if (connector->first_pending() < connector->size())
    connector->accept(connector->first_pending());
  advance(options.reconnect.initial);
  CAF_CHECK(succeeded(queued));
  CAF_CHECK(succeeded(waits));
  CAF_CHECK_EQUAL(last_peer().texts(), (texts{"1", "2"}));
}

CAF_TEST(the_queue_is_bounded_in_bytes_too) {
  options.queue.max_bytes = 100;
  options.queue.overflow = overflow::reject;
  start();
  auto first = deliver(std::string(60, 'x'));
  CAF_CHECK(failed_with(deliver(std::string(60, 'x')), errc::queue_full));
  CAF_CHECK(!first->arrived());
  CAF_CHECK_EQUAL(stats().queued_bytes, 60u);
}

CAF_TEST(a_queued_message_expires_at_its_time) {
  start();
  auto answer = deliver("old", expiring(500ms));
  advance(499ms);
  CAF_CHECK(!answer->arrived());
  advance(2ms);
  CAF_CHECK(failed_with(answer, errc::expired));
  CAF_CHECK_EQUAL(stats().failures["expired"], 1u);
  CAF_CHECK_EQUAL(stats().queued_messages, 0u);
}

CAF_TEST(a_message_that_was_handed_over_may_expire_before_it_is_written) {
  start_open();
  last_peer().stop_reading();
  auto first = deliver(std::string(1000, 'x'));
  auto second = deliver("in time?", expiring(500ms));
  advance(1s);
  last_peer().go_on_reading();
  settle();
  CAF_CHECK(succeeded(first));
  CAF_CHECK(failed_with(second, errc::expired));
  CAF_CHECK_EQUAL(last_peer().messages().size(), 1u);
}

CAF_TEST(a_destroyed_pool_fails_what_was_pending) {
  start_open();
  last_peer().stop_reading();
  auto handed_over = deliver("1");
  options.queue.max_messages = 10;
  auto gone = ask<caf::unit_t>(destroy_atom_v);
  CAF_CHECK(succeeded(gone));
  CAF_CHECK(failed_with(handed_over, errc::pool_closed));
  CAF_CHECK(pool_is_down());
}

// -- the death of a connection: at most once ------------------------------------------------------

CAF_TEST(what_never_reached_the_kernel_goes_out_on_another_connection) {
  auto log = start_open(2);
  auto& doomed = peer_of({0, 1});
  auto& other = peer_of({1, 1});
  doomed.stop_reading();
  other.stop_reading();
  // One message each is in flight; the two behind them wait in the connections.
  auto flight_0 = deliver("flight 0");
  auto flight_1 = deliver("flight 1");
  auto behind_0 = deliver("behind 0");
  auto behind_1 = deliver("behind 1");
  CAF_CHECK(!flight_0->arrived());
  doomed.drop(true);
  settle();
  // Nothing of the write was taken, so all of it may go again.
  CAF_CHECK(!flight_0->arrived());
  other.go_on_reading();
  settle();
  CAF_CHECK(succeeded(flight_0));
  CAF_CHECK(succeeded(behind_0));
  CAF_CHECK(succeeded(flight_1));
  CAF_CHECK(succeeded(behind_1));
  CAF_CHECK_EQUAL(all_texts(),
                  (std::multiset<std::string>{"flight 0", "flight 1", "behind 0", "behind 1"}));
  CAF_CHECK_EQUAL(stats().failed, 0u);
  CAF_CHECK_EQUAL(stats().resent, 0u); // nothing was written twice
}

CAF_TEST(of_a_broken_write_the_whole_messages_are_sent_and_the_partial_one_is_lost) {
  options.reconnect.initial = 1ms;
  auto log = start_open(1);
  last_peer().stop_reading();
  auto wake = deliver("wake"); // its write waits, and so do those behind it
  std::vector<answer_ptr_of<receipt>> answers;
  for (int i = 0; i < 5; ++i)
    answers.push_back(deliver("load " + std::to_string(i)));
  auto& doomed = last_peer();
  doomed.stop_reading(frame_bytes(4)); // lets "wake" through
  settle();
  CAF_CHECK(succeeded(wake));
  CAF_CHECK(!answers[0]->arrived());
  // The write under way has all five: two and a half are taken.
  doomed.stream().fail_next_write(2 * frame_bytes(6) + 5);
  doomed.go_on_reading();
  settle();
  CAF_CHECK(succeeded(answers[0]));
  CAF_CHECK(succeeded(answers[1]));
  CAF_CHECK(failed_with(answers[2], errc::connection_lost));
  advance(5s);
  CAF_CHECK(succeeded(answers[3]));
  CAF_CHECK(succeeded(answers[4]));
  CAF_CHECK_EQUAL(answers[4]->value->connection, (connection_id{0, 2}));
  CAF_CHECK_EQUAL(doomed.texts(), (texts{"wake", "load 0", "load 1"}));
  CAF_CHECK_EQUAL(last_peer().texts(), (texts{"load 3", "load 4"}));
  CAF_CHECK_EQUAL(stats().failures["connection_lost"], 1u);
}

CAF_TEST(what_tls_may_have_sent_is_in_doubt_and_not_sent_again) {
  options.reconnect.initial = 1ms;
  start_open(1);
  auto& doomed = last_peer();
  doomed.stream().doubt_writes();
  doomed.stop_reading();
  auto wake = deliver("wake");
  auto behind = deliver("behind");
  doomed.stream().fail_next_write(0);
  doomed.go_on_reading();
  advance(5s);
  CAF_CHECK(failed_with(wake, errc::connection_lost));
  CAF_CHECK(succeeded(behind));
  CAF_CHECK_EQUAL(last_peer().texts(), texts{"behind"});
}

CAF_TEST(a_written_message_is_sent_even_if_the_connection_dies_afterwards) {
  start_open();
  auto answer = deliver("hello");
  last_peer().drop(true);
  settle();
  CAF_CHECK(succeeded(answer));
  CAF_CHECK_EQUAL(stats().sent, 1u);
  CAF_CHECK_EQUAL(stats().failed, 0u);
}

CAF_TEST(the_one_that_the_peer_calls_too_big_is_not_sent_again) {
  options.policy = delivery::at_least_once;
  options.reconnect.initial = 1ms;
  start_open();
  last_peer().hold_pongs();
  auto small = deliver("small");
  auto big = deliver(std::string(1000, 'x'));
  last_peer().close(close_code::too_big, "1000 is too much");
  advance(5s);
  CAF_CHECK_EQUAL(connector->size(), 2u);
  CAF_CHECK(failed_with(big, errc::too_big));
  CAF_CHECK(succeeded(small));
  CAF_CHECK_EQUAL(last_peer().texts(), texts{"small"});
}

// -- replies to one connection --------------------------------------------------------------------

CAF_TEST(a_reply_goes_to_its_connection_only) {
  start_open(3);
  for (int i = 0; i < 5; ++i) {
    auto answer = ask<batch_receipt>(reply_atom_v, connection_id{1, 1}, batch_of({"mine"}));
    CAF_REQUIRE(succeeded(answer));
    CAF_CHECK_EQUAL(answer->value->sent, 1u);
  }
  CAF_CHECK_EQUAL(peer_of({1, 1}).messages().size(), 5u);
}

CAF_TEST(a_reply_to_a_connection_that_is_gone_fails) {
  start_open(1);
  auto answer = ask<batch_receipt>(reply_atom_v, connection_id{0, 7}, batch_of({"a", "b"}));
  CAF_REQUIRE(succeeded(answer));
  CAF_CHECK_EQUAL(answer->value->failed, 2u);
  CAF_CHECK_EQUAL(answer->value->first_failure, errc::no_connection);
  CAF_CHECK(last_peer().messages().empty());
}

CAF_TEST_FIXTURE_SCOPE_END()

} // namespace dispatcher_delivery_test
