// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE supervisor_requests

#include "actors/pool/supervisor_fixture.hpp"

namespace supervisor_requests_test {

using namespace wspool;
using namespace wspool::test;

namespace {

class fixture : public supervisor_fixture {
public:
  void check_refused(const answer_ptr& result, errc why, const std::string& quoted) {
    CAF_CHECK(result->arrived);
    CAF_CHECK_EQUAL(result->error, why);
    CAF_MESSAGE(result->text);
    CAF_CHECK(result->text.find(quoted) != std::string::npos);
  }
  void check_done(const answer_ptr& result) {
    CAF_CHECK(result->arrived);
    CAF_CHECK_EQUAL(result->error, errc::none);
  }
  milliseconds drain_and_close() {
    return options.rotation.drain + options.connect.deadlines.close + 1s;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(supervisor_requests_tests, fixture)

// -- add -----------------------------------------------------------------------------------------

CAF_TEST(an_endpoint_can_be_added) {
  start_open(2);
  log->slots.clear();
  check_done(ask(add_atom_v, endpoint_options{other_url, 3, 7, 2}));
  CAF_CHECK_EQUAL(connections.size(), 3u);
  auto& setup = newest(2)->setup;
  CAF_CHECK_EQUAL(setup.url, other_url);
  CAF_CHECK_EQUAL(setup.info.weight, 7u);
  CAF_CHECK_EQUAL(setup.info.group, 2u);
  CAF_CHECK_EQUAL(log->slots.size(), 3u);
  CAF_CHECK_EQUAL(last_report().wanted, 5u);
  advance(30ms);
  CAF_CHECK_EQUAL(connections.size(), 5u);
}

CAF_TEST(what_is_added_is_checked) {
  start();
  check_refused(ask(add_atom_v, endpoint_options{"http//nowhere", 1, 1, 0}), errc::invalid_url,
                "http//nowhere");
  check_refused(ask(add_atom_v, endpoint_options{other_url, 0, 1, 0}), errc::invalid_option,
                "expected 1 to 100000");
  check_refused(ask(add_atom_v, endpoint_options{other_url, 1, 0, 0}), errc::invalid_option,
                "expected 1 to 1000000");
  check_refused(ask(add_atom_v, endpoint_options{"ws://ONE.test:80", 1, 1, 0}),
                errc::invalid_option, url);
  CAF_CHECK_EQUAL(connections.size(), 1u);
  CAF_CHECK_EQUAL(log->slots.size(), 1u);
}

// -- remove --------------------------------------------------------------------------------------

CAF_TEST(removing_an_endpoint_drains_its_open_connections) {
  start_open(2);
  check_done(ask(add_atom_v, endpoint_options{other_url, 1, 1, 0}));
  log->slots.clear();
  auto result = ask(remove_atom_v, std::string{url});
  CAF_CHECK(!result->arrived);
  CAF_CHECK_EQUAL(log->retired.size(), 2u);
  CAF_CHECK_EQUAL(alive(), 3u);
  CAF_REQUIRE_EQUAL(log->slots.size(), 2u);
  for (auto& news : log->slots) {
    CAF_CHECK_EQUAL(news.state, slot_state::draining);
    CAF_CHECK_EQUAL(news.wanted, 1u);
  }
  end_as_asked(newest(0));
  CAF_CHECK(!result->arrived);
  CAF_CHECK(last_report().removed);
  end_as_asked(newest(1));
  check_done(result);
  CAF_CHECK(last_report().removed);
  CAF_CHECK_EQUAL(last_report().wanted, 1u);
  advance(1h);
  CAF_CHECK_EQUAL(connections.size(), 3u);
  CAF_CHECK(log->retries.empty());
}

CAF_TEST(removing_ends_what_waits_or_connects_at_once) {
  options.endpoints = {{url, 2, 1, 0}};
  start();
  advance(20ms);
  end(0, unreached());
  CAF_CHECK_EQUAL(last_report().state, slot_state::waiting);
  auto result = ask(remove_atom_v, std::string{url});
  check_done(result);
  CAF_CHECK_EQUAL(alive(), 0u);
  // It had no last word of its own, and its end is no crash.
  CAF_REQUIRE_EQUAL(log->ended.size(), 2u);
  CAF_CHECK_EQUAL(log->ended.back().how.why, errc::shutdown);
  CAF_CHECK(log->ended.back().on_purpose);
  CAF_CHECK_EQUAL(last_report().wanted, 0u);
  CAF_CHECK(last_report().removed);
  advance(1h);
  CAF_CHECK_EQUAL(connections.size(), 2u);
}

CAF_TEST(a_removed_connection_that_does_not_finish_is_closed_then_killed) {
  start_open(1);
  auto result = ask(remove_atom_v, std::string{url});
  advance(options.rotation.drain - 1ms);
  CAF_CHECK(!newest(0)->told_to_close);
  advance(1ms);
  CAF_CHECK(newest(0)->told_to_close);
  advance(options.connect.deadlines.close);
  CAF_CHECK(!newest(0)->down);
  advance(1s);
  CAF_CHECK(newest(0)->down);
  check_done(result);
  CAF_CHECK_EQUAL(log->ended.back().how.why, errc::shutdown);
  CAF_CHECK_EQUAL(delayed_messages(), 0u);
}

CAF_TEST(an_unknown_endpoint_cannot_be_removed_or_resized) {
  start();
  check_refused(ask(remove_atom_v, std::string{other_url}), errc::unknown_endpoint, other_url);
  check_refused(ask(remove_atom_v, std::string{"nonsense"}), errc::unknown_endpoint, "nonsense");
  check_refused(ask(resize_atom_v, std::string{other_url}, std::uint32_t{3}),
                errc::unknown_endpoint, other_url);
}

CAF_TEST(an_endpoint_that_is_leaving_can_be_added_again) {
  start_open(1);
  auto removed = ask(remove_atom_v, std::string{url});
  check_refused(ask(remove_atom_v, std::string{url}), errc::unknown_endpoint, url);
  check_done(ask(add_atom_v, endpoint_options{url, 1, 1, 0}));
  CAF_REQUIRE_EQUAL(connections.size(), 2u);
  CAF_CHECK_EQUAL(newest(1)->setup.id, (connection_id{1, 1}));
  // The same place of the same endpoint: keys find their way.
  CAF_CHECK_EQUAL(newest(1)->setup.info.identity, newest(0)->setup.info.identity);
  end_as_asked(newest(0));
  check_done(removed);
}

// -- resize --------------------------------------------------------------------------------------

CAF_TEST(growing_spawns) {
  start_open(2);
  check_done(ask(resize_atom_v, std::string{url}, std::uint32_t{5}));
  CAF_CHECK_EQUAL(connections.size(), 3u);
  CAF_CHECK_EQUAL(last_report().wanted, 5u);
  advance(30ms);
  CAF_CHECK_EQUAL(connections.size(), 5u);
}

CAF_TEST(shrinking_retires_the_highest_slots) {
  start_open(5);
  auto result = ask(resize_atom_v, std::string{url}, std::uint32_t{3});
  CAF_CHECK(!result->arrived);
  CAF_REQUIRE_EQUAL(log->retired.size(), 2u);
  CAF_CHECK_EQUAL(log->retired[0].slot, 3u);
  CAF_CHECK_EQUAL(log->retired[1].slot, 4u);
  CAF_CHECK_EQUAL(last_report().wanted, 3u);
  end_as_asked(newest(3));
  end_as_asked(newest(4));
  check_done(result);
  // Slot numbers are never used again; places are.
  check_done(ask(resize_atom_v, std::string{url}, std::uint32_t{4}));
  CAF_CHECK_EQUAL(newest(5)->setup.info.identity, newest(3)->setup.info.identity);
}

CAF_TEST(resizing_to_the_same_size_changes_nothing) {
  start_open(2);
  const auto reports = log->slots.size();
  check_done(ask(resize_atom_v, std::string{url}, std::uint32_t{2}));
  CAF_CHECK_EQUAL(log->slots.size(), reports);
  check_refused(ask(resize_atom_v, std::string{url}, std::uint32_t{0}), errc::invalid_option,
                "expected 1 to 100000");
}

CAF_TEST(a_removal_waits_for_what_a_resize_takes_away_too) {
  start_open(2);
  auto resized = ask(resize_atom_v, std::string{url}, std::uint32_t{1});
  auto removed = ask(remove_atom_v, std::string{url});
  end_as_asked(newest(0));
  CAF_CHECK(!removed->arrived);
  end_as_asked(newest(1));
  check_done(resized);
  check_done(removed);
}

// -- restart -------------------------------------------------------------------------------------

CAF_TEST(a_restarted_connection_is_drained_and_replaced_without_delay) {
  start_open(1);
  auto result = ask(restart_atom_v, connection_id{0, 1});
  CAF_CHECK(!result->arrived);
  CAF_REQUIRE_EQUAL(log->retired.size(), 1u);
  CAF_CHECK_EQUAL(log->retired.front(), (connection_id{0, 1}));
  CAF_CHECK_EQUAL(connections.size(), 1u);
  end_as_asked(newest(0));
  check_done(result);
  CAF_CHECK_EQUAL(connections.size(), 2u);
  CAF_CHECK_EQUAL(last_report().state, slot_state::connecting);
  CAF_CHECK(log->retries.empty());
}

CAF_TEST(a_restarted_connection_that_breaks_instead_of_closing_is_replaced_without_delay) {
  start_open(1);
  auto result = ask(restart_atom_v, connection_id{0, 1});
  end(0, lost());
  check_done(result);
  CAF_CHECK_EQUAL(connections.size(), 2u);
}

CAF_TEST(an_attempt_can_be_restarted) {
  start();
  check_done(ask(restart_atom_v, connection_id{0, 1}));
  CAF_CHECK_EQUAL(connections.size(), 2u);
  CAF_CHECK_EQUAL(alive(), 1u);
  CAF_CHECK(log->retries.empty());
}

CAF_TEST(only_a_present_connection_can_be_restarted) {
  start_open(1);
  check_refused(ask(restart_atom_v, connection_id{0, 2}), errc::no_connection, "0.2");
  check_refused(ask(restart_atom_v, connection_id{9, 1}), errc::no_connection, "9.1");
  end(0, lost());
  check_refused(ask(restart_atom_v, connection_id{0, 1}), errc::no_connection, "0.1");
}

CAF_TEST(a_restarted_connection_that_does_not_end_is_killed) {
  start_open(1);
  auto result = ask(restart_atom_v, connection_id{0, 1});
  advance(options.rotation.drain);
  CAF_CHECK(!result->arrived);
  advance(drain_and_close() - options.rotation.drain);
  check_done(result);
  CAF_CHECK_EQUAL(alive(), 1u);
  CAF_CHECK_EQUAL(generation(0), 2u);
}

// -- close ---------------------------------------------------------------------------------------

CAF_TEST(closing_ends_each_slot_as_its_state_asks) {
  options.endpoints = {{url, 3, 1, 0}};
  start();
  advance(30ms);
  open(0);
  end(1, unreached());
  log->slots.clear();
  auto result = ask(close_atom_v);
  CAF_CHECK(!result->arrived);
  CAF_REQUIRE(newest(0)->told_to_close);
  CAF_CHECK_EQUAL(*newest(0)->told_to_close, close_code::normal);
  CAF_CHECK(!newest(0)->down);
  CAF_CHECK(newest(2)->down);
  CAF_CHECK(log->retired.empty());
  end_as_asked(newest(0));
  check_done(result);
  advance(1h);
  CAF_CHECK_EQUAL(connections.size(), 3u);
  CAF_CHECK(log->slots.empty());
}

CAF_TEST(closing_takes_no_longer_than_its_deadline) {
  start_open(3);
  auto result = ask(close_atom_v);
  advance(options.connect.deadlines.close + 1s - 1ms);
  CAF_CHECK(!result->arrived);
  CAF_CHECK_EQUAL(alive(), 3u);
  advance(1ms);
  check_done(result);
  CAF_CHECK_EQUAL(alive(), 0u);
}

CAF_TEST(a_connection_that_is_draining_is_closed_with_the_pool) {
  start_open(2);
  auto resized = ask(resize_atom_v, std::string{url}, std::uint32_t{1});
  auto closed = ask(close_atom_v);
  CAF_CHECK(newest(0)->told_to_close);
  CAF_CHECK(newest(1)->told_to_close);
  end_as_asked(newest(1));
  check_done(resized);
  CAF_CHECK(!closed->arrived);
  end_as_asked(newest(0));
  check_done(closed);
}

CAF_TEST(a_closed_pool_takes_no_requests_but_another_close) {
  start_open(1);
  auto first = ask(close_atom_v);
  auto second = ask(close_atom_v);
  check_refused(ask(add_atom_v, endpoint_options{other_url, 1, 1, 0}), errc::pool_closed, "");
  check_refused(ask(remove_atom_v, std::string{url}), errc::pool_closed, "");
  check_refused(ask(resize_atom_v, std::string{url}, std::uint32_t{2}), errc::pool_closed, "");
  check_refused(ask(restart_atom_v, connection_id{0, 1}), errc::pool_closed, "");
  end(0, lost());
  check_done(first);
  check_done(second);
  check_done(ask(close_atom_v));
  CAF_CHECK_EQUAL(connections.size(), 1u);
  CAF_CHECK_EQUAL(delayed_messages(), 1u); // of the hard stop, which finds nothing to do
  advance(1h);
  CAF_CHECK_EQUAL(delayed_messages(), 0u);
}

CAF_TEST(who_waits_when_the_pool_ends_gets_an_error) {
  start_open(1);
  auto removed = ask(remove_atom_v, std::string{url});
  auto restarted = ask(restart_atom_v, connection_id{0, 1});
  caf::anon_send_exit(dispatcher, caf::exit_reason::kill);
  consume_messages();
  check_refused(removed, errc::pool_closed, "");
  check_refused(restarted, errc::pool_closed, "");
}

CAF_TEST_FIXTURE_SCOPE_END()

} // namespace supervisor_requests_test
