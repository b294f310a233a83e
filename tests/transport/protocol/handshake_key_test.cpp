// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE handshake_key

#include "support/unit_test.hpp"

#include "protocol/handshake_key.hpp"

#include <set>
#include <string>

namespace handshake_key_test {

using namespace wspool::detail;

CAF_TEST(keys_are_sixteen_bytes_in_base64_and_all_different) {
  std::set<std::string> keys;
  for (int i = 0; i < 1'000; ++i) {
    const auto key = make_handshake_key();
    CAF_REQUIRE_EQUAL(key.size(), 24u);
    CAF_REQUIRE(key.ends_with("=="));
    keys.insert(key);
  }
  CAF_CHECK_EQUAL(keys.size(), 1'000u);
}

CAF_TEST(the_answer_to_a_key_is_that_of_the_rfc) {
  // RFC 6455 §1.3
  CAF_CHECK_EQUAL(answer_to_key("dGhlIHNhbXBsZSBub25jZQ=="), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
}

} // namespace handshake_key_test
