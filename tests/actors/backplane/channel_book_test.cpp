// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE channel_book

#include "backplane/channel_book.hpp"

#include <string>

#include "support/unit_test.hpp"

namespace channel_book_test {

using namespace wspool;
using namespace std::chrono_literals;

namespace {

struct fixture {
  channel_book make(std::size_t max_messages = 3, std::size_t max_channels = 2) {
    return {{.max_messages = max_messages, .max_bytes = 100, .max_age = 60s}, max_channels, [this] {
              return "e" + std::to_string(++epochs);
            }};
  }

  /// The epoch in which something is published; empty if there is no room.
  std::string publish(channel_book& tested, const std::string& channel) {
    return tested.publish({"", channel}, "x", now).place.epoch;
  }

  int epochs = 0;
  channel_book::time_point now{1'000s};
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(channel_book_tests, fixture)

CAF_TEST(an_idle_channel_keeps_its_epoch_for_as_long_as_its_messages_could) {
  auto tested = make();
  CAF_CHECK_EQUAL(publish(tested, "a"), "e1");
  now += 59s;
  CAF_CHECK_EQUAL(publish(tested, "a"), "e1");
  now += 59s;
  tested.expire(now);
  CAF_CHECK_EQUAL(tested.size(), 1u);
  now += 1s;
  CAF_CHECK(tested.next_expiry() <= now);
  tested.expire(now);
  CAF_CHECK_EQUAL(tested.size(), 0u);
  CAF_CHECK(!tested.next_expiry().has_value());
  CAF_CHECK_EQUAL(publish(tested, "a"), "e2");
}

CAF_TEST(a_channel_with_a_listener_keeps_its_epoch_for_ever) {
  auto tested = make();
  CAF_CHECK(tested.subscribe({"", "a"}, 1, now));
  CAF_CHECK_EQUAL(publish(tested, "a"), "e1");
  now += 24h;
  tested.expire(now);
  CAF_CHECK_EQUAL(publish(tested, "a"), "e1");
  tested.unsubscribe({"", "a"}, 1, now);
  now += 60s;
  tested.expire(now);
  CAF_CHECK_EQUAL(tested.size(), 0u);
}

CAF_TEST(the_longest_idle_channel_makes_room) {
  auto tested = make();
  publish(tested, "a");
  publish(tested, "b");
  publish(tested, "a");
  CAF_CHECK_EQUAL(publish(tested, "c"), "e3");
  CAF_CHECK_EQUAL(tested.size(), 2u);
  CAF_CHECK_EQUAL(publish(tested, "a"), "e1");
  CAF_CHECK_EQUAL(publish(tested, "b"), "e4");
}

CAF_TEST(channels_that_somebody_is_in_make_no_room) {
  auto tested = make();
  CAF_CHECK(tested.subscribe({"", "a"}, 1, now));
  CAF_CHECK(tested.enter({"", "b"}, 1, {"ann", ""}, now) == channel_book::entering::entered);
  CAF_CHECK(!tested.subscribe({"", "c"}, 1, now));
  CAF_CHECK(tested.enter({"", "c"}, 1, {"ann", ""}, now) == channel_book::entering::no_room);
  CAF_CHECK(!tested.publish({"", "c"}, "x", now).accepted);
  CAF_CHECK(tested.subscribe({"", "a"}, 2, now));
  CAF_CHECK(tested.exit({"", "b"}, 1, {"ann", ""}, now));
  CAF_CHECK(tested.subscribe({"", "c"}, 1, now));
}

CAF_TEST(without_a_history_nothing_is_kept_of_what_nobody_hears) {
  auto tested = make(0);
  for (int i = 0; i < 10; ++i)
    CAF_CHECK(tested.publish({"", std::to_string(i)}, "x", now).accepted);
  CAF_CHECK_EQUAL(tested.size(), 0u);
  CAF_CHECK(tested.subscribe({"", "a"}, 1, now));
  const auto outcome = tested.publish({"", "a"}, "x", now);
  CAF_REQUIRE(outcome.to != nullptr);
  CAF_CHECK_EQUAL(outcome.to->size(), 1u);
  tested.unsubscribe({"", "a"}, 1, now);
  CAF_CHECK_EQUAL(tested.size(), 0u);
  CAF_CHECK(!tested.next_expiry().has_value());
}

CAF_TEST(channels_that_come_and_go_leave_nothing_behind) {
  auto tested = make(3, 5);
  for (int i = 0; i < 1'000; ++i) {
    publish(tested, std::to_string(i));
    now += 1ms;
  }
  CAF_CHECK_EQUAL(tested.size(), 5u);
  now += 60s;
  tested.expire(now);
  CAF_CHECK_EQUAL(tested.size(), 0u);
  CAF_CHECK(!tested.next_expiry().has_value());
}

CAF_TEST(a_listener_that_is_gone_leaves_nothing_behind) {
  auto tested = make(3, 5);
  CAF_CHECK(tested.subscribe({"", "a"}, 1, now));
  CAF_CHECK(tested.subscribe({"", "a"}, 2, now));
  for (auto who : {"ann", "bob"})
    CAF_CHECK(tested.enter({"", "a"}, 1, {who, ""}, now) == channel_book::entering::entered);
  CAF_CHECK(tested.enter({"", "b"}, 2, {"cid", ""}, now) == channel_book::entering::entered);
  CAF_CHECK_EQUAL(tested.heard(), 1u);
  const auto gone = tested.drop(1, now);
  CAF_REQUIRE_EQUAL(gone.size(), 2u);
  CAF_CHECK_EQUAL(gone[0].person.connection, "ann");
  CAF_CHECK_EQUAL(gone[1].person.connection, "bob");
  CAF_CHECK_EQUAL(tested.people({"", "a"}, 10).total, 0u);
  CAF_CHECK_EQUAL(tested.people({"", "b"}, 10).total, 1u);
  CAF_CHECK_EQUAL(tested.heard(), 1u);
  CAF_CHECK_EQUAL(tested.drop(2, now).size(), 1u);
  CAF_CHECK_EQUAL(tested.heard(), 0u);
}

CAF_TEST(who_enters_by_another_listener_is_that_listeners_from_then_on) {
  auto tested = make();
  const channel_ref at{"", "a"};
  CAF_CHECK(tested.enter(at, 1, {"ann", ""}, now) == channel_book::entering::entered);
  CAF_CHECK(tested.enter(at, 2, {"ann", ""}, now) == channel_book::entering::was_there);
  CAF_CHECK(!tested.exit(at, 1, {"ann", ""}, now));
  CAF_CHECK(tested.exit(at, 2, {"ann", ""}, now));
}

CAF_TEST_FIXTURE_SCOPE_END()

} // namespace channel_book_test
