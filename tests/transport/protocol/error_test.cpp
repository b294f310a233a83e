// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE error

#include "support/unit_test.hpp"

#include <wspool/error.hpp>

#include <set>
#include <string>

namespace error_test {

using namespace wspool;

namespace {

constexpr int last = static_cast<int>(errc::io_error);

} // namespace

CAF_TEST(every_error_has_a_name_and_a_sentence_of_its_own) {
  std::set<std::string_view> names;
  std::set<std::string_view> sentences;
  for (int i = 0; i <= last; ++i) {
    const auto value = static_cast<errc>(i);
    CAF_CHECK(!name_of(value).empty());
    CAF_CHECK(!describe(value).empty());
    CAF_CHECK_EQUAL(to_string(value), std::string{name_of(value)});
    names.insert(name_of(value));
    sentences.insert(describe(value));
  }
  CAF_CHECK_EQUAL(names.size(), last + 1u);
  CAF_CHECK_EQUAL(sentences.size(), last + 1u);
}

CAF_TEST(names_are_those_of_the_enumeration) {
  CAF_CHECK_EQUAL(to_string(errc::none), "none");
  CAF_CHECK_EQUAL(to_string(errc::queue_full), "queue_full");
  CAF_CHECK_EQUAL(to_string(errc::upgrade_refused), "upgrade_refused");
  CAF_CHECK_EQUAL(to_string(errc::message_too_big), "message_too_big");
  CAF_CHECK_EQUAL(to_string(errc::io_error), "io_error");
}

CAF_TEST(a_number_that_names_no_error_is_survived) {
  CAF_CHECK_EQUAL(to_string(static_cast<errc>(250)), "unknown");
  CAF_CHECK_EQUAL(error_category().message(-1), "unknown error");
  CAF_CHECK_EQUAL(error_category().message(100'000), "unknown error");
}

CAF_TEST(errors_are_error_codes) {
  const std::error_code ec = errc::expired;
  CAF_CHECK(ec == errc::expired);
  CAF_CHECK(ec != errc::dropped);
  CAF_CHECK(!std::error_code{errc::none});
  CAF_CHECK_EQUAL(std::string{ec.category().name()}, "wspool");
  CAF_CHECK_EQUAL(ec.message(), std::string{describe(errc::expired)});
}

CAF_TEST(a_failure_says_what_it_was_about) {
  CAF_CHECK(!failure{});
  const failure f{errc::connect_failed, "127.0.0.1:9: refused"};
  CAF_CHECK(static_cast<bool>(f));
  CAF_CHECK_EQUAL(f.message(), "no address accepted a connection: 127.0.0.1:9: refused");
  const failure bare{errc::queue_full, ""};
  CAF_CHECK_EQUAL(bare.message(), std::string{describe(errc::queue_full)});
}

} // namespace error_test
