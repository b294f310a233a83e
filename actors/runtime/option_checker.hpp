// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <wspool/error.hpp>
#include <wspool/units.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace wspool::detail {

/// Longer waits are mistakes, and would overflow a clock that counts nanoseconds.
inline constexpr std::chrono::milliseconds longest_duration = std::chrono::hours{24 * 366};

inline std::string text_of(std::chrono::milliseconds value) { return format_duration(value); }

inline std::string text_of(double value) {
  auto result = std::to_string(value);
  result.erase(result.find_last_not_of('0') + 1);
  if (result.ends_with('.'))
    result.pop_back();
  return result;
}

template <class T>
requires std::is_integral_v<T> std::string text_of(T value) { return std::to_string(value); }

/// Checks a group of options: remembers the first thing that is wrong, so that all checks read as a
/// list.
class option_checker {
public:
  static constexpr std::size_t longest_name = 128;

  /// `expected` completes the sentence "field: "value": expected …".
  void expect(bool good, std::string_view field, std::string_view value, std::string_view expected,
              errc code = errc::invalid_option) {
    if (good || result_)
      return;
    std::string detail{field};
    detail.append(": \"").append(value).append("\": expected ").append(expected);
    result_ = failure{code, std::move(detail)};
  }

  template <class T>
  void within(std::string_view field, T value, T lowest, T highest) {
    // Written so that a NaN is refused.
    if (value >= lowest && value <= highest)
      return;
    expect(false, field, text_of(value), text_of(lowest) + " to " + text_of(highest));
  }

  template <class T>
  void at_least(std::string_view field, T value, T lowest) {
    expect(value >= lowest, field, text_of(value), text_of(lowest) + " or more");
  }

  void duration(std::string_view field, std::chrono::milliseconds value,
                std::chrono::milliseconds lowest = {}) {
    within(field, value, lowest, longest_duration);
  }

  /// What logs and metrics call something.
  void name(std::string_view field, const std::string& value) {
    auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
    auto good = !value.empty() && value.size() <= longest_name
                && std::none_of(value.begin(), value.end(), is_control);
    expect(good, field, value.substr(0, longest_name),
           "1 to " + text_of(longest_name) + " bytes without control characters");
  }

  /// Takes over what a part found out about itself.
  void part(std::string_view prefix, failure found) {
    if (!found || result_)
      return;
    found.detail.insert(0, prefix);
    result_ = std::move(found);
  }

  [[nodiscard]] failure take() { return std::move(result_); }

private:
  failure result_;
};

} // namespace wspool::detail
