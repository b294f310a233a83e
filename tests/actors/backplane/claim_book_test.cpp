// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE claim_book

#include "support/unit_test.hpp"

#include "backplane/claim_book.hpp"

#include <string>

namespace claim_book_test {

using namespace wspool;
using namespace std::chrono_literals;

// What all backplanes have in common is in the conformance suite; this is about bounds.

namespace {

struct fixture {
  claim_book::time_point now{};
  claim_book tested{2, 10};

  std::string claim(const std::string& key, const std::string& owner = "x") {
    const auto report = tested.claim(key, owner, 1s, now);
    if (!report)
      return "no room";
    return report->settled ? report->text : report->mine ? "mine" : "other";
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(claim_book_tests, fixture)

CAF_TEST(there_is_room_again_when_something_is_over) {
  CAF_CHECK_EQUAL(claim("a"), "mine");
  now += 500ms;
  CAF_CHECK_EQUAL(claim("b"), "mine");
  CAF_CHECK_EQUAL(claim("c"), "no room");
  CAF_CHECK_EQUAL(claim("b", "y"), "other");
  now += 500ms;
  CAF_CHECK_EQUAL(claim("c"), "mine");
  CAF_CHECK_EQUAL(claim("a"), "no room");
  CAF_CHECK_EQUAL(tested.size(), 2u);
}

CAF_TEST(who_claims_again_has_it_from_then_on) {
  CAF_CHECK_EQUAL(claim("a"), "mine");
  now += 900ms;
  CAF_CHECK_EQUAL(claim("a"), "mine");
  now += 900ms;
  CAF_CHECK_EQUAL(claim("a", "y"), "other");
  CAF_CHECK(tested.next_expiry() == now + 100ms);
  now += 100ms;
  CAF_CHECK_EQUAL(claim("a", "y"), "mine");
}

CAF_TEST(what_came_of_things_has_so_many_bytes) {
  tested.settle("a", "x", "1234567", 1s, now);
  tested.settle("b", "x", "1234", 1s, now); // too many: forgotten
  CAF_CHECK_EQUAL(claim("a", "y"), "1234567");
  CAF_CHECK_EQUAL(tested.size(), 1u);
  now += 1s;
  tested.settle("b", "x", "1234567890", 1s, now);
  CAF_CHECK_EQUAL(claim("b"), "1234567890");
  now += 1s;
  tested.expire(now);
  CAF_CHECK_EQUAL(tested.size(), 0u);
  CAF_CHECK(!tested.next_expiry());
}

CAF_TEST_FIXTURE_SCOPE_END()

} // namespace claim_book_test
