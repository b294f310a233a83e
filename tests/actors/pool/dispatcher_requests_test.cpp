// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE dispatcher_requests

#include "support/pool_fixture.hpp"

#include <set>

namespace dispatcher_requests_test {

using namespace wspool;
using namespace wspool::test;

namespace {

using texts = std::vector<std::string>;

struct fixture : pool_fixture {
  static std::set<connection_id> connections_of(const ping_report& report) {
    std::set<connection_id> result;
    for (auto& one : report)
      result.insert(one.connection);
    return result;
  }
};

/// Understands no event, and says nothing about it.
class deaf_actor : public caf::event_based_actor {
public:
  explicit deaf_actor(caf::actor_config& cfg) : caf::event_based_actor(cfg) {
    default_handler_ = caf::drop;
  }
  caf::behavior make_behavior() override {
    return {[](int) {}};
  }
};

const std::set<connection_id> three{{0, 1}, {1, 1}, {2, 1}};

} // namespace

CAF_TEST_FIXTURE_SCOPE(dispatcher_requests_tests, fixture)

// -- broadcast ------------------------------------------------------------------------------------

CAF_TEST(a_broadcast_reaches_every_open_connection) {
  start_open(3);
  auto answer = ask<broadcast_report>(broadcast_atom_v, outgoing{"to all", {}});
  CAF_REQUIRE(succeeded(answer));
  std::set<connection_id> reached;
  for (auto& one : *answer->value) {
    CAF_CHECK_EQUAL(one.outcome, errc::none);
    reached.insert(one.connection);
  }
  CAF_CHECK(reached == three);
  for (std::size_t i = 0; i < 3; ++i)
    CAF_CHECK_EQUAL(peer(i).texts(), texts{"to all"});
  CAF_CHECK_EQUAL(stats().accepted, 3u);
}

CAF_TEST(a_broadcast_tells_of_each_connection_what_became_of_it) {
  options.reconnect.attempts = 0;
  start_open(3);
  peer_of({1, 1}).stop_reading();
  auto answer = ask<broadcast_report>(broadcast_atom_v, outgoing{"to all", {}});
  CAF_CHECK(!answer->arrived());
  peer_of({1, 1}).stream().fail_next_write(3);
  peer_of({1, 1}).go_on_reading();
  settle();
  CAF_REQUIRE(succeeded(answer));
  CAF_REQUIRE_EQUAL(answer->value->size(), 3u);
  for (auto& one : *answer->value)
    CAF_CHECK_EQUAL(one.outcome, one.connection.slot == 1 ? errc::connection_lost : errc::none);
}

CAF_TEST(a_broadcast_is_not_moved_to_another_connection) {
  options.reconnect.attempts = 0;
  start_open(2);
  peer_of({0, 1}).stop_reading();
  auto answer = ask<broadcast_report>(broadcast_atom_v, outgoing{"to all", {}});
  peer_of({0, 1}).drop(true); // nothing of it had been taken
  settle();
  CAF_REQUIRE(succeeded(answer));
  for (auto& one : *answer->value)
    CAF_CHECK_EQUAL(one.outcome == errc::none, one.connection.slot == 1);
  CAF_CHECK_EQUAL(peer_of({1, 1}).messages().size(), 1u);
}

CAF_TEST(a_broadcast_to_nobody_is_answered_at_once) {
  start();
  auto answer = ask<broadcast_report>(broadcast_atom_v, outgoing{"to all", {}});
  CAF_REQUIRE(succeeded(answer));
  CAF_CHECK(answer->value->empty());
}

// -- pings ----------------------------------------------------------------------------------------

CAF_TEST(a_ping_answers_with_its_round_trip) {
  auto log = start_open();
  last_peer().hold_pongs();
  auto answer = ask<ping_outcome>(ping_atom_v, std::string{"payload"});
  CAF_REQUIRE_EQUAL(last_peer().pings().size(), 1u);
  CAF_CHECK_EQUAL(last_peer().pings()[0].payload, "payload");
  advance(25ms);
  CAF_CHECK(!answer->arrived());
  last_peer().release_pongs();
  settle();
  CAF_REQUIRE(succeeded(answer));
  CAF_CHECK_EQUAL(answer->value->outcome, errc::none);
  CAF_CHECK_EQUAL(answer->value->connection, (connection_id{0, 1}));
  CAF_CHECK_EQUAL(answer->value->round_trip, 25ms);
  CAF_REQUIRE_EQUAL(log->pongs.size(), 1u);
  CAF_CHECK_EQUAL(log->pongs[0].payload, "payload");
  CAF_CHECK_EQUAL(log->pongs[0].round_trip, 25ms);
}

CAF_TEST(a_ping_without_a_pong_ends_at_the_heartbeat_timeout) {
  options.heartbeat.interval = 0ms;
  start_open();
  last_peer().hold_pongs();
  auto answer = ask<ping_outcome>(ping_atom_v);
  advance(options.heartbeat.timeout - 1ms);
  CAF_CHECK(!answer->arrived());
  advance(1ms);
  CAF_REQUIRE(succeeded(answer));
  CAF_CHECK_EQUAL(answer->value->outcome, errc::heartbeat_timeout);
}

CAF_TEST(a_ping_without_a_connection_fails) {
  start();
  CAF_CHECK(failed_with(ask<ping_outcome>(ping_atom_v), errc::no_connection));
}

CAF_TEST(a_ping_whose_connection_dies_is_answered) {
  start_open();
  last_peer().hold_pongs();
  auto answer = ask<ping_outcome>(ping_atom_v);
  last_peer().drop();
  settle();
  CAF_REQUIRE(answer->arrived());
  CAF_CHECK_EQUAL(answer->value ? answer->value->outcome : answer->error, errc::connection_lost);
}

CAF_TEST(a_ping_of_more_than_125_bytes_is_too_big) {
  start_open();
  auto answer = ask<ping_outcome>(ping_atom_v, std::string(126, 'x'));
  CAF_REQUIRE(answer->arrived());
  CAF_CHECK_EQUAL(answer->value ? answer->value->outcome : answer->error, errc::too_big);
}

CAF_TEST(a_broadcast_ping_measures_every_connection) {
  start_open(3);
  peer_of({2, 1}).hold_pongs();
  auto answer = ask<ping_report>(broadcast_ping_atom_v);
  CAF_CHECK(!answer->arrived());
  advance(1ms);
  peer_of({2, 1}).release_pongs();
  settle();
  CAF_REQUIRE(succeeded(answer));
  CAF_CHECK(connections_of(*answer->value) == three);
  for (auto& one : *answer->value) {
    CAF_CHECK_EQUAL(one.outcome, errc::none);
    CAF_CHECK_EQUAL(one.round_trip, one.connection.slot == 2 ? 1ms : 0ms);
  }
}

CAF_TEST(a_broadcast_ping_to_nobody_is_answered_at_once) {
  start();
  auto answer = ask<ping_report>(broadcast_ping_atom_v, std::string{"x"});
  CAF_REQUIRE(succeeded(answer));
  CAF_CHECK(answer->value->empty());
}

CAF_TEST(too_many_pings_at_a_time_are_refused) {
  start_open();
  last_peer().hold_pongs();
  std::vector<answer_ptr_of<ping_outcome>> answers;
  for (int i = 0; i < 1000; ++i)
    answers.push_back(ask<ping_outcome>(ping_atom_v));
  CAF_CHECK_LESS(last_peer().pings().size(), 100u);
  CAF_REQUIRE(succeeded(answers.back()));
  CAF_CHECK_EQUAL(answers.back()->value->outcome, errc::queue_full);
  last_peer().release_pongs();
  settle();
  for (auto& answer : answers)
    CAF_CHECK(answer->arrived());
}

// -- await open -----------------------------------------------------------------------------------

CAF_TEST(await_open_answers_once_so_many_are_open) {
  options.endpoints.front().connections = 3;
  start();
  advance(options.reconnect.initial);
  auto one = ask<std::uint32_t>(await_open_atom_v);
  auto two = ask<std::uint32_t>(await_open_atom_v, std::uint32_t{2});
  CAF_REQUIRE_EQUAL(connector->size(), 3u);
  CAF_CHECK(!one->arrived());
  connector->accept(0);
  settle();
  CAF_REQUIRE(succeeded(one));
  CAF_CHECK_EQUAL(*one->value, 1u);
  CAF_CHECK(!two->arrived());
  connector->accept(2);
  settle();
  CAF_REQUIRE(succeeded(two));
  CAF_CHECK_EQUAL(*two->value, 2u);
  CAF_CHECK(succeeded(ask<std::uint32_t>(await_open_atom_v)));
}

CAF_TEST(await_open_fails_when_the_pool_closes) {
  start();
  auto answer = ask<std::uint32_t>(await_open_atom_v);
  auto report = ask<close_report>(close_atom_v);
  CAF_CHECK(failed_with(answer, errc::pool_closed));
  CAF_CHECK(succeeded(report));
}

// -- subscribers ----------------------------------------------------------------------------------

CAF_TEST(unsubscribing_ends_the_events) {
  auto log = start_open();
  unsubscribe(log);
  const auto before = log->order.size();
  last_peer().send_text("x");
  last_peer().close(close_code::normal);
  advance(1min);
  CAF_CHECK_EQUAL(log->order.size(), before);
}

CAF_TEST(subscribing_again_changes_what_comes_and_doubles_nothing) {
  auto log = start_open();
  auto other = subscribe({event::message, false});
  resubscribe(other, {event::ping, false});
  resubscribe(log, {event::message, false});
  resubscribe(log, {event::message | event::ping, false});
  last_peer().send_text("x");
  last_peer().send_ping("y");
  settle();
  CAF_CHECK_EQUAL(log->texts(), texts{"x"});
  CAF_CHECK_EQUAL(log->pings.size(), 1u);
  CAF_CHECK(other->messages.empty());
  CAF_CHECK_EQUAL(other->pings.size(), 1u);
}

CAF_TEST(a_subscriber_that_dies_is_forgotten) {
  auto mortal = start_open();
  auto other = subscribe();
  end_subscriber(mortal);
  last_peer().send_text("x");
  settle();
  CAF_CHECK(mortal->messages.empty());
  CAF_CHECK_EQUAL(other->texts(), texts{"x"});
  CAF_CHECK(succeeded(deliver("y")));
}

CAF_TEST(a_subscriber_without_handlers_does_no_harm) {
  auto log = start_open();
  auto deaf = sys.spawn<deaf_actor>();
  compat::anon_tell(pool, subscribe_atom_v, deaf, subscription{});
  settle();
  options.window.max_unread_bytes = 1;
  for (int i = 0; i < 10; ++i)
    last_peer().send_text(std::string(1'000'000, 'x'));
  settle();
  CAF_CHECK_EQUAL(log->messages.size(), 10u);
  caf::anon_send_exit(deaf, caf::exit_reason::kill);
}

CAF_TEST(a_subscriber_whose_handlers_have_results_does_no_harm) {
  options.window.max_unread_bytes = 1000;
  auto log = start_open();
  auto chatty = sys.spawn([](caf::event_based_actor*) -> caf::behavior {
    return {[](const message_event& e) { return e.data; }, [](const open_event&) { return 1; }};
  });
  compat::anon_tell(pool, subscribe_atom_v, chatty, subscription{event::message, false});
  settle();
  for (int i = 0; i < 10; ++i) {
    last_peer().send_text(std::string(900, 'x'));
    settle();
  }
  CAF_CHECK_EQUAL(log->messages.size(), 10u);
  caf::anon_send_exit(chatty, caf::exit_reason::kill);
}

// -- closing and destroying -----------------------------------------------------------------------

CAF_TEST(close_flushes_closes_and_reports) {
  auto log = start_open(2);
  peer(0).stop_reading();
  peer(1).stop_reading();
  std::vector<answer_ptr_of<receipt>> answers;
  for (int i = 0; i < 6; ++i)
    answers.push_back(deliver(std::to_string(i)));
  peer(0).send_text("in");
  auto report = ask<close_report>(close_atom_v);
  auto refused = deliver("late");
  CAF_CHECK(failed_with(refused, errc::pool_closed));
  CAF_CHECK(!report->arrived());
  CAF_CHECK(!answers[0]->arrived());
  peer(0).go_on_reading();
  peer(1).go_on_reading();
  settle();
  for (auto& answer : answers)
    CAF_CHECK(succeeded(answer));
  CAF_REQUIRE(succeeded(report));
  CAF_CHECK_EQUAL(report->value->accepted, 7u);
  CAF_CHECK_EQUAL(report->value->sent, 6u);
  CAF_CHECK_EQUAL(report->value->failed, 1u);
  CAF_CHECK_EQUAL(report->value->received, 1u);
  for (std::size_t i = 0; i < 2; ++i) {
    CAF_CHECK_EQUAL(peer(i).messages().size(), 3u);
    CAF_REQUIRE(peer(i).closed().has_value());
    CAF_CHECK_EQUAL(peer(i).closed()->code, close_code::normal);
  }
  CAF_CHECK_EQUAL(log->closes.size(), 2u);
  for (auto& close : log->closes) {
    CAF_CHECK(close.clean);
    CAF_CHECK(close.began == initiator::local);
  }
  CAF_CHECK_EQUAL(log->empties, 1u);
  CAF_CHECK(log->retries.empty());
  CAF_CHECK(pool_is_down());
}

CAF_TEST(close_fails_at_its_deadline_what_is_left) {
  start_open(1);
  last_peer().stop_reading();
  last_peer().fall_silent();
  auto answer = deliver(std::string(100'000, 'x'));
  auto report = ask<close_report>(close_atom_v, caf::timespan{2s});
  advance(2s - 1ms);
  CAF_CHECK(!answer->arrived());
  advance(1ms);
  CAF_CHECK(failed_with(answer, errc::pool_closed));
  CAF_CHECK(!report->arrived());
  advance(options.connect.deadlines.close + 2s);
  CAF_REQUIRE(succeeded(report));
  CAF_CHECK_EQUAL(report->value->failed, 1u);
  CAF_CHECK_EQUAL(report->value->accepted, 1u);
  CAF_CHECK(pool_is_down());
}

CAF_TEST(close_waits_for_a_connection_that_what_is_queued_needs) {
  start();
  auto answer = deliver("queued");
  auto report = ask<close_report>(close_atom_v);
  CAF_CHECK(!report->arrived());
  connector->accept_all();
  if (connector->first_pending() < connector->size())
    connector->accept(connector->first_pending());
  advance(options.reconnect.initial);
  CAF_CHECK(succeeded(answer));
  CAF_CHECK(succeeded(report));
  CAF_CHECK_EQUAL(last_peer().texts(), texts{"queued"});
}

CAF_TEST(close_of_a_pool_that_never_opened_ends_at_the_deadline) {
  start();
  auto answer = deliver("queued");
  auto report = ask<close_report>(close_atom_v, caf::timespan{1s});
  advance(1s);
  CAF_CHECK(failed_with(answer, errc::pool_closed));
  CAF_CHECK(succeeded(report));
  for (std::size_t i = 0; i < connector->size(); ++i)
    CAF_CHECK((*connector)[i].cancelled);
}

CAF_TEST(two_closes_are_both_answered) {
  start_open(1);
  last_peer().fall_silent();
  auto first = ask<close_report>(close_atom_v);
  auto second = ask<close_report>(close_atom_v);
  CAF_CHECK(!first->arrived());
  advance(options.connect.deadlines.close);
  CAF_CHECK(succeeded(first));
  CAF_CHECK(succeeded(second));
}

CAF_TEST(a_closing_pool_takes_back_what_a_dying_connection_did_not_write) {
  start_open(2);
  auto& doomed = peer_of({0, 1});
  auto& other = peer_of({1, 1});
  doomed.stop_reading();
  auto first = deliver("1");
  auto second = deliver("2");
  auto report = ask<close_report>(close_atom_v);
  doomed.drop(true);
  settle();
  CAF_CHECK(succeeded(first));
  CAF_CHECK(succeeded(second));
  CAF_CHECK_EQUAL(other.messages().size(), 2u);
  CAF_CHECK(succeeded(report));
}

CAF_TEST(destroy_ends_at_once_and_answers_everybody) {
  auto log = start_open(2);
  peer(0).stop_reading();
  peer(1).stop_reading();
  peer(0).hold_pongs();
  auto delivery = deliver("x");
  auto batch = ask<batch_receipt>(deliver_atom_v, batch_of({"a", "b"}));
  auto broadcast = ask<broadcast_report>(broadcast_atom_v, outgoing{"all", {}});
  auto ping = ask<ping_outcome>(ping_atom_v);
  auto pings = ask<ping_report>(broadcast_ping_atom_v);
  auto open = ask<std::uint32_t>(await_open_atom_v, std::uint32_t{3});
  auto resized = ask<caf::unit_t>(resize_atom_v, std::string{url}, std::uint32_t{1});
  auto closing = ask<close_report>(close_atom_v);
  auto gone = ask<caf::unit_t>(destroy_atom_v);
  CAF_CHECK(succeeded(gone));
  CAF_CHECK(pool_is_down());
  CAF_CHECK(failed_with(delivery, errc::pool_closed));
  CAF_REQUIRE(succeeded(batch));
  CAF_CHECK_EQUAL(batch->value->failed, 2u);
  CAF_CHECK_EQUAL(batch->value->first_failure, errc::pool_closed);
  CAF_CHECK(succeeded(broadcast));
  CAF_CHECK(ping->arrived());
  CAF_CHECK(pings->arrived());
  CAF_CHECK(failed_with(open, errc::pool_closed));
  CAF_CHECK(resized->arrived());
  CAF_CHECK(closing->arrived());
  CAF_CHECK(peer(0).is_gone());
  CAF_CHECK(peer(1).is_gone());
  CAF_CHECK_EQUAL(log->closes.size(), 2u);
  CAF_CHECK(!deliver("after the end")->value.has_value());
}

CAF_TEST(nobody_waits_for_ever_when_the_pool_is_destroyed_in_the_same_moment) {
  start_open(1);
  std::vector<std::function<bool()>> arrived;
  auto begin = [&]<class T>(answer_ptr_of<T> result, auto... xs) {
    sys.spawn([=, to = pool](caf::event_based_actor* requester) {
      auto on_error = [result](const caf::error&) { result->failed = true; };
      compat::ask(requester, to, caf::infinite, xs...)
        .then([result](const T& x) { result->value = x; }, on_error);
    });
    arrived.push_back([=] { return result->arrived(); });
  };
  begin(std::make_shared<answer_of<pool_stats>>(), stats_atom_v);
  begin(std::make_shared<answer_of<std::string>>(), metrics_atom_v);
  begin(std::make_shared<answer_of<std::vector<pool_stats>>>(), history_atom_v);
  begin(std::make_shared<answer_of<ping_outcome>>(), ping_atom_v);
  begin(std::make_shared<answer_of<receipt>>(), deliver_atom_v, outgoing{"x", {}});
  compat::anon_tell(pool, destroy_atom_v);
  settle();
  CAF_CHECK(pool_is_down());
  for (std::size_t i = 0; i < arrived.size(); ++i) {
    CAF_MESSAGE("request " << i);
    CAF_CHECK(arrived[i]());
  }
}

CAF_TEST_FIXTURE_SCOPE_END()

} // namespace dispatcher_requests_test
