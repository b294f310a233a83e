// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE verdict

#include "support/unit_test.hpp"

#include "hub/verdict.hpp"

#include <wspool/authentication.hpp>

#include <limits>
#include <string>
#include <vector>

namespace verdict_test {

using namespace wspool;

namespace {

std::string token_in(const std::string& target, std::vector<header> headers = {}) {
  upgrade_request request;
  request.method = "GET";
  request.target = target;
  request.headers = std::move(headers);
  request.is_upgrade = true;
  return token_of(request);
}

std::string token_in_header(const std::string& value) {
  return token_in("/?access_token=other", {{"authorization", value}});
}

} // namespace

CAF_TEST(a_token_is_what_follows_bearer) {
  CAF_CHECK_EQUAL(token_in_header("Bearer abc.DEF-1_2~3+4/5=="), "abc.DEF-1_2~3+4/5==");
  CAF_CHECK_EQUAL(token_in_header("bEARER   abc "), "abc");
}

CAF_TEST(who_shows_a_header_is_not_looked_up_in_the_query) {
  CAF_CHECK_EQUAL(token_in_header("Bearer two words"), "");
  CAF_CHECK_EQUAL(token_in_header("Bearer =="), "");
  CAF_CHECK_EQUAL(token_in_header("Bearer \"quoted\""), "");
}

CAF_TEST(without_a_bearer_header_the_query_counts) {
  CAF_CHECK_EQUAL(token_in("/x?access_token=abc&y=z"), "abc");
  CAF_CHECK_EQUAL(token_in("/x?y=z&access_token=a%2Bb%3D"), "a+b=");
  CAF_CHECK_EQUAL(token_in_header("Basic dXNlcjpwYXNz"), "other");
  CAF_CHECK_EQUAL(token_in("/x?access_token=a%0d%0ab"), "");
  CAF_CHECK_EQUAL(token_in("/x?access_token="), "");
  CAF_CHECK_EQUAL(token_in("/x?access_token"), "");
  CAF_CHECK_EQUAL(token_in("/x?Access_Token=abc"), "");
  CAF_CHECK_EQUAL(token_in("/access_token=abc"), "");
  CAF_CHECK_EQUAL(token_in("*"), "");
}

CAF_TEST(verdicts_let_in_or_refuse) {
  constexpr std::int64_t now = 1'000;
  CAF_CHECK_EQUAL(refusal_of(accept_as("a"), now).status, 0u);
  CAF_CHECK_EQUAL(refusal_of(accept_as("a", now + 1), now).status, 0u);
  CAF_CHECK_EQUAL(refusal_of(accept_as("a", now), now).status, 401u);
  CAF_CHECK_EQUAL(refusal_of(accept_as("a", std::numeric_limits<std::int64_t>::min()), now).status,
                  401u);
  CAF_CHECK_EQUAL(refusal_of(accept_as(std::string(256, 'a')), now).status, 500u);
  CAF_CHECK_EQUAL(refusal_of(refuse_with(400, ""), now).status, 400u);
  CAF_CHECK_EQUAL(refusal_of(refuse_with(599, ""), now).status, 599u);
  CAF_CHECK_EQUAL(refusal_of(refuse_with(399, ""), now).status, 500u);
  CAF_CHECK_EQUAL(refusal_of(refuse_with(600, ""), now).status, 500u);
}

CAF_TEST(a_verdict_for_ever_does_not_overflow_a_clock) {
  const auto left = time_left(std::numeric_limits<std::int64_t>::max(), 1'000);
  CAF_CHECK_GREATER(std::chrono::duration_cast<std::chrono::nanoseconds>(left).count(), 0);
  CAF_CHECK_EQUAL(time_left(1'060, 1'000).count(), 60);
}

} // namespace verdict_test
