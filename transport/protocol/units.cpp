// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include <wspool/units.hpp>

#include "protocol/ascii.hpp"

#include <array>
#include <limits>

namespace wspool {

namespace {

using detail::is_digit;
using detail::is_letter;
using detail::lower;
using std::chrono::milliseconds;
using namespace std::string_view_literals;

struct unit {
  std::string_view name;
  std::uint64_t size;
};

/// Largest first: the order in which a duration's parts must stand.
constexpr std::array duration_units{
  unit{"d"sv, 86'400'000}, unit{"h"sv, 3'600'000}, unit{"m"sv, 60'000},
  unit{"s"sv, 1'000},      unit{"ms"sv, 1},
};

/// Of two exact forms of the same length, the first is written.
constexpr std::array byte_units{
  unit{"TiB"sv, 1ull << 40},
  unit{"GiB"sv, 1ull << 30},
  unit{"MiB"sv, 1ull << 20},
  unit{"KiB"sv, 1ull << 10},
  unit{"B"sv, 1},
  unit{"TB"sv, 1'000'000'000'000},
  unit{"GB"sv, 1'000'000'000},
  unit{"MB"sv, 1'000'000},
  unit{"KB"sv, 1'000},
};

constexpr auto largest = std::numeric_limits<std::uint64_t>::max();

bool same_ignoring_case(std::string_view x, std::string_view y) noexcept {
  if (x.size() != y.size())
    return false;
  for (std::size_t i = 0; i < x.size(); ++i)
    if (lower(x[i]) != lower(y[i]))
      return false;
  return true;
}

bool multiply_add(std::uint64_t& value, std::uint64_t factor, std::uint64_t summand) noexcept {
  if (factor != 0 && value > largest / factor)
    return false;
  value *= factor;
  if (value > largest - summand)
    return false;
  value += summand;
  return true;
}

/// A decimal number as digits and a power of ten, so that no fraction is rounded unseen.
struct decimal {
  std::uint64_t digits = 0;
  std::uint64_t divisor = 1;

  /// The number times `factor`; nothing if that is not whole or too large.
  [[nodiscard]] std::optional<std::uint64_t> times(std::uint64_t factor) const noexcept {
    auto whole = digits / divisor;
    auto rest = digits % divisor;
    // What of the divisor the factor does not take away must divide the fraction.
    if (!multiply_add(whole, factor, 0) || !multiply_add(rest, factor, 0) || rest % divisor != 0)
      return std::nullopt;
    if (!multiply_add(whole, 1, rest / divisor))
      return std::nullopt;
    return whole;
  }
};

/// Takes `digits[.digits]` off the front of `text`.
std::optional<decimal> take_decimal(std::string_view& text) noexcept {
  decimal result;
  bool in_fraction = false;
  std::size_t count = 0;
  while (!text.empty() && (is_digit(text.front()) || text.front() == '.')) {
    auto c = text.front();
    text.remove_prefix(1);
    if (c == '.') {
      if (in_fraction || count == 0)
        return std::nullopt;
      in_fraction = true;
      count = 0;
      continue;
    }
    ++count;
    if (!multiply_add(result.digits, 10, static_cast<std::uint64_t>(c - '0')))
      return std::nullopt;
    if (in_fraction && !multiply_add(result.divisor, 10, 0))
      return std::nullopt;
  }
  if (count == 0) // no digit at all, or none after the point
    return std::nullopt;
  return result;
}

std::string_view take_name(std::string_view& text) noexcept {
  std::size_t size = 0;
  while (size < text.size() && is_letter(text[size]))
    ++size;
  auto result = text.substr(0, size);
  text.remove_prefix(size);
  return result;
}

} // namespace

std::optional<milliseconds> parse_duration(std::string_view text) {
  constexpr auto limit = static_cast<std::uint64_t>(milliseconds::max().count());
  std::uint64_t total = 0;
  std::size_t first_allowed = 0;
  if (text == "0")
    return milliseconds{0};
  do {
    auto number = take_decimal(text);
    if (!number)
      return std::nullopt;
    auto name = take_name(text);
    auto i = first_allowed;
    while (i < duration_units.size() && duration_units[i].name != name)
      ++i;
    if (i == duration_units.size())
      return std::nullopt;
    first_allowed = i + 1;
    auto part = number->times(duration_units[i].size);
    if (!part || !multiply_add(total, 1, *part) || total > limit)
      return std::nullopt;
  } while (!text.empty());
  return milliseconds{static_cast<milliseconds::rep>(total)};
}

std::string format_duration(milliseconds value) {
  if (value.count() == 0)
    return "0s";
  const auto negative = value.count() < 0;
  auto bits = static_cast<std::uint64_t>(value.count());
  auto magnitude = negative ? 0 - bits : bits;
  auto u = duration_units.begin();
  while (magnitude % u->size != 0)
    ++u;
  std::string result = negative ? "-" : "";
  result += std::to_string(magnitude / u->size);
  result += u->name;
  return result;
}

std::optional<std::uint64_t> parse_bytes(std::string_view text) {
  auto number = take_decimal(text);
  if (!number)
    return std::nullopt;
  auto name = take_name(text);
  if (!text.empty())
    return std::nullopt;
  if (name.empty())
    return number->times(1);
  for (auto& u : byte_units)
    if (same_ignoring_case(u.name, name))
      return number->times(u.size);
  return std::nullopt;
}

std::string format_bytes(std::uint64_t value) {
  std::string best;
  for (auto& u : byte_units) {
    if (value % u.size != 0 || (value == 0 && u.size != 1))
      continue;
    auto form = std::to_string(value / u.size).append(u.name);
    if (best.empty() || form.size() < best.size())
      best = std::move(form);
  }
  return best;
}

} // namespace wspool
