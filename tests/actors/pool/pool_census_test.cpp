// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE pool_census

#include "support/unit_test.hpp"

#include "pool/pool_census.hpp"

#include <rapidcheck.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace wspool {
// For CAF's checks.
std::string to_string(pool_census::transition x) {
  using transition = pool_census::transition;
  return x == transition::none ? "none" : x == transition::ready ? "ready" : "empty";
}
} // namespace wspool

namespace pool_census_test {

using namespace wspool;
using namespace std::chrono_literals;
using transition = pool_census::transition;

namespace {

constexpr const char* origin = "ws://127.0.0.1:9001";

/// A pool's news, told to a census as supervisor and connections tell them.
class story {
public:
  pool_census census;
  pool_census::time_point now{1h};

  transition slot(std::uint32_t number, slot_state state, std::chrono::milliseconds delay = 0ms) {
    auto news = about(number);
    news.state = state;
    news.delay = delay;
    return census.slot_changed(news);
  }
  transition want(std::uint32_t number) { return slot(number, slot_state::connecting); }
  transition removed(std::uint32_t number) {
    auto news = about(number);
    news.removed = true;
    return census.slot_changed(news);
  }

  transition opens(connection_id id, std::chrono::milliseconds took = 0ms) {
    internal::opened news;
    news.id = id;
    news.origin = origin;
    news.began = now - took;
    return census.opened(news, now);
  }
  /// The end of one that was open.
  transition closes(connection_id id, errc why = errc::end_of_stream,
                    std::optional<close_info> close = {}, internal::sample counts = {}) {
    internal::ended news;
    news.id = id;
    news.origin = origin;
    news.how.why = why;
    news.how.was_open = true;
    news.how.close = std::move(close);
    news.uptime = 7s;
    counts.id = id;
    news.counts = counts;
    return census.ended(news);
  }
  /// The end of one that never was.
  transition fails(connection_id id, errc why = errc::connect_failed) {
    internal::ended news;
    news.id = id;
    news.origin = origin;
    news.how.why = why;
    return census.ended(news);
  }

  [[nodiscard]] pool_stats stats() const {
    pool_stats result;
    census.fill(result, now);
    return result;
  }

private:
  static internal::slots about(std::uint32_t number) {
    internal::slots news;
    news.slot = number;
    news.origin = origin;
    return news;
  }
};

/// A pool of `count` slots, all open in their first life.
story ready_pool(std::uint32_t count) {
  story result;
  for (std::uint32_t i = 0; i < count; ++i)
    result.want(i);
  for (std::uint32_t i = 0; i < count; ++i)
    result.opens({i, 1});
  return result;
}

internal::sample counts_of(connection_id id, std::uint64_t out, std::uint64_t in) {
  internal::sample result;
  result.id = id;
  result.total.messages_out = out;
  result.total.messages_in = in;
  return result;
}

} // namespace

// -- ready and empty ------------------------------------------------------------------------------

CAF_TEST(a_pool_is_ready_when_its_last_wanted_slot_opens_and_only_then) {
  story told;
  for (std::uint32_t i = 0; i < 3; ++i)
    CAF_CHECK_EQUAL(told.want(i), transition::none);
  CAF_CHECK_EQUAL(told.opens({2, 1}), transition::none);
  CAF_CHECK_EQUAL(told.opens({0, 1}), transition::none);
  CAF_CHECK_EQUAL(told.opens({1, 1}), transition::ready);
}

CAF_TEST(a_pool_is_empty_when_its_last_open_connection_closes_and_only_then) {
  auto told = ready_pool(3);
  CAF_CHECK_EQUAL(told.closes({0, 1}), transition::none);
  CAF_CHECK_EQUAL(told.closes({2, 1}), transition::none);
  CAF_CHECK_EQUAL(told.closes({1, 1}), transition::empty);
}

CAF_TEST(a_connection_that_never_opened_does_not_close) {
  story told;
  told.want(0);
  CAF_CHECK_EQUAL(told.fails({0, 1}), transition::none);
  CAF_CHECK_EQUAL(told.fails({0, 2}, errc::upgrade_refused), transition::none);
  CAF_CHECK(told.stats().closes.empty());
  CAF_CHECK_EQUAL(told.stats().connection_duration.count(), 0u);
  // Not even beside one that is open.
  told.want(1);
  told.opens({1, 1});
  CAF_CHECK_EQUAL(told.fails({0, 3}), transition::none);
  CAF_CHECK_EQUAL(told.census.open(), 1u);
}

CAF_TEST(a_pool_becomes_ready_again_after_it_was_not) {
  auto told = ready_pool(2);
  told.closes({0, 1});
  told.slot(0, slot_state::waiting, 100ms);
  CAF_CHECK_EQUAL(told.want(0), transition::none);
  CAF_CHECK_EQUAL(told.opens({0, 2}), transition::ready);
}

CAF_TEST(an_end_counts_once) {
  auto told = ready_pool(1);
  CAF_CHECK_EQUAL(told.closes({0, 1}), transition::empty);
  CAF_CHECK_EQUAL(told.closes({0, 1}), transition::none);
  const auto closes = told.stats().closes;
  CAF_REQUIRE_EQUAL(closes.size(), 1u);
  CAF_CHECK_EQUAL(closes[0].count, 1u);
}

CAF_TEST(a_successor_that_opens_before_the_old_one_closes_changes_nothing) {
  auto told = ready_pool(2);
  CAF_CHECK_EQUAL(told.opens({0, 2}), transition::none);
  CAF_CHECK_EQUAL(told.census.open(), 2u);
  CAF_CHECK_EQUAL(told.closes({0, 1}), transition::none);
  CAF_CHECK_EQUAL(told.census.open(), 2u);
  CAF_CHECK_EQUAL(told.stats().connections.size(), 2u);
}

CAF_TEST(more_slots_make_a_ready_pool_ready_anew) {
  auto told = ready_pool(1);
  CAF_CHECK_EQUAL(told.want(1), transition::none);
  CAF_CHECK_EQUAL(told.opens({1, 1}), transition::ready);
}

CAF_TEST(a_ready_pool_that_shrinks_stays_ready_without_saying_so_again) {
  auto told = ready_pool(3);
  CAF_CHECK_EQUAL(told.slot(2, slot_state::draining), transition::none);
  CAF_CHECK_EQUAL(told.census.open(), 2u);
  CAF_CHECK_EQUAL(told.closes({2, 1}), transition::none);
  CAF_CHECK_EQUAL(told.removed(2), transition::none);
  CAF_CHECK_EQUAL(told.stats().total, 2u);
}

CAF_TEST(a_draining_slot_does_not_stand_in_for_one_that_is_wanted) {
  auto told = ready_pool(2);
  told.slot(0, slot_state::draining);
  told.want(2);
  CAF_CHECK_EQUAL(told.opens({2, 1}), transition::ready);
  told.closes({1, 1});
  CAF_CHECK_EQUAL(told.census.open(), 1u);
  CAF_CHECK_EQUAL(told.opens({1, 2}), transition::ready);
}

CAF_TEST(what_drains_is_still_an_open_connection) {
  auto told = ready_pool(2);
  told.slot(1, slot_state::draining);
  CAF_CHECK_EQUAL(told.closes({0, 1}), transition::none);
  CAF_CHECK_EQUAL(told.closes({1, 1}), transition::empty);
}

CAF_TEST(a_pool_is_ready_when_the_slot_it_waited_for_is_removed) {
  story told;
  told.want(0);
  told.want(1);
  told.opens({0, 1});
  CAF_CHECK_EQUAL(told.removed(1), transition::ready);
}

CAF_TEST(a_pool_without_slots_is_neither_ready_nor_hopeless) {
  auto told = ready_pool(1);
  told.slot(0, slot_state::draining);
  told.closes({0, 1});
  CAF_CHECK_EQUAL(told.removed(0), transition::none);
  CAF_CHECK(!told.census.hopeless());
  told.want(1);
  CAF_CHECK_EQUAL(told.opens({1, 1}), transition::ready);
}

// -- hopeless -------------------------------------------------------------------------------------

CAF_TEST(a_pool_is_hopeless_while_every_wanted_slot_is_given_up) {
  story told;
  told.want(0);
  told.want(1);
  told.slot(0, slot_state::given_up);
  CAF_CHECK(!told.census.hopeless());
  told.slot(1, slot_state::given_up);
  CAF_CHECK(told.census.hopeless());
  CAF_CHECK_EQUAL(told.stats().closed, 2u);
  told.want(2);
  CAF_CHECK(!told.census.hopeless());
  told.slot(2, slot_state::draining);
  CAF_CHECK(told.census.hopeless());
  told.removed(2);
  told.removed(1);
  told.removed(0);
  CAF_CHECK(!told.census.hopeless());
}

// -- counts ---------------------------------------------------------------------------------------

CAF_TEST(slots_are_open_connecting_or_given_up) {
  auto told = ready_pool(4);
  told.closes({1, 1});
  told.slot(1, slot_state::waiting, 1s);
  told.closes({2, 1});
  told.slot(2, slot_state::given_up);
  const auto stats = told.stats();
  CAF_CHECK_EQUAL(stats.total, 4u);
  CAF_CHECK_EQUAL(stats.open, 2u);
  CAF_CHECK_EQUAL(stats.connecting, 1u);
  CAF_CHECK_EQUAL(stats.closed, 1u);
  CAF_CHECK_EQUAL(stats.reconnect_delay.count(), 1u);
}

CAF_TEST(attempts_that_failed_before_the_first_opening_make_it_no_reconnect) {
  story told;
  told.want(0);
  told.fails({0, 1});
  told.fails({0, 2});
  told.opens({0, 3});
  CAF_CHECK_EQUAL(told.stats().connects, 1u);
  CAF_CHECK_EQUAL(told.stats().reconnects, 0u);
  told.closes({0, 3});
  told.fails({0, 4});
  told.opens({0, 5});
  const auto stats = told.stats();
  CAF_CHECK_EQUAL(stats.connects, 2u);
  CAF_CHECK_EQUAL(stats.reconnects, 1u);
  CAF_REQUIRE_EQUAL(stats.connections.size(), 1u);
  CAF_CHECK_EQUAL(stats.connections[0].reconnects, 1u);
}

CAF_TEST(attempts_are_counted_by_endpoint_and_result_and_timed_if_they_succeed) {
  story told;
  told.want(0);
  told.fails({0, 1});
  told.fails({0, 2});
  told.fails({0, 3}, errc::upgrade_refused);
  told.opens({0, 4}, 30ms);
  CAF_REQUIRE_EQUAL(told.stats().endpoints.size(), 1u);
  const auto endpoint = told.stats().endpoints[0];
  CAF_CHECK_EQUAL(endpoint.endpoint, origin);
  CAF_CHECK_EQUAL(endpoint.attempts.at("connect_failed"), 2u);
  CAF_CHECK_EQUAL(endpoint.attempts.at("upgrade_refused"), 1u);
  CAF_CHECK_EQUAL(endpoint.attempts.at("ok"), 1u);
  CAF_CHECK_EQUAL(endpoint.connect_duration.count(), 1u);
  CAF_CHECK(endpoint.connect_duration.sum() == 30ms);
}

CAF_TEST(closes_are_counted_by_code_and_by_who_began_them) {
  auto told = ready_pool(6);
  told.closes({0, 1}, errc::closed, close_info{1000, "", initiator::local, true});
  told.closes({1, 1}, errc::closed, close_info{1000, "", initiator::remote, true});
  told.closes({2, 1}, errc::closed, close_info{1000, "", initiator::remote, true});
  told.closes({3, 1}, errc::heartbeat_timeout);
  told.closes({4, 1}, errc::connection_reset);
  told.closes({5, 1}, errc::end_of_stream);
  const auto closes = told.stats().closes;
  CAF_REQUIRE_EQUAL(closes.size(), 4u);
  auto is = [](const close_count& x, std::uint16_t code, initiator began, std::uint64_t count) {
    return x.code == code && x.began == began && x.count == count;
  };
  CAF_CHECK(is(closes[0], 1000, initiator::local, 1));
  CAF_CHECK(is(closes[1], 1000, initiator::remote, 2));
  CAF_CHECK(is(closes[2], 1006, initiator::local, 1));
  CAF_CHECK(is(closes[3], 1006, initiator::remote, 2));
  CAF_CHECK_EQUAL(told.stats().connection_duration.count(), 6u);
}

CAF_TEST(traffic_is_that_of_the_gone_and_of_the_living) {
  auto told = ready_pool(2);
  told.census.sampled(counts_of({0, 1}, 10, 1));
  told.census.sampled(counts_of({1, 1}, 20, 2));
  CAF_CHECK_EQUAL(told.stats().total_traffic.messages_out, 30u);
  CAF_CHECK_EQUAL(told.stats().received, 3u);
  told.closes({0, 1}, errc::end_of_stream, {}, counts_of({0, 1}, 15, 1));
  CAF_CHECK_EQUAL(told.stats().total_traffic.messages_out, 35u);
  CAF_CHECK_EQUAL(told.stats().received, 3u);
}

CAF_TEST(a_connection_that_died_without_a_last_word_leaves_what_it_told_before) {
  auto told = ready_pool(1);
  told.census.sampled(counts_of({0, 1}, 10, 4));
  told.closes({0, 1}, errc::crashed);
  CAF_CHECK_EQUAL(told.stats().total_traffic.messages_out, 10u);
  CAF_CHECK_EQUAL(told.stats().received, 4u);
}

CAF_TEST(counts_of_a_connection_that_is_gone_are_ignored) {
  auto told = ready_pool(1);
  told.closes({0, 1}, errc::end_of_stream, {}, counts_of({0, 1}, 5, 5));
  told.census.sampled(counts_of({0, 1}, 5, 5));
  CAF_CHECK_EQUAL(told.stats().total_traffic.messages_out, 5u);
}

CAF_TEST(connections_are_listed_with_their_ages_and_slots_without_one_with_their_states) {
  story told;
  told.want(0);
  told.want(1);
  told.opens({0, 1});
  told.slot(1, slot_state::waiting, 1s);
  told.now += 90s;
  auto list = told.stats().connections;
  CAF_REQUIRE_EQUAL(list.size(), 2u);
  std::sort(list.begin(), list.end(), [](auto& a, auto& b) { return a.id < b.id; });
  CAF_CHECK(list[0].state == slot_state::open && list[0].age == 90s);
  CAF_CHECK(list[1].state == slot_state::waiting && list[1].age == 0s);
}

CAF_TEST(failures_are_counted_by_their_names) {
  story told;
  told.census.failed(errc::queue_full, 3);
  told.census.failed(errc::connection_lost, 1);
  told.census.failed(errc::queue_full, 2);
  told.census.waited(5ms, 10);
  auto stats = told.stats();
  CAF_CHECK_EQUAL(stats.failures["queue_full"], 5u);
  CAF_CHECK_EQUAL(stats.failures["connection_lost"], 1u);
  CAF_CHECK_EQUAL(stats.send_wait.count(), 10u);
}

// -- properties -----------------------------------------------------------------------------------

namespace {

/// What slots and connections may do, in any order that a supervisor allows; checked against the
/// plainest account of the same things.
class model {
public:
  void run(const std::vector<std::pair<int, std::uint32_t>>& steps) {
    for (auto [what, slot] : steps)
      step(what, slot);
  }

private:
  void step(int what, std::uint32_t n) {
    const auto was_ready = ready();
    const auto was_open = !open_.empty();
    auto change = transition::none;
    if (what == 0 && wanted_.count(n) == 0 && draining_.count(n) == 0) {
      wanted_.insert(n);
      change = told_.want(n);
    } else if (what == 1 && wanted_.count(n) == 1 && open_.count(n) == 0) {
      open_[n] = ++generation_;
      change = told_.opens({n, generation_});
    } else if (what == 2 && open_.count(n) == 1) {
      const connection_id id{n, open_[n]};
      open_.erase(n);
      change = told_.closes(id);
    } else if (what == 3 && wanted_.count(n) == 1 && open_.count(n) == 0) {
      change = told_.fails({n, ++generation_});
    } else if (what == 4 && wanted_.count(n) == 1 && open_.count(n) == 1) {
      wanted_.erase(n);
      draining_.insert(n);
      change = told_.slot(n, slot_state::draining);
    } else if (what == 5 && open_.count(n) == 0 && wanted_.count(n) + draining_.count(n) == 1) {
      wanted_.erase(n);
      draining_.erase(n);
      change = told_.removed(n);
    }
    RC_ASSERT((change == transition::ready) == (!was_ready && ready()));
    RC_ASSERT((change == transition::empty) == (was_open && open_.empty()));
    const auto stats = told_.stats();
    RC_ASSERT(stats.total == wanted_.size());
    RC_ASSERT(stats.open == wanted_open());
    RC_ASSERT(stats.open + stats.connecting + stats.closed == stats.total);
    RC_ASSERT(told_.census.open() == stats.open);
  }

  [[nodiscard]] std::size_t wanted_open() const {
    return static_cast<std::size_t>(std::count_if(wanted_.begin(), wanted_.end(),
                                                  [this](auto n) { return open_.count(n) == 1; }));
  }
  [[nodiscard]] bool ready() const { return !wanted_.empty() && wanted_open() == wanted_.size(); }

  story told_;
  std::set<std::uint32_t> wanted_;
  std::set<std::uint32_t> draining_;
  std::map<std::uint32_t, std::uint32_t> open_; ///< slot to generation
  std::uint32_t generation_ = 0;
};

} // namespace

CAF_TEST(ready_and_empty_are_exactly_the_transitions) {
  CAF_CHECK(rc::check("under any sequence of openings, ends, removals", [] {
    model{}.run(*rc::gen::container<std::vector<std::pair<int, std::uint32_t>>>(
      rc::gen::pair(rc::gen::inRange(0, 6), rc::gen::inRange<std::uint32_t>(0, 4))));
  }));
}

} // namespace pool_census_test
