// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE http_date

#include "protocol/http_date.hpp"

#include "caf/test/unit_test.hpp"

#include <rapidcheck.h>

#include <array>
#include <cstdio>
#include <ctime>
#include <string>

using namespace wspool;
using namespace std::chrono_literals;

namespace {

constexpr std::chrono::sys_seconds birthday{784111777s}; // Sun, 06 Nov 1994 08:49:37 GMT

bool is_birthday(std::string_view text) {
  return parse_http_date(text) == birthday;
}

} // namespace

CAF_TEST(all_three_forms_are_read) {
  CAF_CHECK(is_birthday("Sun, 06 Nov 1994 08:49:37 GMT"));
  CAF_CHECK(is_birthday("Sunday, 06-Nov-94 08:49:37 GMT"));
  CAF_CHECK(is_birthday("Sun Nov  6 08:49:37 1994"));
}

CAF_TEST(what_is_no_date_is_refused) {
  for (std::string_view text :
       {"", "now", "Sun, 06 Nov 1994 08:49:37", "Sun, 06 Nov 1994 08:49:37 CET",
        "Sun, 31 Feb 2020 00:00:00 GMT", "Sun, 06 Nox 1994 08:49:37 GMT",
        "Sun, 6 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 24:00:00 GMT",
        "Sun, 06 Nov 1994 08:49:37 GMTx", "Sun, -6 Nov 1994 08:49:37 GMT", "Sun, ", "Sun Nov",
        "Sunday, 06-Nov-1994 08:49:37 GMT"})
    CAF_CHECK(!parse_http_date(text));
}

CAF_TEST(any_second_is_read_back) {
  auto ok = rc::check("dates", [] {
    auto seconds = *rc::gen::inRange<std::time_t>(0, 253'402'300'799);
    std::array<char, 64> text;
    std::tm parts;
    ::gmtime_r(&seconds, &parts);
    auto size = std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &parts);
    auto read = parse_http_date({text.data(), size});
    RC_ASSERT(read.has_value());
    RC_ASSERT(read->time_since_epoch().count() == seconds);
  });
  CAF_CHECK(ok);
}

CAF_TEST(any_bytes_are_a_date_or_not) {
  auto ok = rc::check("bytes", [] {
    auto text = *rc::gen::arbitrary<std::string>();
    auto date = parse_http_date(text);
    RC_ASSERT(!date || date->time_since_epoch().count() > -100'000'000'000);
    auto wait = parse_retry_after(text, birthday);
    RC_ASSERT(!wait || (*wait >= 0s && *wait <= std::chrono::hours{24 * 365}));
  });
  CAF_CHECK(ok);
}

CAF_TEST(retry_after_is_seconds_or_a_date) {
  CAF_CHECK(parse_retry_after("120", birthday) == 120s);
  CAF_CHECK(parse_retry_after("0", birthday) == 0s);
  CAF_CHECK(parse_retry_after("Sun, 06 Nov 1994 08:50:37 GMT", birthday) == 60s);
  CAF_CHECK(parse_retry_after("Sun, 06 Nov 1994 08:40:00 GMT", birthday) == 0s);
  CAF_CHECK(parse_retry_after("99999999999999999999", birthday) == std::chrono::hours{24 * 365});
  CAF_CHECK(!parse_retry_after("", birthday));
  CAF_CHECK(!parse_retry_after("-1", birthday));
  CAF_CHECK(!parse_retry_after("1.5", birthday));
  CAF_CHECK(!parse_retry_after("soon", birthday));
}
