// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE retry_policy_hints

#include "support/unit_test.hpp"

#include <wspool/retry_policy.hpp>

#include <rapidcheck.h>

#include <array>
#include <cstdio>
#include <string>

namespace retry_policy_hints_test {

using namespace wspool;
using namespace std::chrono_literals;
using namespace std::chrono;

namespace {

/// Sun, 06 Nov 1994 08:49:37 GMT, the example of RFC 9110 §5.6.7.
constexpr sys_seconds example{784'111'777s};

/// The wait in seconds, or -1 for a value that cannot be understood.
double wait(std::string_view value, sys_seconds now = example - 60s) {
  auto result = parse_retry_after(value, now);
  return result ? duration<double>{*result}.count() : -1.0;
}

double hint(std::string_view reason) {
  auto result = parse_close_hint(reason);
  return result ? duration<double>{*result}.count() : -1.0;
}

constexpr std::array short_days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr std::array long_days{"Sunday",   "Monday", "Tuesday", "Wednesday",
                               "Thursday", "Friday", "Saturday"};
constexpr std::array months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                            "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

/// A moment in one of the three forms: 0 IMF-fixdate, 1 RFC 850, 2 asctime.
std::string render(sys_seconds when, int form) {
  auto date = floor<days>(when);
  year_month_day ymd{date};
  hh_mm_ss clock{when - date};
  auto weekday_index = weekday{date}.c_encoding();
  auto day_number = static_cast<unsigned>(ymd.day());
  auto month_name = months[static_cast<unsigned>(ymd.month()) - 1];
  auto year_number = static_cast<int>(ymd.year());
  auto h = static_cast<int>(clock.hours().count());
  auto m = static_cast<int>(clock.minutes().count());
  auto s = static_cast<int>(clock.seconds().count());
  char text[80];
  if (form == 0)
    std::snprintf(text, sizeof(text), "%s, %02u %s %04d %02d:%02d:%02d GMT",
                  short_days[weekday_index], day_number, month_name, year_number, h, m, s);
  else if (form == 1)
    std::snprintf(text, sizeof(text), "%s, %02u-%s-%02d %02d:%02d:%02d GMT",
                  long_days[weekday_index], day_number, month_name, year_number % 100, h, m, s);
  else
    std::snprintf(text, sizeof(text), "%s %s %2u %02d:%02d:%02d %04d", short_days[weekday_index],
                  month_name, day_number, h, m, s, year_number);
  return text;
}

} // namespace

CAF_TEST(plain_numbers_are_seconds) {
  CAF_CHECK_EQUAL(wait("0"), 0.0);
  CAF_CHECK_EQUAL(wait("120"), 120.0);
  CAF_CHECK_EQUAL(wait("  5\t"), 5.0);
  CAF_CHECK_EQUAL(wait("99999999999999999999999999"), 2'147'483'648.0);
}

CAF_TEST(the_three_forms_of_a_date_are_understood) {
  CAF_CHECK_EQUAL(wait("Sun, 06 Nov 1994 08:49:37 GMT"), 60.0);
  CAF_CHECK_EQUAL(wait("Sunday, 06-Nov-94 08:49:37 GMT"), 60.0);
  CAF_CHECK_EQUAL(wait("Sun Nov  6 08:49:37 1994"), 60.0);
}

CAF_TEST(a_date_in_the_past_means_at_once) {
  CAF_CHECK_EQUAL(wait("Sun, 06 Nov 1994 08:49:37 GMT", example + 24h), 0.0);
  CAF_CHECK_EQUAL(wait("Thu, 01 Jan 0001 00:00:00 GMT"), 0.0);
}

CAF_TEST(dates_beyond_the_reach_of_a_nanosecond_clock_are_understood) {
  CAF_CHECK_GREATER(wait("Fri, 31 Dec 9999 23:59:59 GMT"), 2.5e11);
}

CAF_TEST(a_leap_second_is_a_second) {
  CAF_CHECK_EQUAL(wait("Sat, 31 Dec 2016 23:59:60 GMT", sys_seconds{1'483'228'800s} - 10s), 10.0);
}

CAF_TEST(two_digit_years_are_those_nearest_ahead_or_behind) {
  const auto now = sys_seconds{sys_days{2026y / January / 1}};
  CAF_CHECK_EQUAL(wait("Friday, 02-Jan-26 00:00:00 GMT", now), 86'400.0);
  CAF_CHECK_GREATER(wait("Wednesday, 01-Jan-76 00:00:00 GMT", now), 49 * 365 * 86'400.0);
  CAF_CHECK_EQUAL(wait("Saturday, 01-Jan-77 00:00:00 GMT", now), 0.0);
  const auto end_of_century = sys_seconds{sys_days{2099y / December / 31}};
  CAF_CHECK_EQUAL(wait("Friday, 01-Jan-00 00:00:00 GMT", end_of_century), 86'400.0);
}

CAF_TEST(anything_else_is_no_hint) {
  for (auto value : {"",
                     " ",
                     "-1",
                     "+1",
                     "1.5",
                     "1s",
                     "soon",
                     "1 2",
                     "Sun, 06 Nov 1994 08:49:37",
                     "Sun, 06 Nov 1994 08:49:37 CET",
                     "Sun, 06 Nov 1994 24:00:00 GMT",
                     "Sun, 06 Nov 1994 08:60:00 GMT",
                     "Sun, 06 Nov 1994 08:00:61 GMT",
                     "Sun, 31 Feb 2027 00:00:00 GMT",
                     "Sun, 00 Nov 1994 08:49:37 GMT",
                     "Son, 06 Nov 1994 08:49:37 GMT",
                     "Sun, 06 Okt 1994 08:49:37 GMT",
                     "Sun, 6 Nov 1994 08:49:37 GMT",
                     "Sun, 06 Nov 94 08:49:37 GMT",
                     "Sun Nov 6 08:49:37 1994",
                     "Sun Nov  6 08:49:37 1994 GMT",
                     "Sun, 06 Nov 1994 08:49:37 GMT; x"})
    CAF_CHECK_EQUAL(wait(value), -1.0);
}

CAF_TEST(every_moment_is_understood_in_all_three_forms) {
  CAF_CHECK(rc::check([](std::uint32_t seconds_since_1970) {
    const auto when = sys_seconds{seconds{seconds_since_1970}};
    const auto ahead = *rc::gen::inRange(0, 40 * 365 * 86'400);
    for (int form = 0; form < 3; ++form)
      RC_ASSERT(parse_retry_after(render(when, form), when - seconds{ahead}) == seconds{ahead});
  }));
}

CAF_TEST(no_input_is_too_strange_for_the_parsers) {
  CAF_CHECK(rc::check([](const std::string& text) {
    auto date = "Sun, 06 Nov 1994 08:49:37 GMT" + text;
    RC_ASSERT((text.empty() || text.find_first_not_of(" \t") == text.npos || wait(date) == -1.0));
    auto found = parse_close_hint("retry-after=" + text);
    RC_ASSERT((!found || (*found >= 0ms && text.find_first_of("0123456789") != text.npos)));
  }));
}

CAF_TEST(close_reasons_may_carry_a_hint) {
  CAF_CHECK_EQUAL(hint("retry-after=30"), 30.0);
  CAF_CHECK_EQUAL(hint("Restarting. Retry-After: 500ms"), 0.5);
  CAF_CHECK_EQUAL(hint("{\"retry_after\": 2}"), 2.0);
  CAF_CHECK_EQUAL(hint("retry-after 1m30s, please"), 90.0);
  CAF_CHECK_EQUAL(hint("retry-after 5."), 5.0);
}

CAF_TEST(other_close_reasons_carry_none) {
  for (auto reason : {"", "going away", "retry-after", "retry-after=", "retry-after=soon",
                      "retry-after=-5", "retry after 5", "retry-after=5parsecs"})
    CAF_CHECK_EQUAL(hint(reason), -1.0);
}

} // namespace retry_policy_hints_test
