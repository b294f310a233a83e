// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE hub_drain

#include "support/hub_fixture.hpp"

namespace hub_drain_test {

using namespace wspool;
using namespace wspool::test;

namespace {

struct fixture : hub_fixture {
  void crowd(int count) {
    for (int i = 0; i < count; ++i)
      connect();
  }
  drain_order order(double rate, milliseconds deadline = 60s) {
    return {rate, {1012, "restart"}, deadline};
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(hub_drain_tests, fixture)

CAF_TEST(closings_are_spread_evenly_the_oldest_first_and_the_answer_comes_with_the_last) {
  start();
  crowd(10);
  auto answer = begin<drain_report>(drain_atom_v, order(10));
  for (std::size_t i = 1; i < 10; ++i) {
    CAF_CHECK_EQUAL(log->left.size(), i);
    CAF_CHECK(log->left.back().client == log->arrived.at(i - 1).info.client);
    CAF_CHECK(!answer->value.has_value());
    advance(99ms);
    CAF_CHECK_EQUAL(log->left.size(), i); // not earlier
    advance(1ms);
  }
  CAF_REQUIRE(answer->value.has_value());
  CAF_CHECK_EQUAL(answer->value->closed, 10u);
  CAF_CHECK_EQUAL(answer->value->cut_off, 0u);
  CAF_CHECK_EQUAL(answer->value->left, 0u);
  CAF_CHECK_EQUAL(answer->value->duration, 900ms);
  CAF_CHECK_EQUAL(clients.front()->closed()->code, 1012);
  CAF_CHECK_EQUAL(clients.front()->closed()->reason, "restart");
}

CAF_TEST(a_draining_server_lets_nobody_in) {
  start();
  crowd(1);
  auto& late = knock();
  clients.front()->fall_silent();
  auto answer = begin<drain_report>(drain_atom_v, order(10));
  late.start({"server.test", "/", {}}); // was accepted before
  settle();
  CAF_CHECK_EQUAL(late.status(), 503u);
  CAF_CHECK(knock().stream().peer_closed());
  CAF_CHECK(stats().draining);
  CAF_CHECK_EQUAL(stats().clients, 1u);
  CAF_CHECK(!answer->value.has_value());
}

CAF_TEST(each_is_flushed_before_it_is_closed) {
  start();
  crowd(1);
  auto& client = *clients.front();
  client.stop_reading();
  for (int i = 0; i < 5; ++i)
    send(to_all(), std::to_string(i));
  auto answer = begin<drain_report>(drain_atom_v, order(10));
  client.go_on_reading();
  settle();
  CAF_CHECK_EQUAL(client.texts(), (texts{"0", "1", "2", "3", "4"}));
  CAF_CHECK_EQUAL(client.closed()->code, 1012);
  CAF_REQUIRE(answer->value.has_value());
  CAF_CHECK_EQUAL(answer->value->closed, 1u);
}

CAF_TEST(who_closes_before_it_took_everything_was_not_closed_in_good_order) {
  start();
  crowd(1);
  auto& client = *clients.front();
  client.stop_reading();
  for (int i = 0; i < 3; ++i)
    send(to_all(), std::to_string(i));
  auto answer = begin<drain_report>(drain_atom_v, order(10));
  client.send_raw({"\x88\x82\x01\x02\x03\x04\x02\xea", 8}); // 1000
  settle();
  client.go_on_reading();
  settle();
  CAF_REQUIRE(answer->value.has_value());
  CAF_CHECK_EQUAL(answer->value->closed, 0u);
  CAF_CHECK_EQUAL(answer->value->cut_off, 1u);
  CAF_CHECK_EQUAL(stats().dropped_messages, 2u);
}

CAF_TEST(who_left_by_itself_takes_no_turn_and_is_counted_apart) {
  start();
  crowd(4);
  auto answer = begin<drain_report>(drain_atom_v, order(1));
  clients[1]->close(1000);
  clients[2]->drop();
  settle();
  CAF_CHECK_EQUAL(log->left.size(), 3u);
  advance(1s); // the turn of the second, which the fourth takes
  CAF_REQUIRE(answer->value.has_value());
  CAF_CHECK_EQUAL(answer->value->closed, 2u);
  CAF_CHECK_EQUAL(answer->value->left, 2u);
  CAF_CHECK_EQUAL(answer->value->duration, 1s);
}

CAF_TEST(the_deadline_cuts_off_what_is_left) {
  start();
  crowd(10);
  clients[0]->fall_silent(); // does not answer the close
  auto answer = begin<drain_report>(drain_atom_v, order(1, 3500ms));
  advance(3499ms);
  CAF_CHECK(!answer->value.has_value());
  advance(1ms);
  CAF_REQUIRE(answer->value.has_value());
  CAF_CHECK_EQUAL(answer->value->closed, 3u);
  CAF_CHECK_EQUAL(answer->value->cut_off, 7u);
  CAF_CHECK_EQUAL(answer->value->duration, 3500ms);
  CAF_CHECK_EQUAL(stats().clients, 0u);
}

CAF_TEST(an_empty_server_is_drained_at_once_and_a_second_request_joins_the_first) {
  start();
  CAF_CHECK_EQUAL(ask<drain_report>(drain_atom_v, order(1)).closed, 0u);
  ask<caf::unit_t>(destroy_atom_v);
  start();
  crowd(2);
  auto first = begin<drain_report>(drain_atom_v, order(1));
  auto second = begin<drain_report>(drain_atom_v, order(1000));
  CAF_CHECK_EQUAL(log->left.size(), 1u); // the first one's rate stands
  advance(1s);
  CAF_CHECK_EQUAL(first->value.value().closed, 2u);
  CAF_CHECK_EQUAL(second->value.value().closed, 2u);
}

CAF_TEST(a_drain_without_a_rate_is_refused) {
  start();
  auto answer = begin<drain_report>(drain_atom_v, order(0));
  CAF_CHECK(answer->error == errc::invalid_option);
  CAF_CHECK(answer->text.find("max_per_second") != std::string::npos);
  CAF_CHECK(connect().is_open());
}

CAF_TEST(a_drain_that_the_servers_end_cuts_short_is_answered) {
  start();
  crowd(2);
  auto answer = begin<drain_report>(drain_atom_v, order(1));
  ask<caf::unit_t>(destroy_atom_v);
  CAF_CHECK(answer->error == errc::pool_closed);
}

CAF_TEST_FIXTURE_SCOPE_END()

} // namespace hub_drain_test
