// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE expiring_map

#include "messaging/expiring_map.hpp"
#include "support/unit_test.hpp"

#include <rapidcheck.h>

#include <algorithm>
#include <string>
#include <vector>

namespace expiring_map_test {

using namespace std::chrono_literals;

namespace {

using map = wspool::detail::expiring_map<int, std::string>;
using time_point = map::time_point;

struct fixture {
  std::string find(int key) {
    const auto* found = tested.find(key, now);
    return found ? *found : "-";
  }

  map tested{3, 10s};
  time_point now{1'000s};
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(expiring_map_tests, fixture)

CAF_TEST(an_entry_is_there_until_its_age) {
  tested.renew(1, now, "one");
  now += 10s - 1ns;
  CAF_CHECK_EQUAL(find(1), "one");
  now += 1ns;
  CAF_CHECK_EQUAL(find(1), "-");
  CAF_CHECK_EQUAL(tested.size(), 1u);
  tested.expire(now);
  CAF_CHECK(tested.empty());
}

CAF_TEST(renewing_keeps_the_value_and_looking_does_not_renew) {
  tested.renew(1, now, "one");
  now += 6s;
  CAF_CHECK_EQUAL(tested.renew(1, now, "another"), "one");
  now += 6s;
  CAF_CHECK_EQUAL(find(1), "one");
  now += 4s;
  CAF_CHECK_EQUAL(find(1), "-");
  CAF_CHECK_EQUAL(tested.renew(1, now, "another"), "another");
}

CAF_TEST(the_one_renewed_longest_ago_goes_for_a_new_one) {
  tested.renew(1, now, "1");
  tested.renew(2, now, "2");
  tested.renew(3, now, "3");
  tested.renew(1, now);
  tested.renew(4, now, "4");
  CAF_CHECK_EQUAL(find(1) + find(2) + find(3) + find(4), "1-34");
}

CAF_TEST(what_was_erased_is_not_there) {
  tested.renew(1, now, "1");
  CAF_CHECK(tested.erase(1));
  CAF_CHECK(!tested.erase(1));
  CAF_CHECK_EQUAL(find(1), "-");
  CAF_CHECK(!tested.next_expiry());
}

CAF_TEST(the_next_expiry_is_that_of_the_oldest) {
  tested.renew(1, now, "1");
  now += 1s;
  tested.renew(2, now, "2");
  CAF_CHECK(tested.next_expiry() == now + 9s);
  tested.renew(1, now);
  CAF_CHECK(tested.next_expiry() == now + 10s);
}

CAF_TEST(there_is_room_for_one_at_least) {
  map none{0, 10s};
  none.renew(1, now, "1");
  none.renew(2, now, "2");
  CAF_CHECK_EQUAL(none.size(), 1u);
  CAF_CHECK(none.find(2, now) != nullptr);
}

CAF_TEST(it_does_what_a_list_does) {
  CAF_CHECK(rc::check([] {
    struct entry {
      int key;
      time_point renewed;
    };
    const auto bound = *rc::gen::inRange<std::size_t>(1, 5);
    wspool::detail::expiring_map<int, int> map{bound, 20ms};
    std::vector<entry> list;
    time_point clock{1'000s};
    for (auto steps = *rc::gen::inRange(0, 80); steps > 0; --steps) {
      clock += std::chrono::milliseconds{*rc::gen::inRange(0, 8)};
      const auto key = *rc::gen::inRange(0, 8);
      std::erase_if(list, [=](const auto& x) { return clock - x.renewed >= 20ms; });
      const auto erased = std::erase_if(list, [=](const auto& x) { return x.key == key; });
      if (*rc::gen::inRange(0, 4) == 0) {
        map.expire(clock);
        RC_ASSERT(map.erase(key) == (erased > 0));
      } else {
        if (list.size() == bound)
          list.erase(list.begin());
        list.push_back({key, clock});
        RC_ASSERT(map.renew(key, clock, key) == key);
      }
      RC_ASSERT(map.size() == list.size());
      for (int k = 0; k < 8; ++k)
        RC_ASSERT((map.find(k, clock) != nullptr)
                  == std::any_of(list.begin(), list.end(), [=](auto& x) { return x.key == k; }));
    }
  }));
}

CAF_TEST_FIXTURE_SCOPE_END()

} // namespace expiring_map_test
