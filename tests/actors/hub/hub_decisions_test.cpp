// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE hub_decisions

#include "support/unit_test.hpp"

#include "hub/compression_budget.hpp"
#include "hub/door.hpp"
#include "hub/drain_pace.hpp"
#include "hub/postbag.hpp"
#include "hub/rate_limit.hpp"
#include "pool/connection_habits.hpp"

#include <rapidcheck.h>

#include <chrono>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace hub_decisions_test {

using namespace wspool;
using namespace std::chrono_literals;
using time_point = std::chrono::steady_clock::time_point;

// -- the door -------------------------------------------------------------------------------------

CAF_TEST(a_door_never_holds_more_than_its_bounds_and_forgets_nobody) {
  CAF_CHECK(rc::check([](const std::vector<std::pair<unsigned, bool>>& steps) {
    admission_options options;
    options.max_connections = *rc::gen::inRange<std::size_t>(1, 8);
    options.max_per_address = *rc::gen::inRange<std::size_t>(0, 4);
    door d{options};
    std::vector<std::pair<std::string, door::verdict>> there;
    for (auto [n, comes] : steps) {
      const auto address = std::to_string(n % 3);
      if (!comes && !there.empty()) {
        const auto one = there.begin() + static_cast<std::ptrdiff_t>(n % there.size());
        d.leave(one->first, one->second);
        there.erase(one);
        continue;
      }
      std::size_t inside = 0;
      std::size_t from_there = 0;
      for (const auto& [a, v] : there)
        if (v == door::verdict::enter) {
          ++inside;
          from_there += a == address ? 1 : 0;
        }
      const auto verdict = d.knock(address);
      const bool full = inside == options.max_connections;
      const bool too_many = options.max_per_address > 0 && from_there == options.max_per_address;
      RC_ASSERT((verdict == door::verdict::enter) == (!full && !too_many));
      if (verdict != door::verdict::turn_away)
        there.emplace_back(address, verdict);
    }
    for (const auto& [address, verdict] : there)
      d.leave(address, verdict);
    RC_ASSERT(d.inside() == 0u);
    RC_ASSERT(d.refusals() == 0u);
    RC_ASSERT(d.addresses() == 0u);
  }));
}

// -- compression ----------------------------------------------------------------------------------

CAF_TEST(compression_never_takes_more_than_its_budget) {
  CAF_CHECK(rc::check([](const std::vector<bool>& steps) {
    server_options options;
    options.deflate.server_window_bits = *rc::gen::inRange(9, 16);
    const auto each = deflate_bytes(options.deflate);
    const auto room = *rc::gen::inRange<std::size_t>(0, 5);
    options.max_deflate_bytes = room * each + *rc::gen::inRange<std::size_t>(1, 1'000);
    compression_budget budget{options};
    std::size_t users = 0;
    for (const bool comes : steps) {
      if (comes) {
        const bool taken = budget.take();
        RC_ASSERT(taken == (users < room));
        users += taken ? 1 : 0;
      } else if (users > 0) {
        budget.give_back();
        --users;
      }
      RC_ASSERT(budget.taken() == users * each);
    }
  }));
}

CAF_TEST(a_budget_of_nothing_is_none) {
  server_options options;
  options.max_deflate_bytes = 0;
  compression_budget budget{options};
  for (int i = 0; i < 100'000; ++i)
    CAF_REQUIRE(budget.take());
}

// -- rates ----------------------------------------------------------------------------------------

CAF_TEST(over_any_stretch_a_limited_sender_gets_no_more_than_the_rate_and_two_bursts) {
  CAF_CHECK(rc::check([](const std::vector<unsigned>& amounts) {
    const auto rate = *rc::gen::inRange<std::uint64_t>(1, 1'000);
    const time_point start{1h};
    auto now = start;
    rate_limit limit{rate, now};
    std::uint64_t taken = 0;
    for (auto amount : amounts) {
      const auto next = std::max(now, limit.ready(now)); // who waits as long as it is told
      limit.take(0, next);
      RC_ASSERT(!limit.exceeded() || limit.ready(next) - next <= 1ns);
      now = next;
      limit.take(amount % rate, now);
      taken += amount % rate;
      const std::chrono::duration<double> passed = now - start;
      RC_ASSERT(static_cast<double>(taken) <= 2.0 * static_cast<double>(rate)
                                                + passed.count() * static_cast<double>(rate)
                                                + 1e-3);
    }
  }));
}

CAF_TEST(without_a_rate_nothing_is_ever_exceeded) {
  rate_limit limit{0, time_point{}};
  limit.take(1'000'000'000, time_point{});
  CAF_CHECK(!limit.exceeded());
}

CAF_TEST(a_debt_is_paid_when_it_was_said_to_be) {
  const time_point start{1h};
  rate_limit limit{100, start};
  limit.take(350, start); // 250 too many
  CAF_CHECK(limit.exceeded());
  CAF_CHECK_EQUAL(limit.ready(start) - start, std::chrono::nanoseconds{2'500ms});
  limit.take(0, start + 2'499ms);
  CAF_CHECK(limit.exceeded());
  limit.take(0, start + 2'500ms);
  CAF_CHECK(!limit.exceeded());
}

// -- memory ---------------------------------------------------------------------------------------

CAF_TEST(room_for_a_burst_is_given_back_and_that_for_a_trickle_kept) {
  decoded in;
  in.messages.add("small");
  const auto small = in.messages.entries().capacity();
  habits::recycle(in);
  CAF_CHECK(in.empty());
  CAF_CHECK_EQUAL(in.messages.entries().capacity(), small);
  auto room = [&in] {
    return in.messages.bytes().capacity() + in.messages.entries().capacity()
           + in.controls.capacity();
  };
  in.messages.add(std::string(100'000, 'x'));
  habits::recycle(in);
  CAF_CHECK_LESS(room(), 100u);
  for (int i = 0; i < 10'000; ++i)
    in.messages.add({});
  habits::recycle(in);
  CAF_CHECK_LESS(room(), 100u);
  in.controls.resize(10'000);
  habits::recycle(in);
  CAF_CHECK_LESS(room(), 100u);
  CAF_CHECK(in.empty());
}

// -- draining -------------------------------------------------------------------------------------

CAF_TEST(closings_are_never_more_in_any_second_than_the_rate_however_late_the_timer) {
  CAF_CHECK(rc::check([](const std::vector<unsigned>& delays) {
    const auto rate = *rc::gen::inRange(1, 5'000);
    const time_point start{1h};
    auto now = start;
    drain_pace pace{static_cast<double>(rate), start};
    std::vector<time_point> taken;
    for (auto delay : delays) {
      now = std::max(now, pace.next()) + std::chrono::microseconds{delay % 20'000};
      while (pace.take(now))
        taken.push_back(now);
    }
    // What one grain holds may come with the first and the last moment of a second.
    const auto most = static_cast<std::size_t>(rate + rate / 1'000 + 2);
    for (std::size_t i = 0; i + most < taken.size(); ++i)
      RC_ASSERT(taken[i + most] - taken[i] >= 1s);
  }));
}

CAF_TEST(a_punctual_timer_takes_exactly_one_at_each_step) {
  const time_point start{1h};
  drain_pace pace{100, start};
  for (int i = 0; i < 50; ++i) {
    const auto due = start + i * 10ms;
    CAF_CHECK_EQUAL((pace.next() - due).count(), 0);
    CAF_CHECK(!pace.take(due - 1ns));
    CAF_CHECK(pace.take(due));
    CAF_CHECK(!pace.take(due));
  }
}

// -- the postbag ----------------------------------------------------------------------------------

namespace {

struct box {
  frame_ranges outbox;
};

} // namespace

CAF_TEST(each_receiver_gets_what_it_was_addressed_in_order_and_equal_shares_are_shared) {
  CAF_CHECK(rc::check([](const std::vector<std::vector<bool>>& messages) {
    std::vector<box> boxes(4);
    std::map<box*, std::vector<std::string>> expected;
    std::map<box*, std::vector<std::string>> got;
    postbag<box*> bag;
    for (std::size_t i = 0; i < messages.size(); ++i) {
      std::uint32_t number = 0;
      bool added = false;
      for (std::size_t b = 0; b < boxes.size(); ++b) {
        if (b < messages[i].size() && !messages[i][b])
          continue;
        if (!std::exchange(added, true))
          number = bag.add(std::to_string(i), message_kind::text, compression::automatic);
        bag.address(&boxes[b], number);
        expected[&boxes[b]].push_back(std::to_string(i));
      }
      if (i % 7 == 6)
        bag.hand_out([&](box* to, const auto& batch, const frame_ranges& ranges, bool) {
          for (const auto& range : ranges)
            for (auto n = range.begin; n < range.end; ++n)
              got[to].emplace_back(batch->data(n));
        });
    }
    frame_ranges before;
    bag.hand_out([&](box* to, const auto& batch, const frame_ranges& ranges, bool same) {
      RC_ASSERT(same == (ranges == before));
      before = ranges;
      for (const auto& range : ranges)
        for (auto n = range.begin; n < range.end; ++n)
          got[to].emplace_back(batch->data(n));
    });
    RC_ASSERT(got == expected);
    for (const auto& b : boxes)
      RC_ASSERT(b.outbox.empty());
  }));
}

CAF_TEST(what_goes_to_several_is_shared) {
  std::vector<box> boxes(3);
  postbag<box*> bag;
  const auto alone = bag.add("for one", message_kind::text, compression::automatic);
  bag.address(&boxes[1], alone);
  const auto shared = bag.add("for all", message_kind::text, compression::automatic);
  for (auto& each : boxes)
    bag.address(&each, shared);
  int handed = 0;
  bag.hand_out([&](box*, const auto& batch, const frame_ranges&, bool) {
    ++handed;
    CAF_CHECK(!batch->shared(alone));
    CAF_CHECK(batch->shared(shared));
  });
  CAF_CHECK_EQUAL(handed, 3);
}

} // namespace hub_decisions_test
