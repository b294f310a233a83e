// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE close_code

#include "support/unit_test.hpp"

#include <wspool/close_code.hpp>

namespace close_code_test {

using namespace wspool;

namespace {

// RFC 6455 §7.4 and the registry, as ranges.
bool sendable(unsigned code) {
  return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014)
         || (code >= 3000 && code <= 4999);
}

} // namespace

CAF_TEST(codes_that_may_be_sent_are_those_of_the_registry_and_the_free_ranges) {
  unsigned wrong = 0;
  for (unsigned code = 0; code <= 0xffff; ++code)
    wrong += may_be_sent(static_cast<std::uint16_t>(code)) != sendable(code);
  CAF_CHECK_EQUAL(wrong, 0u);
}

CAF_TEST(codes_that_name_an_absence_are_never_sent) {
  CAF_CHECK(!may_be_sent(close_code::no_status));
  CAF_CHECK(!may_be_sent(close_code::abnormal));
  CAF_CHECK(!may_be_sent(close_code::tls_handshake));
}

CAF_TEST(registered_codes_have_a_name_and_others_none) {
  CAF_CHECK_EQUAL(std::string{name_of_close(1000)}, "normal closure");
  CAF_CHECK_EQUAL(std::string{name_of_close(1001)}, "going away");
  CAF_CHECK_EQUAL(std::string{name_of_close(1006)}, "abnormal closure");
  CAF_CHECK_EQUAL(std::string{name_of_close(1009)}, "message too big");
  CAF_CHECK_EQUAL(std::string{name_of_close(1013)}, "try again later");
  CAF_CHECK(name_of_close(1004).empty());
  CAF_CHECK(name_of_close(4000).empty());
  for (std::uint16_t code = 1000; code <= 1015; ++code)
    CAF_CHECK_EQUAL(name_of_close(code).empty(), code == 1004);
}

CAF_TEST(an_unknown_end_is_an_abnormal_one) {
  const close_info info;
  CAF_CHECK_EQUAL(info.code, close_code::abnormal);
  CAF_CHECK(!info.clean);
}

} // namespace close_code_test
