// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE supervisor_timers

#include "support/unit_test.hpp"

#include "pool/supervisor_endpoint.hpp"
#include "pool/supervisor_timers.hpp"

#include <rapidcheck.h>

#include <algorithm>
#include <map>
#include <set>

namespace supervisor_timers_test {

using namespace wspool;
using namespace std::chrono_literals;
using purpose = supervisor_timers::purpose;
using time_point = supervisor_timers::time_point;

CAF_TEST(timers_come_in_order_and_each_slot_has_one_of_a_kind) {
  CAF_CHECK(rc::check([] {
    supervisor_timers tested;
    std::map<std::pair<std::uint32_t, purpose>, time_point> model;
    time_point now{1h};
    const auto steps = *rc::gen::inRange(0, 80);
    for (int i = 0; i < steps; ++i) {
      const auto slot = *rc::gen::inRange(0u, 4u);
      const auto what =
        *rc::gen::element(purpose::attempt, purpose::settle, purpose::rotate, purpose::reap);
      switch (*rc::gen::weightedElement<int>({{6, 0}, {2, 1}, {1, 2}, {3, 3}})) {
        case 0: {
          const auto at = now + std::chrono::seconds{*rc::gen::inRange(0, 20)};
          tested.set(slot, what, at);
          model[{slot, what}] = at;
          break;
        }
        case 1:
          tested.cancel(slot, what);
          model.erase({slot, what});
          break;
        case 2:
          tested.cancel_all(slot);
          std::erase_if(model, [slot](auto& x) { return x.first.first == slot; });
          break;
        default:
          now += 5s;
          time_point last{};
          while (auto due = tested.take(now)) {
            RC_ASSERT(due->at >= last && due->at <= now);
            last = due->at;
            RC_ASSERT(model.count({due->slot, due->what}) == 1u);
            RC_ASSERT((model.at({due->slot, due->what})) == due->at);
            model.erase({due->slot, due->what});
          }
          for (auto& [key, at] : model)
            RC_ASSERT(at > now);
      }
      RC_ASSERT(tested.size() == model.size());
      std::optional<time_point> earliest;
      for (auto& [key, at] : model) {
        RC_ASSERT(tested.find(key.first, key.second) == at);
        if (!earliest || at < *earliest)
          earliest = at;
      }
      RC_ASSERT(tested.earliest() == earliest);
    }
  }));
}

CAF_TEST(every_due_time_finds_a_message_under_way_and_no_time_has_two) {
  CAF_CHECK(rc::check([] {
    supervisor_timers tested;
    std::multiset<time_point> mailbox; // delayed messages, which cannot be called back
    time_point now{1h};
    const auto steps = *rc::gen::inRange(0, 80);
    for (int i = 0; i < steps; ++i) {
      const auto slot = *rc::gen::inRange(0u, 20u);
      if (*rc::gen::inRange(0, 4) == 0)
        tested.cancel(slot, purpose::attempt);
      else
        tested.set(slot, purpose::attempt,
                   now + std::chrono::milliseconds{*rc::gen::inRange(0, 1000)});
      if (auto at = tested.arm())
        mailbox.insert(*at);
      if (*rc::gen::inRange(0, 3) == 0) {
        now += std::chrono::milliseconds{*rc::gen::inRange(0, 400)};
        while (!mailbox.empty() && *mailbox.begin() <= now) {
          mailbox.erase(mailbox.begin());
          tested.fired(now);
          while (tested.take(now)) {
          }
          if (auto at = tested.arm())
            mailbox.insert(*at);
        }
      }
      if (auto due = tested.earliest())
        RC_ASSERT(!mailbox.empty() && *mailbox.begin() <= std::max(*due, now));
      RC_ASSERT(std::adjacent_find(mailbox.begin(), mailbox.end()) == mailbox.end());
    }
  }));
}

CAF_TEST(identities_are_stable_and_differ) {
  // Other processes, and later versions, must come to the same.
  CAF_CHECK_EQUAL(slot_identity("ws://one.test/", 0), slot_identity("ws://one.test/", 0));
  CAF_CHECK_EQUAL(slot_identity("ws://one.test/", 0), 0x2109350fc3403bafu);
  std::set<std::uint64_t> seen;
  for (auto* url : {"ws://one.test/", "ws://two.test/", "wss://one.test/"})
    for (std::uint32_t index = 0; index < 1000; ++index)
      seen.insert(slot_identity(url, index));
  CAF_CHECK_EQUAL(seen.size(), 3000u);
}

} // namespace supervisor_timers_test
