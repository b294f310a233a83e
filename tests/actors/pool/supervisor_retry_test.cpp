// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE supervisor_retry

#include "actors/pool/supervisor_fixture.hpp"

#include <algorithm>
#include <array>

namespace supervisor_retry_test {

using namespace wspool;
using namespace wspool::test;

namespace {

/// Enough that the longest of their delays tells the ceiling they were drawn from.
constexpr std::uint32_t many = 200;

class fixture : public supervisor_fixture {
public:
  /// Ends the newest connection of each slot. @returns the longest delay that followed.
  milliseconds end_all(std::uint32_t slots, const ending& how) {
    log->retries.clear();
    for (std::uint32_t n = 0; n < slots; ++n)
      end(n, how);
    CAF_REQUIRE_EQUAL(log->retries.size(), slots);
    milliseconds longest{0};
    for (auto& retry : log->retries)
      longest = std::max(longest, retry.delay);
    return longest;
  }

  void open_all(std::uint32_t slots) {
    for (std::uint32_t n = 0; n < slots; ++n)
      open(n);
  }

  void check_drawn_up_to(milliseconds longest, milliseconds ceiling) {
    CAF_CHECK_LESS_OR_EQUAL(longest.count(), ceiling.count());
    CAF_CHECK_GREATER(longest.count(), ceiling.count() * 9 / 10);
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(supervisor_retry_tests, fixture)

CAF_TEST(the_first_attempts_are_spread) {
  options.endpoints = {{url, 20, 3, 1}, {other_url, 20, 1, 0}};
  start();
  CAF_CHECK_EQUAL(connections.size(), 1u);
  CAF_CHECK_EQUAL(newest(0)->setup.id, (connection_id{0, 1}));
  CAF_CHECK_EQUAL(log->slots.size(), 40u);
  for (auto& news : log->slots) {
    CAF_CHECK_EQUAL(news.state, slot_state::connecting);
    CAF_CHECK_EQUAL(news.wanted, 40u);
  }
  advance(200ms);
  CAF_CHECK_GREATER(connections.size(), 5u);
  CAF_CHECK_LESS(connections.size(), 35u);
  advance(200ms);
  CAF_CHECK_EQUAL(connections.size(), 40u);
  CAF_CHECK_EQUAL(log->slots.size(), 40u);
  std::set<std::uint64_t> identities;
  for (auto& c : connections)
    identities.insert(c->setup.info.identity);
  CAF_CHECK_EQUAL(identities.size(), 40u);
  auto& setup = newest(0)->setup;
  CAF_CHECK_EQUAL(setup.url, url);
  CAF_CHECK_EQUAL(setup.origin, "ws://one.test:80");
  CAF_CHECK_EQUAL(setup.info.weight, 3u);
  CAF_CHECK_EQUAL(setup.info.group, 1u);
  CAF_CHECK_EQUAL(setup.attempt, 1u);
  CAF_CHECK(!setup.refresh);
  CAF_CHECK(!setup.slow_start);
  CAF_CHECK(setup.dispatcher == dispatcher);
  CAF_CHECK(setup.supervisor == supervisor);
}

CAF_TEST(many_slots_begin_within_the_first_reconnect_interval) {
  options.endpoints = {{url, 1000, 1, 0}};
  start();
  advance(500ms);
  CAF_CHECK_GREATER(connections.size(), 400u);
  CAF_CHECK_LESS(connections.size(), 600u);
  advance(500ms);
  CAF_CHECK_EQUAL(connections.size(), 1000u);
}

CAF_TEST(a_lost_connection_is_replaced_after_a_delay) {
  start_open(1);
  log->slots.clear();
  end(0, lost());
  CAF_REQUIRE_EQUAL(log->retries.size(), 1u);
  auto& retry = log->retries.front();
  CAF_CHECK_EQUAL(retry.slot, 0u);
  CAF_CHECK_EQUAL(retry.endpoint, url);
  CAF_CHECK_EQUAL(retry.attempt, 1u);
  CAF_CHECK_EQUAL(retry.why, errc::connection_reset);
  CAF_REQUIRE_EQUAL(log->slots.size(), 1u);
  CAF_CHECK_EQUAL(last_report().state, slot_state::waiting);
  CAF_CHECK_EQUAL(last_report().delay, retry.delay);
  CAF_REQUIRE_GREATER(retry.delay, 1ms);
  advance(retry.delay - 1ms);
  CAF_CHECK_EQUAL(connections.size(), 1u);
  advance(1ms);
  CAF_CHECK_EQUAL(connections.size(), 2u);
  CAF_CHECK_EQUAL(newest(0)->setup.id, (connection_id{0, 2}));
  CAF_CHECK_EQUAL(newest(0)->setup.info.identity, connections.front()->setup.info.identity);
  CAF_CHECK_EQUAL(last_report().state, slot_state::connecting);
  CAF_CHECK_EQUAL(last_report().generation, 2u);
  CAF_CHECK_EQUAL(last_report().reconnects, 1u);
}

CAF_TEST(a_server_that_accepts_and_closes_sees_growing_intervals) {
  start_open(many);
  for (auto ceiling : {1s, 2s, 4s, 8s, 16s, 30s, 30s}) {
    advance(1s);
    check_drawn_up_to(end_all(many, closed_with(close_code::abnormal)), ceiling);
    advance(ceiling);
    open_all(many);
  }
}

CAF_TEST(the_minimum_uptime_resets_the_backoff) {
  start_open(many);
  for (auto ceiling : {1s, 2s, 4s}) {
    check_drawn_up_to(end_all(many, closed_with(close_code::normal)), ceiling);
    advance(ceiling);
    open_all(many);
  }
  advance(options.reconnect.minimum_uptime - 1ms);
  check_drawn_up_to(end_all(many, lost()), 8s);
  advance(8s);
  open_all(many);
  advance(options.reconnect.minimum_uptime);
  check_drawn_up_to(end_all(many, lost()), 1s);
  for (auto& retry : log->retries)
    CAF_CHECK_EQUAL(retry.attempt, 1u);
}

CAF_TEST(attempts_are_counted_since_the_slot_was_open) {
  start();
  CAF_CHECK_EQUAL(newest(0)->setup.attempt, 1u);
  for (std::uint32_t attempt = 2; attempt < 5; ++attempt) {
    end(0, unreached());
    CAF_CHECK_EQUAL(log->retries.back().attempt, attempt - 1);
    await_retry();
    CAF_CHECK_EQUAL(newest(0)->setup.attempt, attempt);
  }
  open(0);
  end(0, lost());
  await_retry();
  CAF_CHECK_EQUAL(newest(0)->setup.attempt, 1u);
}

CAF_TEST(a_slot_without_attempts_left_is_given_up) {
  options.reconnect.attempts = 3;
  start();
  for (int retry = 0; retry < 3; ++retry) {
    end(0, unreached());
    await_retry();
  }
  CAF_CHECK_EQUAL(connections.size(), 4u);
  CAF_CHECK(log->given_up.empty());
  end(0, unreached());
  CAF_REQUIRE_EQUAL(log->given_up.size(), 1u);
  auto& last = log->given_up.front();
  CAF_CHECK_EQUAL(last.slot, 0u);
  CAF_CHECK_EQUAL(last.endpoint, url);
  CAF_CHECK_EQUAL(last.attempts, 3u);
  CAF_CHECK_EQUAL(last.why, errc::connect_failed);
  CAF_CHECK_EQUAL(last.text, "as the test wants it");
  CAF_CHECK_EQUAL(last_report().state, slot_state::given_up);
  CAF_CHECK_EQUAL(last_report().why, errc::connect_failed);
  advance(24h);
  CAF_CHECK_EQUAL(connections.size(), 4u);
}

CAF_TEST(an_answer_that_would_not_change_ends_the_slot_at_once) {
  start();
  end(0, refused_with(404));
  CAF_REQUIRE_EQUAL(log->given_up.size(), 1u);
  CAF_CHECK_EQUAL(log->given_up.front().why, errc::upgrade_refused);
  CAF_CHECK_EQUAL(delayed_messages(), 0u);
}

CAF_TEST(refused_credentials_are_refreshed_once) {
  start();
  end(0, refused_with(401));
  CAF_REQUIRE_EQUAL(log->retries.size(), 1u);
  CAF_CHECK_LESS_OR_EQUAL(log->retries.back().delay, 250ms);
  await_retry();
  CAF_CHECK_EQUAL(connections.size(), 2u);
  CAF_CHECK(newest(0)->setup.refresh);
  end(0, refused_with(401));
  CAF_CHECK_EQUAL(connections.size(), 2u);
  CAF_REQUIRE_EQUAL(log->given_up.size(), 1u);
}

CAF_TEST(credentials_that_worked_for_a_while_are_refreshed_again) {
  start();
  for (int round = 0; round < 3; ++round) {
    end(0, refused_with(403));
    await_retry();
    CAF_CHECK(newest(0)->setup.refresh);
    open(0);
    advance(options.reconnect.minimum_uptime);
    end(0, lost());
    await_retry();
    CAF_CHECK(!newest(0)->setup.refresh);
  }
  CAF_CHECK(log->given_up.empty());
}

CAF_TEST(a_refresh_that_opens_for_a_moment_only_was_the_one_refresh) {
  start_open(1);
  end(0, closed_with(close_code::unauthorized));
  await_retry();
  CAF_CHECK(newest(0)->setup.refresh);
  open(0);
  advance(1s);
  end(0, closed_with(close_code::unauthorized));
  CAF_CHECK_EQUAL(log->given_up.size(), 1u);
}

CAF_TEST(retry_after_bounds_the_delay_from_below) {
  start();
  end(0, refused_with(503, 20s));
  CAF_CHECK_GREATER_OR_EQUAL(log->retries.back().delay, 20s);
  advance(20s - 1ms);
  CAF_CHECK_EQUAL(connections.size(), 1u);
  await_retry();
  CAF_CHECK_EQUAL(connections.size(), 2u);
}

CAF_TEST(a_restarting_service_is_spread_over_a_window_and_resets_no_backoff) {
  start_open(many);
  for (auto ceiling : {1s, 2s, 4s}) {
    check_drawn_up_to(end_all(many, lost()), ceiling);
    advance(ceiling);
    open_all(many);
  }
  advance(options.reconnect.minimum_uptime);
  check_drawn_up_to(end_all(many, closed_with(close_code::service_restart)), 5s);
  advance(5s);
  check_drawn_up_to(end_all(many, unreached()), 8s);
}

CAF_TEST(a_restarting_service_may_name_its_window) {
  start_open(many);
  advance(options.reconnect.minimum_uptime);
  check_drawn_up_to(end_all(many, closed_with(close_code::service_restart, "retry-after=60")), 60s);
}

CAF_TEST(try_again_later_backs_off_for_long) {
  start_open(many);
  advance(options.reconnect.minimum_uptime);
  check_drawn_up_to(end_all(many, closed_with(close_code::try_again_later)), 10s);
}

CAF_TEST(a_connection_that_dies_without_a_word_counts_as_crashed) {
  start_open(1);
  advance(3s);
  // As CAF ends an actor that has thrown.
  const auto crashing = newest(0)->actor;
  compat::anon_tell(crashing,
                    caf::exit_msg{crashing.address(), caf::make_error(caf::sec::runtime_error)});
  consume_messages();
  CAF_REQUIRE_EQUAL(log->ended.size(), 1u);
  auto& last = log->ended.front();
  CAF_CHECK_EQUAL(last.id, (connection_id{0, 1}));
  CAF_CHECK_EQUAL(last.how.why, errc::crashed);
  CAF_CHECK(last.how.was_open);
  CAF_CHECK_EQUAL(last.uptime, 3s);
  CAF_CHECK(!last.on_purpose);
  // Nobody knows how much of what it was given went out.
  CAF_CHECK_EQUAL(last.last.touched, std::numeric_limits<std::uint64_t>::max());
  CAF_REQUIRE_EQUAL(log->retries.size(), 1u);
  CAF_CHECK_EQUAL(log->retries.back().why, errc::crashed);
  await_retry();
  CAF_CHECK_EQUAL(connections.size(), 2u);
}

CAF_TEST(a_connection_that_is_ended_from_outside_comes_back) {
  start_open(1);
  ending how;
  how.why = errc::shutdown;
  how.was_open = true;
  end(0, how);
  CAF_CHECK(log->given_up.empty());
  await_retry();
  CAF_CHECK_EQUAL(connections.size(), 2u);
}

CAF_TEST(what_an_older_generation_says_is_ignored) {
  start_open(1);
  const auto old = newest(0);
  end(old, lost());
  await_retry();
  CAF_REQUIRE_EQUAL(connections.size(), 2u);
  const auto reports = log->slots.size();
  open(old);
  end(old, refused_with(404));
  end(old, lost());
  CAF_CHECK_EQUAL(log->slots.size(), reports);
  CAF_CHECK_EQUAL(log->retries.size(), 1u);
  CAF_CHECK(log->given_up.empty());
  advance(1h);
  CAF_CHECK_EQUAL(connections.size(), 2u);
  // The slot is still connecting: only its own generation opens it.
  CAF_CHECK(ask(restart_atom_v, connection_id{0, 2})->arrived);
  CAF_CHECK(log->retired.empty());
}

CAF_TEST(a_thousand_slots_come_back_evenly_spread) {
  constexpr std::uint32_t slots = 1000;
  start_open(slots);
  advance(options.reconnect.minimum_uptime);
  CAF_CHECK_EQUAL(delayed_messages(), 0u);
  end_all(slots, lost());
  std::array<int, 10> tenths{};
  for (auto& retry : log->retries)
    ++tenths[static_cast<std::size_t>(std::min<long>(retry.delay.count() / 100, 9))];
  // 100 each; a fair draw is off by more than four times its deviation (9.5) once in 1,500 runs,
  // and the seed is fixed.
  for (auto count : tenths) {
    CAF_CHECK_GREATER(count, 62);
    CAF_CHECK_LESS(count, 138);
  }
  // One timer: each of its messages is earlier than all before it, so there are about ln(1000).
  CAF_CHECK_LESS(delayed_messages(), 25u);
  for (int tenth = 1; tenth <= 10; ++tenth)
    advance(100ms);
  CAF_CHECK_EQUAL(connections.size(), 2 * slots);
  CAF_CHECK_EQUAL(delayed_messages(), 0u);
}

CAF_TEST(a_pool_at_rest_has_no_timer) {
  start_open(10);
  CAF_CHECK_GREATER(delayed_messages(), 0u);
  advance(options.reconnect.minimum_uptime);
  CAF_CHECK_EQUAL(delayed_messages(), 0u);
}

CAF_TEST(the_end_of_the_dispatcher_ends_everything) {
  start_open(3);
  CAF_CHECK_EQUAL(alive(), 3u);
  caf::anon_send_exit(dispatcher, caf::exit_reason::user_shutdown);
  consume_messages();
  CAF_CHECK(supervisor_is_down());
  CAF_CHECK_EQUAL(alive(), 0u);
}

CAF_TEST(subscribers_reach_present_and_future_connections) {
  start_open(2);
  CAF_REQUIRE(newest(0)->setup.subscribers.content != nullptr);
  auto list = internal::pack(internal::subscribers{{}, event::open});
  compat::anon_tell(supervisor, list);
  consume_messages();
  for (std::uint32_t n : {0u, 1u}) {
    CAF_REQUIRE_EQUAL(newest(n)->subscribers.size(), 1u);
    CAF_CHECK_EQUAL(newest(n)->subscribers.front()->wanted, event::open);
  }
  end(1, lost());
  await_retry();
  CAF_CHECK(newest(1)->setup.subscribers.content == list.content);
}

CAF_TEST_FIXTURE_SCOPE_END()

} // namespace supervisor_retry_test
