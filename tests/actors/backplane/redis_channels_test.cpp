// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE redis_channels

#include "backplane/redis_channels.hpp"

#include <string>
#include <vector>

#include "support/unit_test.hpp"

namespace redis_channels_test {

using namespace wspool;

namespace {

struct fixture {
  redis_channels::entry& subscribe(redis_channels::listener who) {
    return tested.subscribe(news, who, "tag", "wire");
  }

  /// Somebody listens, and Redis knows.
  redis_channels::entry& heard() {
    auto& at = subscribe(1);
    tested.asking(at);
    CAF_REQUIRE(tested.confirm("wire") == &at);
    return at;
  }

  /// The link was lost, and is back.
  redis_channels::entry& back() {
    CAF_CHECK_EQUAL(tested.lose_link().size(), 0u);
    CAF_CHECK_EQUAL(tested.resubscribe().size(), 1u);
    auto* const at = tested.confirm("wire");
    CAF_REQUIRE(at != nullptr);
    return *at;
  }

  redis_channels tested;
  const channel_ref news{"space", "news"};
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(redis_channels_tests, fixture)

CAF_TEST(redis_is_told_of_the_first_listener_and_of_the_last_one) {
  auto& at = subscribe(1);
  CAF_CHECK(!at.asked);
  tested.asking(at);
  CAF_CHECK(subscribe(2).asked);
  CAF_CHECK(tested.confirm("wire") == &at);
  CAF_CHECK(at.confirmed());
  CAF_CHECK(!tested.unsubscribe(news, 1));
  CAF_CHECK(!tested.unsubscribe(news, 1));
  CAF_CHECK(tested.unsubscribe(news, 2) == "wire");
  CAF_CHECK_EQUAL(tested.size(), 0u);
  CAF_CHECK(tested.find(news) == nullptr);
  CAF_CHECK(tested.find_wire("wire") == nullptr);
}

CAF_TEST(a_confirmation_that_is_late_is_not_taken_for_the_next) {
  auto& at = subscribe(1);
  tested.asking(at);
  CAF_CHECK(tested.unsubscribe(news, 1) == "wire");
  auto& again = subscribe(1);
  CAF_CHECK(!again.asked);
  tested.asking(again);
  CAF_CHECK(tested.confirm("wire") == nullptr);
  CAF_CHECK(tested.confirm("wire") == &again);
}

CAF_TEST(a_channel_that_nobody_wants_any_more_is_gone_when_confirmed) {
  tested.asking(subscribe(1));
  CAF_CHECK(tested.unsubscribe(news, 1).has_value());
  CAF_CHECK(tested.confirm("wire") == nullptr);
  CAF_CHECK_EQUAL(tested.size(), 0u);
  CAF_CHECK(tested.confirm("wire") == nullptr);
}

CAF_TEST(a_listener_that_is_gone_leaves_all_channels) {
  heard();
  tested.asking(tested.subscribe({"space", "sport"}, 1, "tag2", "wire2"));
  tested.subscribe({"space", "sport"}, 2, "tag2", "wire2");
  CAF_CHECK((tested.drop(1) == std::vector<std::string>{"wire"}));
  CAF_CHECK_EQUAL(tested.size(), 1u);
}

CAF_TEST(who_waits_when_the_link_is_lost_is_handed_out) {
  auto& at = subscribe(1);
  tested.asking(at);
  auto told = errc::none;
  at.waiting.push_back([&](errc why) { told = why; });
  auto waiting = tested.lose_link();
  CAF_REQUIRE_EQUAL(waiting.size(), 1u);
  waiting[0](errc::connection_lost);
  CAF_CHECK(told == errc::connection_lost);
  CAF_CHECK(!at.asked);
  CAF_CHECK(!at.owes_gap);
}

CAF_TEST(a_gap_is_told_with_the_place_that_redis_tells) {
  heard();
  auto& at = back();
  CAF_CHECK(at.owes_gap);
  const auto told = tested.on_place(at, {"e", 7});
  CAF_REQUIRE(told.has_value());
  CAF_CHECK(*told == (channel_place{"e", 7}));
  CAF_CHECK(!tested.on_place(at, {"e", 7}).has_value());
  // 7 was published after the confirmation, and its event came after the answer: it is in the gap.
  CAF_CHECK(!tested.on_message(at, {"e", 7}).deliver);
  const auto next = tested.on_message(at, {"e", 8});
  CAF_CHECK(next.deliver);
  CAF_CHECK(!next.gap.has_value());
  CAF_CHECK(tested.on_message(at, {"f", 1}).deliver);
}

CAF_TEST(a_gap_is_told_with_the_first_message_that_comes_before_the_place) {
  heard();
  auto& at = back();
  const auto first = tested.on_message(at, {"e", 7});
  CAF_CHECK(first.deliver);
  CAF_REQUIRE(first.gap.has_value());
  CAF_CHECK(*first.gap == (channel_place{"e", 6}));
  CAF_CHECK(!tested.on_place(at, {"e", 7}).has_value());
  const auto second = tested.on_message(at, {"e", 8});
  CAF_CHECK(second.deliver);
  CAF_CHECK(!second.gap.has_value());
}

CAF_TEST(without_places_there_are_gaps_all_the_same) {
  heard();
  auto& at = back();
  const auto first = tested.on_message(at, {});
  CAF_CHECK(first.deliver);
  CAF_REQUIRE(first.gap.has_value());
  CAF_CHECK(!first.gap->known());
  auto& again = back();
  const auto told = tested.on_place(again, {});
  CAF_REQUIRE(told.has_value());
  CAF_CHECK(tested.on_message(again, {}).deliver);
}

CAF_TEST(a_gap_that_was_not_told_yet_is_owed_after_the_next_loss_too) {
  heard();
  tested.lose_link();
  tested.resubscribe();
  tested.lose_link(); // before it was confirmed
  tested.resubscribe();
  auto* const at = tested.confirm("wire");
  CAF_REQUIRE(at != nullptr);
  CAF_CHECK(at->owes_gap);
}

CAF_TEST_FIXTURE_SCOPE_END()

} // namespace redis_channels_test
