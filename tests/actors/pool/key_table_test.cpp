// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE key_table

#include "support/unit_test.hpp"

#include "pool/key_table.hpp"
#include "pool/lane.hpp"

#include <rapidcheck.h>

#include <map>
#include <utility>
#include <vector>

namespace key_table_test {

using namespace wspool;
using detail::key_table;

namespace {

struct lanes {
  detail::queue_level level{queue_options{}};
  detail::lane a{{1, 1}, {}, {}, level};
  detail::lane b{{2, 1}, {}, {}, level};
};

} // namespace

CAF_TEST(a_key_is_known_as_long_as_it_has_outstanding_messages) {
  lanes l;
  key_table keys;
  CAF_CHECK(keys.bound_to(7) == nullptr);
  keys.queued(7);
  CAF_CHECK(keys.is_queued(7));
  CAF_CHECK(keys.bound_to(7) == nullptr);
  keys.dequeued(7);
  CAF_CHECK_EQUAL(keys.size(), 0u);
  keys.bound(7, l.a);
  keys.bound(7, l.a);
  keys.released(7);
  CAF_CHECK(keys.bound_to(7) == &l.a);
  keys.released(7);
  CAF_CHECK_EQUAL(keys.size(), 0u);
  keys.bound(7, l.b);
  CAF_CHECK(keys.bound_to(7) == &l.b);
}

CAF_TEST(older_messages_may_be_bound_while_younger_ones_are_queued) {
  lanes l;
  key_table keys;
  keys.queued(7);
  keys.queued(7);
  keys.dequeued(7);
  keys.bound(7, l.a);
  CAF_CHECK(keys.is_queued(7));
  CAF_CHECK(keys.bound_to(7) == &l.a);
  keys.released(7);
  CAF_CHECK(keys.is_queued(7));
  CAF_CHECK(keys.bound_to(7) == nullptr);
}

CAF_TEST(it_agrees_with_a_map) {
  CAF_CHECK(rc::check([](const std::vector<std::pair<std::uint16_t, bool>>& steps) {
    lanes l;
    key_table keys;
    std::map<std::uint64_t, int> model;
    // Few keys, so that they meet again, and some that begin at the same place of the table.
    for (int round = 0; round < 20; ++round)
      for (auto [number, add] : steps) {
        const auto key = (std::uint64_t{number} % 97 + 1) << (number % 3 * 24);
        if (add || model[key] == 0) {
          keys.bound(key, l.a);
          ++model[key];
        } else {
          keys.released(key);
          --model[key];
        }
      }
    std::size_t used = 0;
    for (auto [key, n] : model) {
      RC_ASSERT(keys.bound_to(key) == (n > 0 ? &l.a : nullptr));
      used += n > 0;
    }
    RC_ASSERT(keys.size() == used);
  }));
}

} // namespace key_table_test
