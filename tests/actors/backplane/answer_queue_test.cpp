// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE answer_queue

#include "backplane/answer_queue.hpp"
#include "support/unit_test.hpp"

#include <rapidcheck.h>

#include <algorithm>
#include <numeric>
#include <string>
#include <vector>

namespace answer_queue_test {

using namespace wspool;

CAF_TEST(answers_wait_for_those_before_them) {
  answer_queue tested;
  std::string given;
  const auto a = tested.take(), b = tested.take(), c = tested.take();
  tested.ready(b, [&] { given += "b"; });
  tested.ready(c, [&] { given += "c"; });
  CAF_CHECK_EQUAL(given, "");
  tested.ready(a, [&] { given += "a"; });
  CAF_CHECK_EQUAL(given, "abc");
  CAF_CHECK_EQUAL(tested.size(), 0u);
  tested.ready(tested.take(), [&] { given += "d"; });
  CAF_CHECK_EQUAL(given, "abcd");
}

CAF_TEST(giving_an_answer_may_bring_the_next_request) {
  answer_queue tested;
  std::string given;
  const auto a = tested.take(), b = tested.take();
  tested.ready(b, [&] { given += "b"; });
  tested.ready(a, [&] {
    given += "a";
    tested.ready(tested.take(), [&] { given += "c"; });
  });
  CAF_CHECK_EQUAL(given, "abc");
}

CAF_TEST(whichever_is_ready_first_the_order_is_that_of_the_requests) {
  const auto good = rc::check([](const std::vector<std::uint16_t>& weights) {
    answer_queue tested;
    std::vector<std::size_t> order(weights.size()), given;
    std::iota(order.begin(), order.end(), 0u);
    for (std::size_t i = 0; i < weights.size(); ++i)
      RC_ASSERT(tested.take() == i);
    std::stable_sort(order.begin(), order.end(),
                     [&](auto l, auto r) { return weights[l] < weights[r]; });
    for (const auto i : order)
      tested.ready(i, [&given, i] { given.push_back(i); });
    RC_ASSERT(given.size() == weights.size());
    RC_ASSERT(std::is_sorted(given.begin(), given.end()));
  });
  CAF_CHECK(good);
}

} // namespace answer_queue_test
