// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE catch_up

#include "messaging/catch_up.hpp"
#include "support/unit_test.hpp"

#include <rapidcheck.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

namespace catch_up_test {

using namespace wspool;

namespace {

using tested = catch_up<int>;
using items = tested::items;
using phase = tested::phase;

position at(std::uint64_t offset, const std::string& epoch = "e") { return {epoch, offset}; }
tested::item message(int number) { return {at(static_cast<std::uint64_t>(number)), number}; }
tested::item gap(std::uint64_t offset) { return {at(offset), std::nullopt}; }

/// A channel with messages 1 to `last`; a listener who was at `seen` hears the live ones behind
/// `begin`, and is answered with what there is up to `latest` after so many of them.
struct story {
  int seen, begin, latest, last, before_answer;
};

story arbitrary_story() {
  const auto last = *rc::gen::inRange(0, 13);
  const auto latest = *rc::gen::inRange(0, last + 1);
  const auto begin = *rc::gen::inRange(0, latest + 1);
  const auto seen = *rc::gen::inRange(0, latest + 1);
  return {seen, begin, latest, last, *rc::gen::inRange(0, last - begin + 1)};
}

} // namespace

CAF_TEST(what_comes_before_the_answer_is_held_and_what_the_answer_has_is_skipped) {
  tested one{10};
  CAF_CHECK(one.arrive(message(3)).empty());
  CAF_CHECK(one.arrive(message(4)).empty());
  CAF_CHECK(one.arrive(message(5)).empty());
  CAF_CHECK(one.answer(at(4), at(5)) == items{message(5)});
  CAF_CHECK(one.state() == phase::done);
}

CAF_TEST(live_messages_that_are_late_are_skipped_until_they_are_where_the_answer_was) {
  tested one{10};
  CAF_CHECK(one.answer(at(4), at(2)).empty());
  CAF_CHECK(one.state() == phase::following);
  CAF_CHECK(one.arrive(message(3)).empty());
  CAF_CHECK(one.state() == phase::following);
  CAF_CHECK(one.arrive(message(4)).empty());
  CAF_CHECK(one.state() == phase::done);
  CAF_CHECK(one.arrive(message(5)) == items{message(5)});
}

CAF_TEST(without_history_everything_live_is_handed_on) {
  tested one{10};
  CAF_CHECK(one.arrive({std::nullopt, 1}).empty());
  CAF_CHECK(one.answer(std::nullopt, std::nullopt) == (items{{std::nullopt, 1}}));
  CAF_CHECK(one.state() == phase::done);
}

CAF_TEST(a_gap_that_the_answer_covers_is_none) {
  tested one{10};
  (void)one.arrive(gap(3));
  (void)one.arrive(gap(6));
  CAF_CHECK(one.answer(at(4), at(6)) == items{gap(6)});
}

CAF_TEST(more_than_can_be_held_is_a_gap) {
  tested one{2};
  for (int i = 1; i <= 4; ++i)
    (void)one.arrive(message(i));
  CAF_CHECK(one.answer(at(1), at(4)) == (items{gap(3), message(4)}));
}

CAF_TEST(what_is_held_of_an_earlier_epoch_is_skipped) {
  tested one{10};
  (void)one.arrive({at(8, "old"), 8});
  (void)one.arrive(message(1));
  (void)one.arrive(message(2));
  CAF_CHECK(one.answer(at(1), at(2)) == items{message(2)});
}

CAF_TEST(another_epoch_is_told_as_a_gap_as_nobody_knows_which_is_newer) {
  tested one{10};
  CAF_CHECK(one.answer(at(4), std::nullopt).empty());
  CAF_CHECK(one.arrive({at(1, "new"), 1})
            == (items{{at(0, "new"), std::nullopt}, {at(1, "new"), 1}}));
  CAF_CHECK(one.state() == phase::done);
}

CAF_TEST(without_an_answer_everything_that_was_held_is_handed_on) {
  tested one{10};
  (void)one.arrive(message(1));
  CAF_CHECK(one.abandon() == items{message(1)});
  CAF_CHECK(one.arrive(message(2)) == items{message(2)});
}

CAF_TEST(any_interleaving_gives_each_message_once_and_in_order) {
  CAF_CHECK(rc::check("catch_up", [] {
    const auto s = arbitrary_story();
    tested one{100};
    std::vector<int> got;
    const auto take = [&got](const items& list) {
      for (const auto& i : list) {
        RC_ASSERT(i.message.has_value());
        got.push_back(*i.message);
      }
    };
    int live = s.begin;
    for (int i = 0; i < s.before_answer; ++i)
      take(one.arrive(message(++live)));
    RC_ASSERT(got.empty());
    for (int i = s.seen + 1; i <= s.latest; ++i)
      got.push_back(i); // what the answer brings
    const auto seen =
      live > s.begin ? std::optional{at(static_cast<std::uint64_t>(live))} : std::nullopt;
    take(one.answer(at(static_cast<std::uint64_t>(s.latest)), seen));
    RC_ASSERT(one.state() != phase::done || live >= s.latest);
    while (live < s.last)
      take(one.arrive(message(++live)));
    std::vector<int> expected;
    for (int i = s.seen + 1; i <= s.last; ++i)
      expected.push_back(i);
    RC_ASSERT(got == expected);
  }));
}

CAF_TEST(with_lost_messages_and_little_room_each_message_comes_once_or_lies_in_a_gap) {
  CAF_CHECK(rc::check("catch_up with gaps", [] {
    const auto s = arbitrary_story();
    tested one{static_cast<std::size_t>(*rc::gen::inRange(1, 4))};
    int reached = s.seen; // everything up to here was had, or was told to be missing
    const auto take = [&reached](const items& list) {
      for (const auto& i : list) {
        const auto offset = static_cast<int>(i.where->offset);
        RC_ASSERT(offset > reached);
        RC_ASSERT(!i.message || offset == reached + 1);
        reached = offset;
      }
    };
    int live = s.begin;
    const auto go_on = [&] {
      if (*rc::gen::inRange(0, 4) == 0) { // lost; the gap reaches a while
        live = std::min(s.last, live + *rc::gen::inRange(1, 3));
        take(one.arrive(gap(static_cast<std::uint64_t>(live))));
      } else {
        take(one.arrive(message(++live)));
      }
    };
    while (live < s.begin + s.before_answer)
      go_on();
    reached = std::max(reached, s.latest);
    take(
      one.answer(at(static_cast<std::uint64_t>(s.latest)), at(static_cast<std::uint64_t>(live))));
    while (live < s.last)
      go_on();
    RC_ASSERT(reached == std::max(s.last, s.latest));
  }));
}

} // namespace catch_up_test
