// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)

// What peers say about when to come back: `Retry-After` and hints in close reasons.
#include <wspool/retry_policy.hpp>
#include <wspool/units.hpp>

#include "protocol/ascii.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace wspool {

namespace {

using detail::is_digit;
using detail::lower;
using namespace std::chrono;
using namespace std::string_view_literals;

/// More than 2^31 s counts as that much (RFC 9111 §1.2.2).
constexpr std::uint64_t largest_delta = 2'147'483'648;

constexpr std::array month_names{"Jan"sv, "Feb"sv, "Mar"sv, "Apr"sv, "May"sv, "Jun"sv,
                                 "Jul"sv, "Aug"sv, "Sep"sv, "Oct"sv, "Nov"sv, "Dec"sv};
constexpr std::array short_days{"Mon"sv, "Tue"sv, "Wed"sv, "Thu"sv, "Fri"sv, "Sat"sv, "Sun"sv};
constexpr std::array long_days{"Monday"sv, "Tuesday"sv,  "Wednesday"sv, "Thursday"sv,
                               "Friday"sv, "Saturday"sv, "Sunday"sv};

std::string_view trim(std::string_view text) noexcept {
  constexpr auto blanks = " \t"sv;
  auto first = text.find_first_not_of(blanks);
  if (first == text.npos)
    return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

std::optional<milliseconds> parse_seconds(std::string_view digits) {
  if (digits.empty() || !std::all_of(digits.begin(), digits.end(), is_digit))
    return std::nullopt;
  std::uint64_t value = 0;
  auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc{})
    value = largest_delta;
  return seconds{std::min(value, largest_delta)};
}

/// Reads a date from left to right. After the first piece that does not fit, every further call
/// fails too, so that the outcome is asked for once, at the end.
class date_reader {
public:
  explicit date_reader(std::string_view text) noexcept : rest_(text) {}

  void literal(std::string_view expected) noexcept {
    if (rest_.starts_with(expected))
      rest_.remove_prefix(expected.size());
    else
      fail();
  }

  int number(std::size_t digits) noexcept {
    if (rest_.size() < digits || !std::all_of(rest_.begin(), rest_.begin() + digits, is_digit)) {
      fail();
      return 0;
    }
    int result = 0;
    for (auto c : rest_.substr(0, digits))
      result = result * 10 + (c - '0');
    rest_.remove_prefix(digits);
    return result;
  }

  /// The position of the name that comes next.
  template <std::size_t N>
  unsigned name(const std::array<std::string_view, N>& names) noexcept {
    for (unsigned i = 0; i < N; ++i) {
      if (rest_.starts_with(names[i])) {
        rest_.remove_prefix(names[i].size());
        return i;
      }
    }
    fail();
    return 0;
  }

  seconds time_of_day() noexcept {
    auto hour = number(2);
    literal(":");
    auto minute = number(2);
    literal(":");
    auto second = number(2);
    // 60 is a leap second (RFC 9110 §5.6.7).
    if (hour > 23 || minute > 59 || second > 60)
      fail();
    return hours{hour} + minutes{minute} + seconds{second};
  }

  void fail() noexcept { failed_ = true; }
  [[nodiscard]] bool at_end() const noexcept { return !failed_ && rest_.empty(); }
  [[nodiscard]] bool next_is(char c) const noexcept { return rest_.starts_with(c); }

private:
  std::string_view rest_;
  bool failed_ = false;
};

using utc_seconds = sys_time<seconds>;

std::optional<utc_seconds> finish(const date_reader& in, int year_number, unsigned month_index,
                                  int day_number, seconds time) {
  auto date = year_month_day{year{year_number}, month{month_index + 1},
                             day{static_cast<unsigned>(day_number)}};
  if (!in.at_end() || !date.ok())
    return std::nullopt;
  return sys_days{date} + time;
}

/// "Sun, 06 Nov 1994 08:49:37 GMT"
std::optional<utc_seconds> parse_imf_fixdate(std::string_view text) {
  date_reader in{text};
  in.name(short_days);
  in.literal(", ");
  auto day_number = in.number(2);
  in.literal(" ");
  auto month_index = in.name(month_names);
  in.literal(" ");
  auto year_number = in.number(4);
  in.literal(" ");
  auto time = in.time_of_day();
  in.literal(" GMT");
  return finish(in, year_number, month_index, day_number, time);
}

/// "Sunday, 06-Nov-94 08:49:37 GMT"
std::optional<utc_seconds> parse_rfc850(std::string_view text, int this_year) {
  date_reader in{text};
  in.name(long_days);
  in.literal(", ");
  auto day_number = in.number(2);
  in.literal("-");
  auto month_index = in.name(month_names);
  in.literal("-");
  auto year_number = this_year / 100 * 100 + in.number(2);
  in.literal(" ");
  auto time = in.time_of_day();
  in.literal(" GMT");
  // More than 50 years ahead means the past (RFC 9110 §5.6.7); so does the other end of it.
  if (year_number > this_year + 50)
    year_number -= 100;
  else if (year_number < this_year - 49)
    year_number += 100;
  return finish(in, year_number, month_index, day_number, time);
}

/// "Sun Nov  6 08:49:37 1994"
std::optional<utc_seconds> parse_asctime(std::string_view text) {
  date_reader in{text};
  in.name(short_days);
  in.literal(" ");
  auto month_index = in.name(month_names);
  in.literal(" ");
  const bool padded = in.next_is(' ');
  if (padded)
    in.literal(" ");
  auto day_number = in.number(padded ? 1 : 2);
  in.literal(" ");
  auto time = in.time_of_day();
  in.literal(" ");
  auto year_number = in.number(4);
  return finish(in, year_number, month_index, day_number, time);
}

/// Where the value of a `retry-after` in a close reason begins; empty if there is none.
std::string_view after_hint_name(std::string_view reason) {
  constexpr auto name = "retry-after"sv;
  auto same = [](char x, char y) { return lower(x == '_' ? '-' : x) == y; };
  auto found = std::search(reason.begin(), reason.end(), name.begin(), name.end(), same);
  if (found == reason.end())
    return {};
  auto rest = reason.substr(static_cast<std::size_t>(found - reason.begin()) + name.size());
  // `=`, `: ` or, within JSON, `":`.
  auto value = rest.find_first_not_of("\":= \t");
  return value == rest.npos ? std::string_view{} : rest.substr(value);
}

} // namespace

std::optional<milliseconds> parse_retry_after(std::string_view value,
                                              system_clock::time_point now) {
  value = trim(value);
  if (auto delta = parse_seconds(value))
    return delta;
  // Not in the system clock's own unit: in nanoseconds the year 9999 overflows.
  auto today = floor<milliseconds>(now);
  auto this_year = static_cast<int>(year_month_day{floor<days>(today)}.year());
  auto date = parse_imf_fixdate(value);
  if (!date)
    date = parse_rfc850(value, this_year);
  if (!date)
    date = parse_asctime(value);
  if (!date)
    return std::nullopt;
  return std::max<milliseconds>(*date - today, milliseconds{0});
}

std::optional<milliseconds> parse_close_hint(std::string_view reason) {
  auto value = after_hint_name(reason);
  auto is_part = [](char c) {
    return is_digit(c) || c == '.' || (lower(c) >= 'a' && lower(c) <= 'z');
  };
  auto end = std::find_if_not(value.begin(), value.end(), is_part);
  value = value.substr(0, static_cast<std::size_t>(end - value.begin()));
  if (value.ends_with('.')) // the end of a sentence
    value.remove_suffix(1);
  if (auto plain = parse_seconds(value))
    return plain;
  return parse_duration(value);
}

} // namespace wspool
