// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE dispatcher_confirmation

#include "support/pool_fixture.hpp"

namespace dispatcher_confirmation_test {

using namespace wspool;
using namespace wspool::test;

namespace {

using texts = std::vector<std::string>;

/// At least once: a ping behind the messages confirms them with its pong (RFC 6455 §5.5.2-5.5.3).
struct fixture : pool_fixture {
  fixture() {
    options.policy = delivery::at_least_once;
    options.reconnect.initial = 1ms;
    options.heartbeat.interval = 0ms; // all pings are barriers
  }

  static send_options keyed(std::string key) {
    send_options result;
    result.key = std::move(key);
    return result;
  }
  static send_options with(delivery policy) {
    send_options result;
    result.policy = policy;
    return result;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(dispatcher_confirmation_tests, fixture)

CAF_TEST(a_message_is_sent_when_the_peer_has_read_it) {
  start_open();
  last_peer().hold_pongs();
  auto answer = deliver("hello");
  CAF_CHECK_EQUAL(last_peer().texts(), texts{"hello"});
  CAF_CHECK(!answer->arrived());
  CAF_CHECK_EQUAL(stats().pending, 1u);
  CAF_CHECK_EQUAL(stats_of({0, 1}).pending_messages, 1u);
  last_peer().release_pongs();
  settle();
  CAF_CHECK(succeeded(answer));
  CAF_CHECK_EQUAL(stats().sent, 1u);
  CAF_CHECK_EQUAL(stats_of({0, 1}).pending_messages, 0u);
}

CAF_TEST(one_barrier_at_a_time_and_behind_its_messages) {
  start_open();
  last_peer().hold_pongs();
  auto first = ask<batch_receipt>(deliver_atom_v, batch_of({"1", "2", "3"}));
  auto& pings = last_peer().pings();
  CAF_REQUIRE_EQUAL(pings.size(), 1u);
  CAF_CHECK_EQUAL(pings[0].messages_before, 3u);
  auto second = deliver("4");
  auto third = deliver("5");
  CAF_CHECK_EQUAL(last_peer().messages().size(), 5u); // nothing waits for a barrier
  CAF_CHECK_EQUAL(pings.size(), 1u);
  last_peer().release_pongs(1);
  settle();
  CAF_CHECK(succeeded(first));
  CAF_CHECK(!second->arrived());
  CAF_REQUIRE_EQUAL(pings.size(), 2u);
  CAF_CHECK_EQUAL(pings[1].messages_before, 5u);
  last_peer().release_pongs();
  settle();
  CAF_CHECK(succeeded(second));
  CAF_CHECK(succeeded(third));
}

CAF_TEST(without_anything_to_confirm_there_is_no_barrier) {
  start_open();
  CAF_CHECK(succeeded(deliver("x")));
  const auto before = last_peer().pings().size();
  CAF_CHECK_EQUAL(before, 1u);
  advance(1h);
  CAF_CHECK(succeeded(deliver("y", with(delivery::at_most_once))));
  CAF_CHECK_EQUAL(last_peer().pings().size(), before);
}

CAF_TEST(what_is_not_confirmed_when_a_connection_dies_is_sent_again) {
  start_open();
  auto& doomed = last_peer();
  doomed.hold_pongs();
  auto first = deliver("1");
  auto second = deliver("2");
  doomed.release_pongs(1); // of the barrier behind "1"
  settle();
  CAF_CHECK(succeeded(first));
  doomed.drop(true);
  advance(5s);
  CAF_CHECK(succeeded(second));
  CAF_CHECK_EQUAL(second->value->connection, (connection_id{0, 2}));
  CAF_CHECK_EQUAL(last_peer().texts(), texts{"2"});
  auto numbers = stats();
  CAF_CHECK_EQUAL(numbers.resent, 1u);
  CAF_CHECK_EQUAL(numbers.sent, 2u);
  CAF_CHECK_EQUAL(numbers.failed, 0u);
}

CAF_TEST(the_order_of_acceptance_survives_a_death) {
  start_open();
  auto& doomed = last_peer();
  doomed.hold_pongs();
  for (int i = 0; i < 5; ++i)
    tell(send_atom_v, std::to_string(i));
  doomed.drop(true);
  settle();
  for (int i = 5; i < 10; ++i)
    tell(send_atom_v, std::to_string(i));
  advance(5s);
  CAF_CHECK_EQUAL(last_peer().texts(), (texts{"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"}));
}

CAF_TEST(messages_of_a_key_keep_their_order_through_a_death) {
  options.schedule = schedule::hash;
  start_open(3);
  for (std::size_t i = 0; i < 3; ++i)
    peer(i).hold_pongs();
  for (int i = 0; i < 20; ++i)
    tell(send_atom_v, outgoing{std::to_string(i), keyed("k")});
  std::size_t bearer = 0;
  for (std::size_t i = 0; i < 3; ++i)
    if (!peer(i).messages().empty())
      bearer = i;
  CAF_CHECK_EQUAL(peer(bearer).messages().size(), 20u); // all on one connection
  peer(bearer).release_pongs(1);
  settle();
  peer(bearer).drop(true);
  settle();
  for (int i = 20; i < 25; ++i)
    tell(send_atom_v, outgoing{std::to_string(i), keyed("k")});
  for (std::size_t i = 0; i < 3; ++i)
    if (i != bearer)
      peer(i).release_pongs();
  advance(5s);
  texts again;
  for (std::size_t i = 0; i < connector->size(); ++i)
    if (i != bearer)
      for (auto& text : peer(i).texts())
        again.push_back(text);
  CAF_REQUIRE(!again.empty());
  const auto first = std::stoi(again.front());
  CAF_CHECK_LESS_OR_EQUAL(first, 20);
  for (std::size_t i = 0; i < again.size(); ++i)
    CAF_CHECK_EQUAL(again[i], std::to_string(first + static_cast<int>(i)));
  CAF_CHECK_EQUAL(again.back(), "24");
  CAF_CHECK_EQUAL(stats().pending, 0u);
}

CAF_TEST(the_policy_can_be_chosen_for_each_message) {
  options.policy = delivery::at_most_once;
  start_open();
  last_peer().hold_pongs();
  auto quick = deliver("quick");
  auto sure = deliver("sure", with(delivery::at_least_once));
  CAF_CHECK(succeeded(quick));
  CAF_CHECK(!sure->arrived());
  CAF_CHECK_EQUAL(last_peer().pings().size(), 1u);
  last_peer().drop(true);
  advance(5s);
  CAF_CHECK(succeeded(sure));
  CAF_CHECK_EQUAL(last_peer().texts(), texts{"sure"});
}

CAF_TEST(a_request_may_ask_for_written_only) {
  start_open();
  last_peer().hold_pongs();
  auto answer = deliver("x", {}, until::written);
  CAF_CHECK(succeeded(answer));
  CAF_CHECK_EQUAL(stats().pending, 1u); // its outcome comes later
  auto batch = ask<batch_receipt>(deliver_atom_v, batch_of({"y", "z"}), until::written);
  CAF_REQUIRE(succeeded(batch));
  CAF_CHECK_EQUAL(batch->value->sent, 2u);
  last_peer().release_pongs();
  settle();
  CAF_CHECK_EQUAL(stats().sent, 3u);
}

CAF_TEST(a_request_may_ask_for_confirmed_under_at_most_once) {
  options.policy = delivery::at_most_once;
  start_open();
  last_peer().hold_pongs();
  auto answer = deliver("x", {}, until::confirmed);
  CAF_CHECK(!answer->arrived());
  last_peer().release_pongs();
  settle();
  CAF_CHECK(succeeded(answer));
}

CAF_TEST(at_most_once_is_never_written_twice_even_if_confirmed_was_asked_for) {
  options.policy = delivery::at_most_once;
  start_open();
  auto& doomed = last_peer();
  doomed.hold_pongs();
  auto answer = deliver("x", {}, until::confirmed);
  CAF_CHECK(!answer->arrived());
  doomed.drop(true);
  advance(5s);
  CAF_CHECK(failed_with(answer, errc::connection_lost));
  CAF_CHECK(last_peer().messages().empty());
}

CAF_TEST(a_users_ping_confirms_nothing_that_came_after_it) {
  start_open();
  last_peer().hold_pongs();
  auto early_ping = ask<ping_outcome>(ping_atom_v, std::string{"same"});
  auto answer = deliver("x");
  auto late_ping = ask<ping_outcome>(ping_atom_v, std::string{"same"});
  last_peer().release_pongs(1); // answers the early ping: "x" may not have been read
  settle();
  CAF_CHECK(succeeded(early_ping));
  CAF_CHECK(!answer->arrived());
  last_peer().release_pongs();
  settle();
  CAF_CHECK(succeeded(answer));
  CAF_CHECK(succeeded(late_ping));
}

CAF_TEST(a_pong_for_the_latest_ping_stands_for_the_earlier_ones) {
  // RFC 6455 §5.5.3: a peer may answer the most recent ping only.
  start_open();
  last_peer().hold_pongs();
  auto answer = deliver("x");
  auto ping = ask<ping_outcome>(ping_atom_v, std::string{"latest"});
  last_peer().send_pong("latest");
  settle();
  CAF_CHECK(succeeded(answer));
  CAF_CHECK(succeeded(ping));
}

CAF_TEST(an_unsolicited_pong_confirms_nothing) {
  start_open();
  last_peer().hold_pongs();
  auto answer = deliver("x");
  last_peer().send_pong("surprise");
  last_peer().send_pong("");
  settle();
  CAF_CHECK(!answer->arrived());
}

CAF_TEST(a_closing_handshake_that_completed_confirms_nothing_by_itself) {
  // The peer may have closed before it read what was on its way.
  start_open();
  auto& doomed = last_peer();
  doomed.hold_pongs();
  auto answer = deliver("x");
  doomed.close(close_code::going_away);
  advance(5s);
  CAF_CHECK(succeeded(answer));
  CAF_CHECK_EQUAL(last_peer().texts(), texts{"x"});
  CAF_CHECK_EQUAL(stats().resent, 1u);
}

CAF_TEST(unconfirmed_messages_use_up_the_window) {
  options.window.max_messages = 4;
  start_open();
  last_peer().hold_pongs();
  for (int i = 0; i < 10; ++i)
    tell(send_atom_v, std::to_string(i));
  CAF_CHECK_EQUAL(last_peer().messages().size(), 4u);
  CAF_CHECK_EQUAL(stats().queued_messages, 6u);
  last_peer().release_pongs();
  settle();
  CAF_CHECK_EQUAL(last_peer().messages().size(), 10u);
  CAF_CHECK_EQUAL(stats().sent, 10u);
}

CAF_TEST(what_waits_for_a_keys_confirmation_moves_when_the_connection_is_retired) {
  options.schedule = schedule::hash;
  start_open(2);
  for (std::size_t i = 0; i < 2; ++i)
    peer(i).hold_pongs();
  auto first = deliver("1", keyed("k"));
  auto bearer = peer(0).messages().empty() ? std::size_t{1} : std::size_t{0};
  auto second = deliver("2", keyed("k"));
  CAF_CHECK_EQUAL(peer(bearer).messages().size(), 2u);
  auto resized = ask<caf::unit_t>(resize_atom_v, std::string{url}, std::uint32_t{1});
  auto third = deliver("3", keyed("k"));
  for (std::size_t i = 0; i < 2; ++i)
    peer(i).release_pongs();
  advance(1s);
  CAF_CHECK(succeeded(first));
  CAF_CHECK(succeeded(second));
  CAF_CHECK(succeeded(third));
  CAF_CHECK(succeeded(resized));
  CAF_CHECK_EQUAL(stats().resent, 0u);
  CAF_CHECK_EQUAL(stats().open, 1u);
}

CAF_TEST_FIXTURE_SCOPE_END()

} // namespace dispatcher_confirmation_test
