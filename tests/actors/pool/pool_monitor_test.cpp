// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE pool_monitor

#include "support/pool_fixture.hpp"

#include <cmath>

namespace pool_monitor_test {

using namespace wspool;
using namespace wspool::test;

namespace {

struct fixture : pool_fixture {
  fixture() { options.monitor.interval = 1s; }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(pool_monitor_tests, fixture)

CAF_TEST(snapshots_come_at_the_interval) {
  auto log = start_open(2, {event::stats, false});
  const auto before = log->stats.size();
  advance(10s);
  CAF_CHECK_EQUAL(log->stats.size(), before + 10);
  auto& last = log->stats.back();
  CAF_CHECK_EQUAL(last.pool, "pool");
  CAF_CHECK_EQUAL(last.open, 2u);
  CAF_CHECK_EQUAL(last.connections.size(), 2u);
}

CAF_TEST(who_wants_all_events_does_not_want_the_statistics) {
  auto log = start_open();
  advance(10s);
  CAF_CHECK(log->stats.empty());
}

CAF_TEST(rates_are_those_of_the_last_interval) {
  auto log = start_open(1, {event::stats, false});
  advance(2s);
  for (int i = 0; i < 100; ++i)
    tell(send_atom_v, std::string{"0123456789"});
  last_peer().send_text("abcd");
  settle();
  advance(1s);
  // Snapshots carry the time of day, which is not virtual: only the proportions are certain.
  auto& last = log->stats.back();
  CAF_REQUIRE_GREATER(last.messages_in_rate, 0.0);
  CAF_CHECK_EQUAL(std::round(last.messages_out_rate / last.messages_in_rate), 100.0);
  CAF_CHECK_EQUAL(std::round(last.bytes_out_rate / last.messages_out_rate), 10.0);
  CAF_CHECK_EQUAL(std::round(last.bytes_in_rate / last.messages_in_rate), 4.0);
  CAF_CHECK_EQUAL(stats().messages_out_rate, last.messages_out_rate);
  advance(1s);
  CAF_CHECK_EQUAL(log->stats.back().messages_out_rate, 0.0);
}

CAF_TEST(the_history_keeps_the_last_minutes_oldest_first) {
  options.monitor.history = 60s;
  start_open();
  tell(send_atom_v, std::string{"x"});
  advance(3min);
  auto answer = ask<std::vector<pool_stats>>(history_atom_v);
  CAF_REQUIRE(succeeded(answer));
  auto& history = *answer->value;
  CAF_CHECK_GREATER_OR_EQUAL(history.size(), 59u);
  CAF_CHECK_LESS_OR_EQUAL(history.size(), 61u);
  for (std::size_t i = 1; i < history.size(); ++i)
    CAF_CHECK(history[i - 1].time <= history[i].time);
  CAF_CHECK_EQUAL(history.back().sent, 1u);
}

CAF_TEST(without_an_interval_there_are_no_snapshots_but_metrics) {
  options.monitor.interval = 0ms;
  auto log = start_open(1, {event::stats, false});
  advance(1min);
  CAF_CHECK(log->stats.empty());
  auto history = ask<std::vector<pool_stats>>(history_atom_v);
  CAF_REQUIRE(succeeded(history));
  CAF_CHECK(history->value->empty());
  CAF_CHECK(succeeded(ask<std::string>(metrics_atom_v)));
}

CAF_TEST(metrics_are_those_of_the_moment) {
  options.name = "orders";
  options.endpoints = {{"ws://user:secret@one.test/path?token=1", 1, 1, 0}};
  start_open();
  tell(send_atom_v, std::string{"abc"});
  auto answer = ask<std::string>(metrics_atom_v);
  CAF_REQUIRE(succeeded(answer));
  auto& text = *answer->value;
  CAF_CHECK_NOT_EQUAL(text.find("wspool_connections{"), std::string::npos);
  CAF_CHECK_NOT_EQUAL(text.find("pool=\"orders\""), std::string::npos);
  CAF_CHECK_NOT_EQUAL(text.find("endpoint=\"ws://one.test:80\""), std::string::npos);
  CAF_CHECK_NOT_EQUAL(text.find("wspool_messages_total"), std::string::npos);
  CAF_CHECK_EQUAL(text.find("secret"), std::string::npos);
  CAF_CHECK_EQUAL(text.find("token"), std::string::npos);
}

CAF_TEST(the_numbers_of_a_connection_are_its_own) {
  auto log = start_open(2);
  peer_of({0, 1}).send_text("12345");
  settle();
  auto answer = ask<batch_receipt>(reply_atom_v, connection_id{1, 1}, batch_of({"abc", "d"}));
  advance(5s);
  auto zero = stats_of({0, 1});
  auto one = stats_of({1, 1});
  CAF_CHECK_EQUAL(zero.total.messages_in, 1u);
  CAF_CHECK_EQUAL(zero.total.bytes_in, 5u);
  CAF_CHECK_EQUAL(zero.total.messages_out, 0u);
  CAF_CHECK_EQUAL(one.total.messages_out, 2u);
  CAF_CHECK_EQUAL(one.total.bytes_out, 4u);
  CAF_CHECK_EQUAL(one.endpoint, "ws://one.test:80");
  CAF_CHECK(one.state == slot_state::open);
  CAF_CHECK_GREATER_OR_EQUAL(one.age, 5s);
}

CAF_TEST(closes_and_reconnects_are_counted_by_code_and_initiator) {
  options.reconnect.initial = 1ms;
  start_open();
  last_peer().close(1001, "");
  advance(10ms);
  last_peer().close(1001, "");
  advance(10ms);
  last_peer().drop();
  advance(10ms);
  auto restarted = ask<caf::unit_t>(restart_atom_v, connection_id{0, 4});
  advance(10ms);
  auto numbers = stats();
  CAF_CHECK_EQUAL(numbers.connects, 5u);
  CAF_CHECK_EQUAL(numbers.reconnects, 4u);
  CAF_CHECK_EQUAL(numbers.connection_duration.count(), 4u);
  CAF_CHECK_EQUAL(numbers.reconnect_delay.count(), 3u);
  std::map<std::pair<int, bool>, std::uint64_t> closes;
  for (auto& c : numbers.closes)
    closes[{c.code, c.began == initiator::local}] = c.count;
  CAF_CHECK_EQUAL((closes[{1001, false}]), 2u);
  CAF_CHECK_EQUAL((closes[{1006, false}]), 1u);
  CAF_CHECK_EQUAL((closes[{1000, true}]), 1u);
  CAF_CHECK_EQUAL(closes.size(), 3u);
  CAF_REQUIRE_EQUAL(numbers.endpoints.size(), 1u);
  CAF_CHECK_EQUAL(numbers.endpoints[0].attempts["ok"], 5u);
  CAF_CHECK_EQUAL(numbers.connections.at(0).reconnects, 4u);
}

CAF_TEST(counts_survive_the_connections_that_made_them) {
  options.reconnect.initial = 1ms;
  start_open();
  for (int i = 0; i < 5; ++i) {
    tell(send_atom_v, std::string{"out"});
    last_peer().send_text("in");
    settle();
    last_peer().drop(i % 2 == 0);
    advance(10ms);
    auto numbers = stats();
    CAF_CHECK_EQUAL(numbers.total_traffic.messages_in, i + 1u);
    CAF_CHECK_EQUAL(numbers.total_traffic.messages_out, i + 1u);
    CAF_CHECK_EQUAL(numbers.received, i + 1u);
  }
}

CAF_TEST(failed_attempts_are_counted_by_result) {
  connector->decide_by([](const fake_connector::attempt&) {
    return failure{errc::connect_failed, "refused"};
  });
  options.reconnect.attempts = 2;
  pool = spawn_pool(sys, io, options);
  advance(1min);
  auto numbers = stats();
  CAF_REQUIRE_EQUAL(numbers.endpoints.size(), 1u);
  CAF_CHECK_EQUAL(numbers.endpoints[0].attempts["connect_failed"], 3u);
  CAF_CHECK_EQUAL(numbers.connects, 0u);
}

CAF_TEST_FIXTURE_SCOPE_END()

} // namespace pool_monitor_test
