// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE dedup_window

#include "messaging/dedup_window.hpp"
#include "support/unit_test.hpp"

#include <rapidcheck.h>

#include <algorithm>
#include <deque>
#include <map>

namespace dedup_window_test {

using namespace wspool;
using namespace std::chrono_literals;
using namespace std::string_literals;

namespace {

using sighting = dedup_window::sighting;
using time_point = dedup_window::time_point;

message_id id(std::int64_t number) { return number; }

struct fixture {
  sighting see(const std::string& publisher, const message_id& what) {
    return tested.see(publisher, what, now);
  }

  dedup_window tested{{.age = 10s, .ids = 3, .publishers = 2}};
  time_point now{1'000s};
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(dedup_window_tests, fixture)

CAF_TEST(a_publication_is_pending_until_it_is_accepted) {
  CAF_CHECK(see("p", id(1)) == sighting::first);
  CAF_CHECK(see("p", id(1)) == sighting::pending);
  tested.accept("p", id(1), position{"e", 5}, now);
  CAF_CHECK(see("p", id(1)) == sighting::accepted);
  CAF_CHECK(tested.place_of("p", id(1), now) == (position{"e", 5}));
}

CAF_TEST(what_was_not_published_may_come_again) {
  (void)see("p", id(1));
  tested.forget("p", id(1), now);
  CAF_CHECK(see("p", id(1)) == sighting::first);
}

CAF_TEST(publishers_have_ids_of_their_own) {
  (void)see("p", id(1));
  CAF_CHECK(see("q", id(1)) == sighting::first);
}

CAF_TEST(ids_of_different_types_are_different) {
  CAF_CHECK(see("p", id(1)) == sighting::first);
  CAF_CHECK(see("p", message_id{"1"s}) == sighting::first);
  CAF_CHECK(see("p", message_id{1.0}) == sighting::first);
}

CAF_TEST(an_id_is_forgotten_after_its_time_however_often_it_came) {
  (void)see("p", id(1));
  tested.accept("p", id(1), {}, now);
  now += 6s;
  CAF_CHECK(see("p", id(1)) == sighting::accepted);
  (void)see("p", id(2));
  now += 4s - 1ns;
  CAF_CHECK(see("p", id(1)) == sighting::accepted);
  now += 1ns;
  CAF_CHECK(see("p", id(1)) == sighting::first);
  CAF_CHECK(see("p", id(2)) == sighting::pending);
}

CAF_TEST(of_many_ids_the_latest_are_known) {
  for (int i = 1; i <= 4; ++i)
    (void)see("p", id(i));
  CAF_CHECK(see("p", id(2)) == sighting::pending);
  CAF_CHECK(see("p", id(1)) == sighting::first);
}

CAF_TEST(of_many_publishers_the_latest_are_known) {
  (void)see("p", id(1));
  (void)see("q", id(1));
  (void)see("p", id(2));
  (void)see("r", id(1));
  CAF_CHECK_EQUAL(tested.publisher_count(), 2u);
  CAF_CHECK(see("p", id(1)) == sighting::pending);
  CAF_CHECK(see("q", id(1)) == sighting::first);
}

CAF_TEST(what_is_forgotten_by_now_cannot_be_accepted) {
  (void)see("p", id(1));
  now += 10s;
  tested.accept("p", id(1), position{"e", 1}, now);
  CAF_CHECK(!tested.place_of("p", id(1), now));
  CAF_CHECK(see("p", id(1)) == sighting::first);
}

CAF_TEST(publishers_who_are_gone_cost_nothing) {
  (void)see("p", id(1));
  CAF_CHECK(tested.next_expiry() == now + 10s);
  now += 10s;
  tested.expire(now);
  CAF_CHECK_EQUAL(tested.publisher_count(), 0u);
  CAF_CHECK(!tested.next_expiry());
}

CAF_TEST(within_its_bounds_nothing_is_first_twice) {
  CAF_CHECK(rc::check([] {
    dedup_limits limits;
    limits.age = 50ms;
    limits.ids = *rc::gen::inRange<std::size_t>(1, 6);
    dedup_window window{limits};
    struct sight {
      std::int64_t id;
      time_point at;
    };
    std::map<std::string, std::deque<sight>> model; // the first sights of each, the latest last
    time_point clock{1'000s};
    for (auto steps = *rc::gen::inRange(0, 80); steps > 0; --steps) {
      clock += std::chrono::milliseconds{*rc::gen::inRange(0, 15)};
      const auto publisher = *rc::gen::element("p"s, "q"s);
      const auto number = *rc::gen::inRange<std::int64_t>(0, 8);
      auto& seen = model[publisher];
      std::erase_if(seen, [=](const auto& x) { return clock - x.at >= 50ms; });
      const bool known =
        std::any_of(seen.begin(), seen.end(), [=](const auto& x) { return x.id == number; });
      RC_ASSERT((window.see(publisher, id(number), clock) != sighting::first) == known);
      if (known)
        continue;
      seen.push_back({number, clock});
      if (seen.size() > limits.ids)
        seen.pop_front();
    }
  }));
}

CAF_TEST_FIXTURE_SCOPE_END()

} // namespace dedup_window_test
