// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE membership_memory

#include "messaging/membership_memory.hpp"
#include "support/unit_test.hpp"

namespace membership_memory_test {

using namespace wspool;
using namespace std::chrono_literals;

namespace {

struct fixture {
  /// The rooms to join, in one text.
  std::string arrive(const std::string& client) {
    std::string result;
    for (const auto& room : tested.arrive(client, now))
      result += room + " ";
    return result;
  }

  membership_memory tested{{.age = 1h, .absent = 2, .rooms = 3}};
  membership_memory::time_point now{1'000s};
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(membership_memory_tests, fixture)

CAF_TEST(who_returns_is_in_its_rooms_again) {
  CAF_CHECK_EQUAL(arrive("ann"), "");
  CAF_CHECK(tested.join("ann", "b"));
  CAF_CHECK(tested.join("ann", "a"));
  CAF_CHECK(tested.join("ann", "c"));
  tested.leave("ann", "b");
  tested.depart("ann", now);
  now += 59min;
  CAF_CHECK_EQUAL(arrive("ann"), "a c ");
  tested.depart("ann", now);
  now += 59min; // since it was there last, not since it joined
  CAF_CHECK_EQUAL(arrive("ann"), "a c ");
}

CAF_TEST(who_is_away_for_too_long_is_forgotten) {
  arrive("ann");
  (void)tested.join("ann", "a");
  tested.depart("ann", now);
  CAF_CHECK(tested.next_expiry() == now + 1h);
  now += 1h;
  CAF_CHECK_EQUAL(arrive("ann"), "");
}

CAF_TEST(who_is_there_is_not_forgotten) {
  arrive("ann");
  (void)tested.join("ann", "a");
  now += 1'000h;
  tested.expire(now);
  tested.depart("ann", now);
  CAF_CHECK_EQUAL(arrive("ann"), "a ");
}

CAF_TEST(who_returns_before_it_was_missed_is_there_twice) {
  arrive("ann");
  (void)tested.join("ann", "a");
  CAF_CHECK_EQUAL(arrive("ann"), "a ");
  tested.depart("ann", now); // the old connection, at last
  now += 2h;
  CAF_CHECK(tested.join("ann", "b"));
  CAF_CHECK_EQUAL(tested.present_count(), 1u);
  tested.depart("ann", now);
  CAF_CHECK_EQUAL(tested.present_count(), 0u);
  CAF_CHECK_EQUAL(arrive("ann"), "a b ");
}

CAF_TEST(of_too_many_the_one_away_for_the_longest_time_is_forgotten) {
  for (auto name : {"ann", "bob", "cat"}) {
    arrive(name);
    (void)tested.join(name, name);
    tested.depart(name, now);
    now += 1s;
  }
  CAF_CHECK_EQUAL(tested.absent_count(), 2u);
  CAF_CHECK_EQUAL(arrive("ann"), "");
  CAF_CHECK_EQUAL(arrive("bob"), "bob ");
  CAF_CHECK_EQUAL(arrive("cat"), "cat ");
}

CAF_TEST(who_was_in_no_room_takes_nobodys_place) {
  for (auto name : {"ann", "bob"}) {
    arrive(name);
    (void)tested.join(name, name);
    tested.depart(name, now);
  }
  arrive("cat");
  tested.depart("cat", now);
  CAF_CHECK_EQUAL(arrive("ann") + arrive("bob"), "ann bob ");
}

CAF_TEST(too_many_rooms_are_not_remembered) {
  arrive("ann");
  for (auto room : {"a", "b", "c"})
    CAF_CHECK(tested.join("ann", room));
  CAF_CHECK(!tested.join("ann", "d"));
  CAF_CHECK(tested.join("ann", "c"));
  tested.leave("ann", "a");
  CAF_CHECK(tested.join("ann", "d"));
  tested.depart("ann", now);
  CAF_CHECK_EQUAL(arrive("ann"), "b c d ");
}

CAF_TEST(who_never_came_cannot_join_or_go) {
  CAF_CHECK(!tested.join("ann", "a"));
  tested.leave("ann", "a");
  tested.depart("ann", now);
  CAF_CHECK_EQUAL(arrive("ann"), "");
}

CAF_TEST_FIXTURE_SCOPE_END()

} // namespace membership_memory_test
