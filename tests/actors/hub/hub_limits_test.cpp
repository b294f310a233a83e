// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE hub_limits

#include "support/hub_fixture.hpp"

#include "hub/compression_budget.hpp"

namespace hub_limits_test {

using namespace wspool;
using namespace wspool::test;

namespace {

struct fixture : hub_fixture {
  /// "0", "1" and so on to everybody, each in its own turn.
  void send_numbers(int count) {
    for (int i = 0; i < count; ++i)
      send(to_all(), std::to_string(i));
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(hub_limits_tests, fixture)

// -- the door -------------------------------------------------------------------------------------

CAF_TEST(beyond_the_limit_clients_get_503_until_somebody_leaves) {
  options.admission.max_connections = 2;
  start();
  auto& first = connect();
  knock(); // says nothing, and counts
  auto& third = connect();
  CAF_CHECK_EQUAL(third.status(), 503u);
  CAF_CHECK_EQUAL(std::string{third.response().header_value("Retry-After")}, "5");
  CAF_CHECK(third.is_gone());
  first.close(1000);
  settle();
  CAF_CHECK(connect().is_open());
  const auto numbers = stats();
  CAF_CHECK_EQUAL(numbers.refused.at(503), 1u);
  CAF_CHECK_EQUAL(numbers.sockets, 2u);
}

CAF_TEST(one_address_cannot_have_more_than_its_share) {
  options.admission.max_per_address = 1;
  start();
  auto& first = connect("/", {}, "192.0.2.1:1");
  CAF_CHECK_EQUAL(connect("/", {}, "192.0.2.1:2").status(), 429u);
  CAF_CHECK(connect("/", {}, "192.0.2.2:1").is_open());
  CAF_CHECK(connect("/", {}, "[2001:db8::1]:1").is_open());
  CAF_CHECK_EQUAL(connect("/", {}, "[2001:db8::1]:2").status(), 429u);
  // A host has 2^64 addresses of IPv6, and may have one of IPv4 by way of IPv6.
  CAF_CHECK_EQUAL(connect("/", {}, "[2001:db8::2:3]:1").status(), 429u);
  CAF_CHECK(connect("/", {}, "[2001:db8:0:1::1]:1").is_open());
  CAF_CHECK_EQUAL(connect("/", {}, "[::ffff:192.0.2.2]:2").status(), 429u);
  first.drop(true);
  settle();
  CAF_CHECK(connect("/", {}, "192.0.2.1:3").is_open());
}

CAF_TEST(when_too_many_are_being_refused_the_rest_is_not_even_answered) {
  options.admission.max_connections = 1;
  start();
  connect();
  for (std::size_t i = 0; i < door::max_refusals; ++i)
    knock();
  auto& last = knock();
  CAF_CHECK(last.stream().peer_closed());
  CAF_CHECK_EQUAL(stats().turned_away, 1u);
  CAF_CHECK_EQUAL(stats().sockets, 1 + door::max_refusals);
}

CAF_TEST(who_does_not_finish_the_request_in_time_is_cut_off) {
  start();
  auto& silent = knock();
  auto& slow = knock();
  auto& quick = connect();
  slow.send_raw("GET / HTTP/1.1\r\n");
  settle();
  advance(options.admission.handshake - 1ms);
  CAF_CHECK(!silent.stream().peer_closed());
  advance(1ms);
  CAF_CHECK(silent.stream().peer_closed());
  CAF_CHECK(slow.stream().peer_closed());
  CAF_CHECK(quick.is_open());
  CAF_CHECK_EQUAL(stats().failed, 2u);
  CAF_CHECK(log->left.empty());
}

CAF_TEST(what_is_no_upgrade_or_too_long_gets_a_proper_status) {
  options.limits.max_header_bytes = 1024;
  start();
  auto& plain = knock();
  plain.send_raw("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  settle();
  CAF_CHECK(plain.stream().received().empty()); // pump took it
  auto& tall = connect("/", {{"X-Long", std::string(2000, 'x')}});
  CAF_CHECK_EQUAL(tall.status(), 431u);
  auto numbers = stats();
  CAF_CHECK_EQUAL(numbers.http.at(426), 1u);
  CAF_CHECK(numbers.refused.empty());
  CAF_CHECK_EQUAL(numbers.failed, 1u);
}

CAF_TEST(who_comes_when_the_memory_for_compression_is_used_up_goes_without) {
  options.deflate.enabled = true;
  options.max_deflate_bytes = 2 * deflate_bytes(options.deflate);
  start();
  codec_options offers;
  offers.deflate.enabled = true;
  const auto compresses = [](const scripted_client& client) {
    CAF_CHECK(client.is_open());
    return !client.response().header_value("Sec-WebSocket-Extensions").empty();
  };
  CAF_CHECK(!compresses(connect())); // takes nothing, as it offers nothing
  auto& first = connect("/", {}, "192.0.2.1:1", offers);
  CAF_CHECK(compresses(first));
  CAF_CHECK(compresses(connect("/", {}, "192.0.2.1:2", offers)));
  auto& third = connect("/", {}, "192.0.2.1:3", offers);
  CAF_CHECK(!compresses(third));
  const std::string large(10'000, 'x');
  send(to_all(), large);
  CAF_CHECK(third.texts() == texts{large});
  CAF_CHECK(first.texts() == texts{large});
  first.close(1000);
  settle();
  CAF_CHECK(compresses(connect("/", {}, "192.0.2.1:4", offers)));
  CAF_CHECK(!compresses(connect("/", {}, "192.0.2.1:5", offers)));
}

CAF_TEST(origins_and_subprotocols_are_judged) {
  options.entrance.origins = {"https://good.test"};
  options.entrance.subprotocols = {"v2", "v1"};
  start();
  CAF_CHECK_EQUAL(connect("/", {{"Origin", "https://evil.test"}}).status(), 403u);
  auto& good =
    connect("/", {{"Origin", "https://good.test"}, {"Sec-WebSocket-Protocol", "v1, v2"}});
  CAF_CHECK(good.is_open());
  CAF_CHECK_EQUAL(good.subprotocol(), "v2");
  CAF_CHECK_EQUAL(log->arrived.at(0).info.subprotocol, "v2");
}

CAF_TEST(a_message_above_the_limit_closes_with_1009) {
  options.limits.max_message_bytes = 100;
  start();
  auto& client = connect();
  client.send_text(std::string(101, 'x'));
  settle();
  CAF_REQUIRE(client.closed().has_value());
  CAF_CHECK_EQUAL(client.closed()->code, close_code::too_big);
  CAF_CHECK_EQUAL(log->left.at(0).why, errc::message_too_big);
}

// -- rates ----------------------------------------------------------------------------------------

CAF_TEST(who_sends_too_fast_is_read_more_slowly) {
  options.rate.messages_per_second = 10;
  start();
  auto& client = connect();
  client.stream().split_reads(7); // one message each
  for (int i = 0; i < 40; ++i)
    client.send_text("x");
  settle();
  // A second's worth at once; one more shows that it was too much.
  CAF_CHECK_EQUAL(log->messages.size(), 11u);
  advance(1s);
  CAF_CHECK_EQUAL(log->messages.size(), 21u);
  advance(2s);
  CAF_CHECK_EQUAL(log->messages.size(), 40u);
  CAF_CHECK(client.is_open());
}

CAF_TEST(a_rate_in_bytes_counts_the_wire) {
  options.rate.bytes_per_second = 1000;
  start();
  auto& client = connect(); // the request has its part in it
  advance(1s);
  client.stream().split_reads(508);
  for (int i = 0; i < 6; ++i)
    client.send_text(std::string(500, 'x')); // 508 bytes each
  settle();
  CAF_CHECK_EQUAL(log->messages.size(), 2u);
  advance(2s);
  CAF_CHECK_GREATER_OR_EQUAL(log->messages.size(), 5u);
}

CAF_TEST(who_sends_too_fast_is_closed_if_that_is_the_rule) {
  options.rate.messages_per_second = 10;
  options.rate.action = over_rate::close;
  start();
  auto& client = connect();
  for (int i = 0; i < 10; ++i)
    client.send_text("x");
  settle();
  CAF_CHECK(client.is_open());
  client.send_text("one more");
  settle();
  CAF_REQUIRE(client.closed().has_value());
  CAF_CHECK_EQUAL(client.closed()->code, close_code::policy_violation);
  CAF_CHECK_EQUAL(log->left.at(0).why, errc::rate_exceeded);
}

CAF_TEST(the_upgrade_request_is_not_charged) {
  options.rate.bytes_per_second = 50;
  start();
  auto& client = knock();
  client.stream().split_reads(60); // of several reads
  client.start({"server.test", "/", {}});
  settle();
  CAF_REQUIRE(client.is_open());
  client.send_text(std::string(40, 'x'));
  settle();
  CAF_CHECK_EQUAL(log->messages.size(), 1u);
}

CAF_TEST(who_would_have_to_wait_too_long_is_closed_whatever_the_rule) {
  options.rate.messages_per_second = 10;
  start();
  auto& patient = connect();
  for (int i = 0; i < 300; ++i)
    patient.send_text("x");
  auto& hopeless = connect();
  for (int i = 0; i < 320; ++i) // half a minute's worth, besides the second's that may come at once
    hopeless.send_text("x");
  settle();
  CAF_CHECK(patient.is_open());
  CAF_REQUIRE(hopeless.closed().has_value());
  CAF_CHECK_EQUAL(hopeless.closed()->code, close_code::policy_violation);
  CAF_REQUIRE_EQUAL(log->left.size(), 1u);
  CAF_CHECK_EQUAL(log->left[0].why, errc::rate_exceeded);
}

CAF_TEST(a_client_that_vanishes_while_it_is_not_read_is_found_dead) {
  options.rate.messages_per_second = 10;
  options.stay.heartbeat = {10s, 2s};
  start();
  auto& client = connect();
  for (int i = 0; i < 300; ++i)
    client.send_text("x");
  settle();
  client.fall_silent();
  advance(45s);
  CAF_REQUIRE_EQUAL(log->left.size(), 1u);
  CAF_CHECK_EQUAL(log->left[0].why, errc::heartbeat_timeout);
}

// -- how long they stay ---------------------------------------------------------------------------

CAF_TEST(a_silent_client_is_pinged_and_a_dead_one_goes) {
  options.stay.heartbeat = {10s, 2s};
  start();
  auto& alive = connect();
  auto& dead = connect();
  dead.fall_silent();
  advance(10s);
  CAF_CHECK_EQUAL(alive.pings(), 1u);
  CAF_CHECK_EQUAL(dead.pings(), 1u);
  advance(2s);
  CAF_CHECK(dead.stream().peer_closed());
  CAF_CHECK_EQUAL(log->left.at(0).why, errc::heartbeat_timeout);
  CAF_CHECK(log->left.at(0).began == initiator::local);
  advance(60s);
  CAF_CHECK(alive.is_open());
  CAF_CHECK_EQUAL(stats().ends.at("heartbeat_timeout"), 1u);
}

CAF_TEST(an_idle_client_is_closed_and_messages_either_way_keep_it) {
  options.stay.idle = 10s;
  start();
  auto& idle = connect();
  auto& busy = connect();
  const auto ref_busy = newest();
  advance(6s);
  busy.send_text("x");
  settle();
  advance(6s);
  CAF_CHECK(idle.closed().has_value());
  CAF_CHECK_EQUAL(log->left.at(0).why, errc::idle_timeout);
  send(to_one(ref_busy), "y");
  advance(9s);
  CAF_CHECK(busy.is_open());
  advance(1s);
  CAF_CHECK(busy.closed().has_value());
}

CAF_TEST(a_client_is_not_idle_while_its_rate_keeps_it_from_being_read) {
  options.stay.idle = 5s;
  options.rate.messages_per_second = 10;
  start();
  auto& eager = connect();
  for (int i = 0; i < 120; ++i) // a second's worth is free, the others take 11 s
    eager.send_text("x");
  settle();
  advance(10s);
  CAF_CHECK(eager.is_open());
  eager.send_text("not yet read");
  advance(900ms);
  CAF_CHECK_EQUAL(log->messages.size(), 120u);
  advance(1s);
  CAF_CHECK_EQUAL(log->messages.size(), 121u);
  CAF_CHECK(eager.is_open());
  advance(5s); // its own silence counts
  CAF_CHECK_EQUAL(log->left.at(0).why, errc::idle_timeout);
}

CAF_TEST(ages_end_with_jitter_so_that_not_all_go_at_once) {
  options.stay.max_age = 100s;
  options.stay.jitter = 0.5;
  start();
  for (int i = 0; i < 20; ++i)
    connect();
  advance(49s);
  CAF_CHECK(log->left.empty());
  advance(26s);
  const auto half = log->left.size();
  CAF_CHECK_GREATER(half, 2u);
  CAF_CHECK_LESS(half, 18u);
  advance(25s);
  CAF_REQUIRE_EQUAL(log->left.size(), 20u);
  CAF_CHECK_EQUAL(log->left[0].code, close_code::going_away);
  CAF_CHECK_EQUAL(log->left[0].reason, "maximum age");
  CAF_CHECK_EQUAL(log->left[0].why, errc::shutdown);
}

// -- slow consumers -------------------------------------------------------------------------------

CAF_TEST(a_client_that_does_not_read_has_no_effect_on_others) {
  options.backlog = {10, 1'000'000, slow_consumer::close_try_again};
  start();
  auto& slow = connect();
  auto& quick = connect();
  slow.stop_reading();
  send_numbers(50);
  CAF_CHECK_EQUAL(quick.texts().size(), 50u);
  CAF_CHECK_EQUAL(quick.texts().back(), "49");
  CAF_CHECK(log->left.empty()); // the close frame cannot be written either
  advance(options.stay.close);
  CAF_REQUIRE_EQUAL(log->left.size(), 1u);
  CAF_CHECK_EQUAL(log->left[0].why, errc::slow_consumer);
  CAF_CHECK(log->left[0].began == initiator::local);
  const auto numbers = stats();
  CAF_CHECK_EQUAL(numbers.ends.at("slow_consumer"), 1u);
  CAF_CHECK_EQUAL(numbers.clients, 1u);
  CAF_CHECK_EQUAL(numbers.dropped_messages, 50u); // that in the write under way did not arrive
  CAF_CHECK_EQUAL(numbers.total_traffic.messages_out, 50u); // those of the other
  CAF_REQUIRE_EQUAL(numbers.closes.size(), 1u);
  CAF_CHECK(numbers.closes[0].began == initiator::local);
  CAF_CHECK(quick.is_open());
}

CAF_TEST(a_slow_client_that_reads_again_is_told_why_it_must_go) {
  for (auto policy : {slow_consumer::close_try_again, slow_consumer::close_policy_violation}) {
    options.backlog = {3, 1'000'000, policy};
    start();
    auto& slow = connect();
    slow.stop_reading();
    send_numbers(10);
    slow.go_on_reading();
    settle();
    CAF_REQUIRE(slow.closed().has_value());
    const bool polite = policy == slow_consumer::close_try_again;
    CAF_CHECK_EQUAL(slow.closed()->code,
                    polite ? close_code::try_again_later : close_code::policy_violation);
    CAF_CHECK_EQUAL(slow.texts(), texts{"0"}); // in the write when it stalled
    CAF_CHECK_EQUAL(log->left.back().why, errc::slow_consumer);
    ask<caf::unit_t>(destroy_atom_v);
  }
}

CAF_TEST(dropping_keeps_the_newest_or_the_oldest_and_the_client) {
  for (auto policy : {slow_consumer::drop_oldest, slow_consumer::drop_newest}) {
    options.backlog = {3, 1'000'000, policy};
    start();
    auto& slow = connect();
    slow.stop_reading();
    send_numbers(10);
    auto numbers = stats();
    CAF_CHECK_EQUAL(numbers.waiting_messages, 3u);
    CAF_CHECK_EQUAL(numbers.waiting_bytes, 9u); // frames of three bytes
    CAF_CHECK_EQUAL(numbers.dropped_messages, 6u);
    slow.go_on_reading();
    settle();
    CAF_CHECK_EQUAL(slow.texts(), policy == slow_consumer::drop_oldest
                                    ? (texts{"0", "7", "8", "9"})
                                    : (texts{"0", "1", "2", "3"}));
    CAF_CHECK(slow.is_open());
    ask<caf::unit_t>(destroy_atom_v);
  }
}

CAF_TEST(that_messages_were_dropped_is_told_when_the_client_takes_some_again) {
  for (auto policy : {slow_consumer::drop_oldest, slow_consumer::drop_newest}) {
    options.backlog = {3, 1'000'000, policy};
    start();
    auto& slow = connect();
    slow.stop_reading();
    send_numbers(10);
    CAF_CHECK(log->missed.empty()); // what is said about it would be dropped, too
    slow.go_on_reading();
    settle();
    CAF_REQUIRE_EQUAL(log->missed.size(), 1u);
    CAF_CHECK(log->missed[0].client == newest());
    CAF_CHECK_EQUAL(log->missed[0].messages, 6u);
    slow.stop_reading();
    send_numbers(5);
    slow.go_on_reading();
    settle();
    CAF_REQUIRE_EQUAL(log->missed.size(), 2u);
    CAF_CHECK_EQUAL(log->missed[1].messages, 1u);
    ask<caf::unit_t>(destroy_atom_v);
  }
}

CAF_TEST(nobody_is_told_of_what_was_dropped_because_the_client_must_go) {
  options.backlog = {3, 1'000'000, slow_consumer::close_try_again};
  start();
  auto& slow = connect();
  slow.stop_reading();
  send_numbers(10);
  slow.go_on_reading();
  settle();
  CAF_CHECK(slow.closed().has_value());
  CAF_CHECK(log->missed.empty());
}

CAF_TEST(who_reads_at_once_is_not_slow_however_much_comes_together) {
  for (auto policy :
       {slow_consumer::close_try_again, slow_consumer::drop_oldest, slow_consumer::drop_newest}) {
    options.backlog = {3, 100, policy};
    start();
    auto& client = connect();
    message_batch many;
    for (int i = 0; i < 500; ++i)
      many.add(std::to_string(i));
    CAF_CHECK_EQUAL(ask<std::uint64_t>(send_atom_v, to_all(), many), 1u);
    CAF_CHECK_EQUAL(client.texts().size(), 500u);
    // In one turn of the hub:
    compat::anon_tell(hub, send_atom_v, to_all(), outgoing{std::string(1000, 'x'), {}});
    compat::anon_tell(hub, send_atom_v, to_all(), outgoing{"behind", {}});
    settle();
    CAF_REQUIRE_EQUAL(client.texts().size(), 502u);
    CAF_CHECK_EQUAL(client.texts().back(), "behind");
    CAF_CHECK(client.is_open());
    CAF_CHECK_EQUAL(stats().dropped_messages, 0u);
    ask<caf::unit_t>(destroy_atom_v);
  }
}

CAF_TEST(a_client_whose_write_fails_goes_alone) {
  start();
  auto& broken = connect();
  auto& fine = connect();
  broken.stream().fail_next_write(1);
  send(to_all(), "x");
  CAF_CHECK_EQUAL(fine.texts(), texts{"x"});
  CAF_REQUIRE_EQUAL(log->left.size(), 1u);
  CAF_CHECK_EQUAL(log->left[0].why, errc::connection_reset);
  CAF_CHECK_EQUAL(send(to_all(), "y"), 1u);
}

CAF_TEST_FIXTURE_SCOPE_END()

} // namespace hub_limits_test
