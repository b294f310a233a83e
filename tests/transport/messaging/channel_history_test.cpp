// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE channel_history

#include "messaging/channel_history.hpp"
#include "support/unit_test.hpp"

#include <rapidcheck.h>

#include <algorithm>
#include <limits>
#include <vector>

namespace channel_history_test {

using namespace wspool;
using namespace std::chrono_literals;

namespace {

using time_point = channel_history::time_point;

shared_publication message(const std::string& name) {
  publication result;
  result.channel = name;
  return std::make_shared<const publication>(std::move(result));
}

/// "offset:name ..." of what was missed; "lost" if that is not known.
std::string told(const std::optional<std::vector<history_entry>>& missed) {
  if (!missed)
    return "lost";
  std::string result;
  for (const auto& entry : *missed)
    result += std::to_string(entry.offset) + ":" + entry.message->channel + " ";
  return result;
}

struct fixture {
  std::uint64_t append(const std::string& name, std::size_t bytes = 1) {
    const auto at = tested.append(message(name), bytes, now);
    CAF_CHECK_EQUAL(at.epoch, "e");
    return at.offset;
  }

  std::string since(std::uint64_t offset) { return told(tested.since({"e", offset}, now)); }

  channel_history tested{"e", {.messages = 3, .bytes = 10, .age = 60s}};
  time_point now{1'000s};
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(channel_history_tests, fixture)

CAF_TEST(messages_are_counted_from_one) {
  CAF_CHECK(tested.where() == (position{"e", 0}));
  CAF_CHECK_EQUAL(append("a"), 1u);
  CAF_CHECK_EQUAL(append("b"), 2u);
  CAF_CHECK(tested.where() == (position{"e", 2}));
}

CAF_TEST(who_comes_back_gets_what_it_missed_in_order) {
  append("a");
  append("b");
  append("c");
  CAF_CHECK_EQUAL(since(0), "1:a 2:b 3:c ");
  CAF_CHECK_EQUAL(since(1), "2:b 3:c ");
  CAF_CHECK_EQUAL(since(3), "");
}

CAF_TEST(what_is_not_kept_any_more_is_lost_and_not_left_out) {
  for (auto name : {"a", "b", "c", "d", "e"})
    append(name);
  CAF_CHECK_EQUAL(tested.size(), 3u);
  CAF_CHECK_EQUAL(since(2), "3:c 4:d 5:e ");
  CAF_CHECK_EQUAL(since(1), "lost");
}

CAF_TEST(places_in_another_epoch_or_in_the_future_mean_nothing) {
  append("a");
  CAF_CHECK_EQUAL(told(tested.since({"f", 0}, now)), "lost");
  CAF_CHECK_EQUAL(told(tested.since({"", 1}, now)), "lost");
  CAF_CHECK_EQUAL(since(2), "lost");
  CAF_CHECK_EQUAL(since(std::numeric_limits<std::uint64_t>::max()), "lost");
}

CAF_TEST(bytes_are_bounded) {
  append("a", 4);
  append("b", 4);
  append("c", 4);
  CAF_CHECK_EQUAL(tested.bytes(), 8u);
  CAF_CHECK_EQUAL(since(1), "2:b 3:c ");
  CAF_CHECK_EQUAL(since(0), "lost");
}

CAF_TEST(a_message_above_all_bounds_is_counted_but_not_kept) {
  append("a");
  CAF_CHECK_EQUAL(append("huge", 11), 2u);
  CAF_CHECK_EQUAL(tested.size(), 0u);
  CAF_CHECK_EQUAL(tested.bytes(), 0u);
  CAF_CHECK_EQUAL(since(1), "lost");
  CAF_CHECK_EQUAL(since(2), "");
  append("b");
  CAF_CHECK_EQUAL(since(2), "3:b ");
}

CAF_TEST(old_messages_go_by_themselves) {
  append("a");
  now += 30s;
  append("b");
  CAF_CHECK(tested.next_expiry() == now + 30s);
  now += 30s - 1ns;
  CAF_CHECK_EQUAL(since(0), "1:a 2:b ");
  now += 1ns;
  CAF_CHECK_EQUAL(since(0), "lost");
  CAF_CHECK_EQUAL(since(1), "2:b ");
  now += 30s;
  tested.expire(now);
  CAF_CHECK_EQUAL(tested.size(), 0u);
  CAF_CHECK(!tested.next_expiry());
  CAF_CHECK_EQUAL(since(2), "");
}

CAF_TEST(a_history_of_nothing_still_knows_whether_anything_was_missed) {
  channel_history none{"e", {.messages = 0, .bytes = 10, .age = 60s}};
  CAF_CHECK_EQUAL(told(none.since({"e", 0}, now)), "");
  none.append(message("a"), 1, now);
  CAF_CHECK_EQUAL(told(none.since({"e", 0}, now)), "lost");
  CAF_CHECK_EQUAL(told(none.since({"e", 1}, now)), "");
}

CAF_TEST(it_does_what_a_history_without_bounds_would_or_says_that_it_cannot) {
  CAF_CHECK(rc::check([] {
    history_limits limits;
    limits.messages = *rc::gen::inRange<std::size_t>(0, 6);
    limits.bytes = *rc::gen::inRange<std::size_t>(0, 40);
    limits.age = std::chrono::milliseconds{*rc::gen::inRange(1, 50)};
    channel_history history{"e", limits};

    struct appended {
      std::size_t bytes;
      time_point at;
    };
    std::vector<appended> all;
    time_point clock{1'000s};
    for (auto steps = *rc::gen::inRange(0, 40); steps > 0; --steps) {
      clock += std::chrono::milliseconds{*rc::gen::inRange(0, 12)};
      const auto bytes = *rc::gen::inRange<std::size_t>(0, 20);
      all.push_back({bytes, clock});
      const auto at = history.append(message(std::to_string(all.size())), bytes, clock);
      RC_ASSERT(at.offset == all.size());
      RC_ASSERT(history.size() <= limits.messages);
      RC_ASSERT(history.bytes() <= limits.bytes);

      clock += std::chrono::milliseconds{*rc::gen::inRange(0, 12)};
      // As many of the latest as all three bounds allow.
      std::size_t kept = 0;
      for (std::size_t sum = 0; kept < std::min(all.size(), limits.messages); ++kept) {
        const auto& next = all[all.size() - kept - 1];
        sum += next.bytes;
        if (sum > limits.bytes || clock - next.at >= limits.age)
          break;
      }
      for (std::size_t seen = 0; seen <= all.size() + 1; ++seen) {
        const auto missed = history.since({"e", seen}, clock);
        RC_ASSERT(missed.has_value() == (seen <= all.size() && all.size() - seen <= kept));
        if (!missed)
          continue;
        RC_ASSERT(missed->size() == all.size() - seen);
        for (std::size_t i = 0; i < missed->size(); ++i) {
          RC_ASSERT(missed->at(i).offset == seen + i + 1);
          RC_ASSERT(missed->at(i).message->channel == std::to_string(seen + i + 1));
        }
      }
    }
  }));
}

CAF_TEST_FIXTURE_SCOPE_END()

} // namespace channel_history_test
