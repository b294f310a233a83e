// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE reply_patience

#include "backplane/reply_patience.hpp"
#include "support/unit_test.hpp"

namespace reply_patience_test {

using namespace wspool;
using namespace std::chrono_literals;

namespace {

const reply_patience::time_point start{1'000s};

} // namespace

CAF_TEST(who_answers_nothing_has_the_limit) {
  reply_patience tested{5s};
  CAF_CHECK(tested.until(start) == start + 5s);
  tested.answered(start - 1s);
  CAF_CHECK(tested.until(start) == start + 5s);
}

CAF_TEST(who_answers_others_has_longer_but_not_for_ever) {
  reply_patience tested{5s};
  tested.answered(start + 4s);
  CAF_CHECK(tested.until(start) == start + 9s);
  CAF_CHECK(tested.until(start + 3s) == start + 9s);
  tested.answered(start + 29s);
  CAF_CHECK(tested.until(start) == start + 30s);
}

} // namespace reply_patience_test
