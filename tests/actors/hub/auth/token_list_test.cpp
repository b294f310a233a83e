// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE token_list

#include "support/scratch_file.hpp"
#include "support/unit_test.hpp"

#include "hub/auth/token_list.hpp"

#include <rapidcheck.h>

#include <string>
#include <vector>

namespace token_list_test {

using namespace wspool;
using namespace wspool::test;

namespace {

auth::token_list list_of(const std::vector<bearer_token>& tokens) {
  auth::token_list result;
  for (const auto& one : tokens)
    CAF_REQUIRE_EQUAL(result.add(one).message(), failure{}.message());
  return result;
}

std::string challenge_of(const auth_verdict& verdict) {
  CAF_REQUIRE_EQUAL(verdict.headers.size(), 1u);
  CAF_REQUIRE_EQUAL(verdict.headers[0].name, "WWW-Authenticate");
  return verdict.headers[0].value;
}

} // namespace

CAF_TEST(a_token_belongs_to_who_it_was_given_to) {
  const auto list = list_of({{"alice", "aaa"}, {"bob", "bbb="}, {"carol", "aaa"}});
  CAF_CHECK_EQUAL(list.find("aaa"), "alice");
  CAF_CHECK_EQUAL(list.find("bbb="), "bob");
  CAF_CHECK_EQUAL(list.find("bbb"), "");
  CAF_CHECK_EQUAL(list.find(""), "");
  const auto verdict = list.judge("bbb=");
  CAF_CHECK_EQUAL(verdict.status, 0u);
  CAF_CHECK_EQUAL(verdict.identity, "bob");
  CAF_CHECK_EQUAL(verdict.expires, 0);
}

CAF_TEST(only_the_very_token_is_found) {
  CAF_CHECK(rc::check([](const std::string& other) {
    const auto list = list_of({{"alice", "the-token"}});
    RC_ASSERT(list.find(other).empty() == (other != "the-token"));
  }));
}

CAF_TEST(refusals_say_whether_a_token_was_there) {
  const auto list = list_of({{"alice", "aaa"}});
  const auto none = list.judge("");
  CAF_CHECK_EQUAL(none.status, 401u);
  CAF_CHECK_EQUAL(challenge_of(none), "Bearer");
  const auto wrong = list.judge("xyz");
  CAF_CHECK_EQUAL(wrong.status, 401u);
  CAF_CHECK_EQUAL(challenge_of(wrong), "Bearer error=\"invalid_token\"");
  CAF_CHECK(wrong.body.find("xyz") == std::string::npos);
}

CAF_TEST(malformed_entries_are_named_without_their_tokens) {
  auth::token_list list;
  CAF_CHECK(!list.add({"alice", "aaa"}));
  const auto wrong = list.add({"bob", "two words"});
  CAF_CHECK_EQUAL(wrong.code, errc::invalid_option);
  CAF_CHECK(wrong.detail.find("tokens[1].token") != std::string::npos);
  CAF_CHECK(wrong.detail.find("words") == std::string::npos);
  CAF_CHECK_EQUAL(list.add({"", "bbb"}).code, errc::invalid_option);
  CAF_CHECK_EQUAL(list.add({"a\nb", "bbb"}).code, errc::invalid_option);
  CAF_CHECK_EQUAL(list.size(), 1u);
}

CAF_TEST(a_file_has_an_identity_and_a_token_in_each_line) {
  const scratch_file file{"# who has what\n\nalice  aaa\n\tbob bbb==  \r\ncarol ccc"};
  std::vector<bearer_token> tokens{{"first", "fff"}};
  CAF_REQUIRE_EQUAL(load_tokens(file.path(), tokens).message(), failure{}.message());
  CAF_REQUIRE_EQUAL(tokens.size(), 4u);
  CAF_CHECK_EQUAL(tokens[1].identity, "alice");
  CAF_CHECK_EQUAL(tokens[1].token, "aaa");
  CAF_CHECK_EQUAL(tokens[2].identity, "bob");
  CAF_CHECK_EQUAL(tokens[2].token, "bbb==");
  CAF_CHECK_EQUAL(tokens[3].token, "ccc");
}

CAF_TEST(what_is_wrong_in_a_file_is_told_with_its_line_and_without_a_token) {
  for (const auto* second : {"bob", "bob s3cr3t more", "bob s3cr3t\"", "s3cr3t!"}) {
    const scratch_file file{std::string{"alice aaa\n"} + second + "\n"};
    std::vector<bearer_token> tokens;
    const auto wrong = load_tokens(file.path(), tokens);
    CAF_CHECK_EQUAL(wrong.code, errc::invalid_option);
    CAF_CHECK(wrong.detail.find(file.path() + "\" line 2: ") != std::string::npos);
    CAF_CHECK(wrong.detail.find("s3cr3t") == std::string::npos);
    CAF_CHECK(tokens.empty());
  }
  std::vector<bearer_token> tokens;
  CAF_CHECK_EQUAL(load_tokens("/nowhere/at/all", tokens).code, errc::io_error);
}

} // namespace token_list_test
