// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "protocol/http_date.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>

namespace wspool {

namespace {

using namespace std::chrono;

constexpr seconds longest_wait = hours{24 * 365};

constexpr std::array<std::string_view, 12> months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

/// Reads the text piece by piece; the first mismatch makes all that follows fail.
class scanner {
public:
  explicit scanner(std::string_view text) noexcept : rest_(text) {
    // nop
  }

  scanner& literal(std::string_view expected) noexcept {
    if (!rest_.starts_with(expected))
      ok_ = false;
    else
      rest_.remove_prefix(expected.size());
    return *this;
  }

  /// Exactly `width` digits; a leading space counts as a zero if the form has it (asctime).
  scanner& number(std::size_t width, int& value, bool padded = false) noexcept {
    auto text = rest_.substr(0, width);
    if (padded && text.starts_with(' '))
      text.remove_prefix(1);
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (rest_.size() < width || text.empty() || text.front() == '-' || error != std::errc{}
        || end != text.data() + text.size())
      ok_ = false;
    else
      rest_.remove_prefix(width);
    return *this;
  }

  scanner& month(int& value) noexcept {
    auto found = std::find(months.begin(), months.end(), rest_.substr(0, 3));
    if (found == months.end()) {
      ok_ = false;
    } else {
      value = static_cast<int>(found - months.begin()) + 1;
      rest_.remove_prefix(3);
    }
    return *this;
  }

  scanner& time(int& h, int& m, int& s) noexcept {
    return number(2, h).literal(":").number(2, m).literal(":").number(2, s);
  }

  [[nodiscard]] bool complete() const noexcept {
    return ok_ && rest_.empty();
  }

private:
  std::string_view rest_;
  bool ok_ = true;
};

std::optional<sys_seconds> make_time(int y, int mon, int d, int h, int min, int s) noexcept {
  auto date = year{y} / mon / d;
  // 60 is a leap second.
  if (!date.ok() || h > 23 || min > 59 || s > 60)
    return std::nullopt;
  return sys_seconds{sys_days{date}} + hours{h} + minutes{min} + seconds{s};
}

} // namespace

std::optional<sys_seconds> parse_http_date(std::string_view text) noexcept {
  int y = 0, mon = 0, d = 0, h = 0, min = 0, s = 0;
  auto comma = text.find(", ");
  if (comma == 3) { // Sun, 06 Nov 1994 08:49:37 GMT
    scanner in{text.substr(5)};
    in.number(2, d).literal(" ").month(mon).literal(" ").number(4, y).literal(" ");
    if (in.time(h, min, s).literal(" GMT").complete())
      return make_time(y, mon, d, h, min, s);
  } else if (comma != std::string_view::npos) { // Sunday, 06-Nov-94 08:49:37 GMT
    scanner in{text.substr(comma + 2)};
    in.number(2, d).literal("-").month(mon).literal("-").number(2, y).literal(" ");
    // The form is obsolete: what it dates lies in this century, or in the last one's end.
    if (in.time(h, min, s).literal(" GMT").complete())
      return make_time(y + (y < 70 ? 2000 : 1900), mon, d, h, min, s);
  } else if (text.size() > 4) { // Sun Nov  6 08:49:37 1994
    scanner in{text.substr(4)};
    in.month(mon).literal(" ").number(2, d, true).literal(" ").time(h, min, s).literal(" ");
    if (in.number(4, y).complete())
      return make_time(y, mon, d, h, min, s);
  }
  return std::nullopt;
}

std::optional<seconds> parse_retry_after(std::string_view value, sys_seconds now) noexcept {
  if (value.empty())
    return std::nullopt;
  if (std::all_of(value.begin(), value.end(), [](char c) { return c >= '0' && c <= '9'; })) {
    std::int64_t count = 0;
    auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), count);
    if (error != std::errc{} || count > longest_wait.count())
      return longest_wait;
    return seconds{count};
  }
  auto date = parse_http_date(value);
  if (!date)
    return std::nullopt;
  return std::clamp<seconds>(*date - now, seconds{0}, longest_wait);
}

} // namespace wspool
