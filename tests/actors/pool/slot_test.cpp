// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE slot

#include "support/unit_test.hpp"

#include "pool/slot.hpp"

#include <wspool/close_code.hpp>

#include <rapidcheck.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

namespace slot_test {

using namespace wspool;
using namespace std::chrono_literals;
using std::chrono::milliseconds;

namespace {

const retry_policy standard;

/// Endings of all sorts: close codes, statuses, errors, with and without hints.
rc::Gen<ending> any_ending() {
  return rc::gen::exec([] {
    ending result;
    result.was_open = *rc::gen::arbitrary<bool>();
    if (result.was_open && *rc::gen::arbitrary<bool>()) {
      result.why = errc::closed;
      result.close = close_info{*rc::gen::element<std::uint16_t>(1000, 1001, 1006, 1008, 1009, 1011,
                                                                 1012, 1013, 3000, 4401),
                                *rc::gen::element<std::string>("", "retry-after=7"),
                                *rc::gen::element(initiator::local, initiator::remote), true};
    } else if (!result.was_open && *rc::gen::arbitrary<bool>()) {
      result.why = errc::upgrade_refused;
      result.http_status = *rc::gen::element(401u, 403u, 408u, 429u, 500u, 503u);
      if (*rc::gen::arbitrary<bool>())
        result.retry_after = milliseconds{*rc::gen::inRange(0, 100'000)};
    } else {
      result.why =
        *rc::gen::element(errc::connect_failed, errc::connect_timeout, errc::connection_reset,
                          errc::heartbeat_timeout, errc::crashed, errc::tls_failed);
    }
    return result;
  });
}

rc::Gen<reconnect_options> any_options() {
  return rc::gen::exec([] {
    reconnect_options result;
    result.initial = milliseconds{*rc::gen::inRange(1, 5'000)};
    result.maximum = result.initial + milliseconds{*rc::gen::inRange(0, 60'000)};
    result.multiplier = 1.0 + *rc::gen::inRange(0, 300) / 100.0;
    result.minimum_uptime = milliseconds{*rc::gen::inRange(0, 10'000)};
    return result;
  });
}

/// A life's end as a comeback sees it.
struct event {
  ending how;
  milliseconds uptime; ///< counts if it was open
  [[nodiscard]] std::optional<milliseconds> open_for() const {
    return how.was_open ? std::optional{uptime} : std::nullopt;
  }
};

std::vector<event> any_history() {
  auto one = rc::gen::exec([] {
    return event{*any_ending(), milliseconds{*rc::gen::inRange(0, 20'000)}};
  });
  return *rc::gen::container<std::vector<event>>(one);
}

ending unreached() {
  ending result;
  result.why = errc::connect_failed;
  return result;
}

ending closed_with(std::uint16_t code) {
  ending result;
  result.why = errc::closed;
  result.was_open = true;
  result.close = close_info{code, {}, initiator::remote, true};
  return result;
}

} // namespace

// -- comeback ------------------------------------------------------------------------------------

CAF_TEST(a_delay_is_never_below_the_peers_hint_nor_above_hint_and_maximum) {
  CAF_CHECK(rc::check([] {
    const auto options = *any_options();
    comeback::engine random(*rc::gen::arbitrary<std::uint64_t>());
    comeback tested{options};
    for (auto& x : any_history()) {
      const auto decision = standard.decide(x.how);
      const auto plan = tested.after(x.how, x.open_for(), standard, random);
      RC_ASSERT(plan.endpoint_fault == decision.endpoint_fault);
      if (plan.give_up)
        continue;
      RC_ASSERT(plan.delay >= decision.at_least);
      RC_ASSERT(plan.delay <= decision.at_least + std::max(decision.window, options.maximum));
      RC_ASSERT(plan.attempt >= 1u);
    }
  }));
}

CAF_TEST(delays_are_drawn_up_to_a_ceiling_that_grows_until_a_connection_lasts) {
  CAF_CHECK(rc::check([] {
    const auto options = *any_options();
    comeback::engine random(*rc::gen::arbitrary<std::uint64_t>());
    comeback tested{options};
    double ceiling = static_cast<double>(options.initial.count());
    for (int i = 0; i < 20; ++i) {
      const auto plan = tested.after(unreached(), std::nullopt, standard, random);
      RC_ASSERT(!plan.give_up);
      RC_ASSERT(static_cast<double>(plan.delay.count()) <= ceiling);
      RC_ASSERT(plan.attempt == static_cast<std::uint32_t>(i) + 1);
      ceiling = std::min(std::ceil(ceiling * options.multiplier),
                         static_cast<double>(options.maximum.count()));
    }
    const auto plan = tested.after(closed_with(1000), options.minimum_uptime, standard, random);
    RC_ASSERT(plan.delay <= options.initial);
    RC_ASSERT(plan.attempt == 1u);
  }));
}

CAF_TEST(no_more_attempts_follow_each_other_than_the_options_allow) {
  CAF_CHECK(rc::check([] {
    auto options = *any_options();
    options.attempts = *rc::gen::inRange<std::uint32_t>(0, 10);
    comeback::engine random(*rc::gen::arbitrary<std::uint64_t>());
    comeback tested{options};
    std::uint32_t in_a_row = 0;
    for (auto& x : any_history()) {
      if (x.how.was_open && x.uptime >= options.minimum_uptime)
        in_a_row = 0;
      const auto plan = tested.after(x.how, x.open_for(), standard, random);
      if (!plan.give_up)
        ++in_a_row;
      else
        RC_ASSERT(plan.delay == 0ms);
      RC_ASSERT(in_a_row <= *options.attempts);
    }
  }));
}

CAF_TEST(credentials_are_refreshed_at_most_once_until_a_connection_lasts) {
  CAF_CHECK(rc::check([] {
    const auto options = *any_options();
    comeback::engine random(*rc::gen::arbitrary<std::uint64_t>());
    comeback tested{options};
    int refreshes = 0;
    for (auto& x : any_history()) {
      if (x.how.was_open && x.uptime >= options.minimum_uptime)
        refreshes = 0;
      const auto action = standard.decide(x.how).action;
      const auto plan = tested.after(x.how, x.open_for(), standard, random);
      const bool refresh = tested.take_refresh();
      RC_ASSERT(!tested.take_refresh());
      RC_ASSERT(refresh == (action == retry_action::refresh_once && !plan.give_up));
      refreshes += refresh ? 1 : 0;
      RC_ASSERT(refreshes <= 1);
    }
  }));
}

// -- slot ----------------------------------------------------------------------------------------

namespace {

/// Does to a slot whatever comes, as its supervisor would, and keeps the books beside it.
class slot_model {
public:
  explicit slot_model(std::uint64_t seed) : tested(7, reconnect_options{}), random(seed) {}

  void attempt() {
    if (!due)
      return;
    due = false;
    const auto life = tested.begin_attempt();
    RC_ASSERT(life.generation == ++generation);
  }

  void open(std::uint32_t which) {
    const auto* life = tested.find(which);
    const bool expected = life && !life->open && which == generation;
    RC_ASSERT(tested.opened(which, now) == expected);
    if (auto old = tested.replaced())
      tested.retire(*old, now + 10s);
  }

  void end(std::uint32_t which, const ending& how, bool on_purpose) {
    const bool known = tested.find(which) != nullptr;
    const auto lives = tested.lives().size();
    const auto step = tested.ended(which, how, on_purpose, now, standard, random);
    RC_ASSERT(tested.lives().size() == lives - (known ? 1 : 0));
    if (!known)
      RC_ASSERT(step.move == slot_move::none && !step.plan.endpoint_fault);
    switch (step.move) {
      case slot_move::reconnect:
      case slot_move::wait:
        RC_ASSERT(!due && !tested.leaving());
        due = true;
        break;
      case slot_move::give_up:
        RC_ASSERT(tested.state() == slot::phase::given_up);
        break;
      case slot_move::put_off:
        RC_ASSERT(tested.state() == slot::phase::open && tested.lives().size() == 1);
        break;
      case slot_move::exposed:
        RC_ASSERT(due || tested.state() == slot::phase::connecting);
        break;
      case slot_move::gone:
        RC_ASSERT(tested.leaving() && tested.lifeless());
        break;
      case slot_move::none:
        break;
    }
  }

  void rotate() {
    if (tested.begin_rotation(now))
      due = true;
  }

  void leave() {
    tested.leave();
    due = false;
  }

  void check() const {
    const auto lives = tested.lives();
    RC_ASSERT(lives.size() <= 2);
    RC_ASSERT(
      std::count_if(lives.begin(), lives.end(), [](auto& l) { return l.open && !l.retiring; })
      <= 1);
    RC_ASSERT(std::count_if(lives.begin(), lives.end(), [](auto& l) { return !l.open; }) <= 1);
    if (tested.leaving())
      return;
    // A slot never hangs: something lives, something is due, or it was given up.
    const bool waiting = tested.state() == slot::phase::waiting;
    RC_ASSERT(waiting == due);
    if (!waiting && tested.state() != slot::phase::given_up)
      RC_ASSERT(!lives.empty());
    if (tested.rotating())
      RC_ASSERT(tested.has_open() && tested.state() != slot::phase::open);
  }

  slot tested;
  comeback::engine random;
  slot::time_point now{1h};
  std::uint32_t generation = 0;
  bool due = true;
};

} // namespace

CAF_TEST(whatever_comes_a_slot_keeps_one_connection_or_works_at_it) {
  CAF_CHECK(rc::check([](std::uint64_t seed) {
    slot_model model{seed};
    const auto steps = *rc::gen::inRange(0, 60);
    for (int i = 0; i < steps; ++i) {
      model.now += milliseconds{*rc::gen::inRange(0, 10'000)};
      // Of the newest life, the one before, or one that may never have been.
      const auto which = model.generation - *rc::gen::inRange(0u, 3u);
      switch (*rc::gen::weightedElement<int>({{6, 0}, {6, 1}, {5, 2}, {2, 3}, {3, 4}, {1, 5}})) {
        case 0:
          model.attempt();
          break;
        case 1:
          model.open(which);
          break;
        case 2: {
          auto how = *any_ending();
          if (const auto* life = model.tested.find(which))
            how.was_open = life->open;
          model.end(which, how, *rc::gen::arbitrary<bool>());
          break;
        }
        case 3:
          model.tested.retire(which, model.now + 10s);
          break;
        case 4:
          model.rotate();
          break;
        default:
          if (i > steps / 2)
            model.leave();
      }
      model.check();
    }
  }));
}

CAF_TEST(a_life_that_retires_is_called_overdue_twice) {
  slot tested{0, {}};
  comeback::engine random;
  const slot::time_point start{1h};
  tested.begin_attempt();
  CAF_CHECK(tested.opened(1, start));
  CAF_CHECK(!tested.next_deadline());
  tested.retire(1, start + 10s);
  tested.retire(1, start + 99s); // once asked is asked
  CAF_CHECK(tested.next_deadline() == start + 10s);
  CAF_CHECK(tested.take_overdue(start + 9s, 5s).empty());
  auto first = tested.take_overdue(start + 10s, 5s);
  CAF_REQUIRE_EQUAL(first.size(), 1u);
  CAF_CHECK(!first.front().again);
  CAF_CHECK(tested.next_deadline() == start + 15s);
  CAF_CHECK(tested.take_overdue(start + 14s, 5s).empty());
  auto second = tested.take_overdue(start + 15s, 5s);
  CAF_REQUIRE_EQUAL(second.size(), 1u);
  CAF_CHECK(second.front().again);
  CAF_CHECK(!tested.next_deadline());
  CAF_CHECK(tested.take_overdue(start + 1h, 5s).empty());
  auto step = tested.ended(1, closed_with(1000), false, start + 1h, standard, random);
  CAF_CHECK(step.move == slot_move::reconnect);
}

CAF_TEST(an_attempt_that_says_it_ended_on_purpose_still_failed) {
  slot tested{0, {}};
  comeback::engine random;
  tested.begin_attempt();
  ending how;
  how.why = errc::connect_failed;
  auto step = tested.ended(1, how, true, slot::time_point{1h}, standard, random);
  CAF_CHECK(step.move == slot_move::wait);
}

} // namespace slot_test
