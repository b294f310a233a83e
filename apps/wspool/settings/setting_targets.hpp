// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "settings/settings.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace wspool::cli {

// Where the text of a setting can go. Each keeps a reference to the variable, whose present value
// is the default.

[[nodiscard]] target to_text(std::string& variable);
/// A text for which the check finds no fault; it says what would have been right.
[[nodiscard]] target to_checked_text(std::string& variable,
                                     std::function<std::string(const std::string&)> check);
/// HOST:PORT, or nothing.
[[nodiscard]] target to_address(std::string& variable);
/// A list of texts; the check says what would have been right instead of one of them.
[[nodiscard]] target to_checked_list(std::vector<std::string>& variable,
                                     std::function<std::string(const std::string&)> check);
[[nodiscard]] target to_list(std::vector<std::string>& variable);
/// "true" or "false"; also yes/no, on/off, 1/0. `negated`: the variable is the opposite.
[[nodiscard]] target to_switch(bool& variable, bool negated = false);
[[nodiscard]] target to_duration(std::chrono::milliseconds& variable);
/// A duration or "unlimited".
[[nodiscard]] target to_duration(std::optional<std::chrono::milliseconds>& variable);
[[nodiscard]] target to_bytes(std::size_t& variable);
[[nodiscard]] target to_ratio(double& variable, double lowest, double highest);
/// A list of numbers, separated by commas.
[[nodiscard]] target to_numbers(std::vector<std::uint32_t>& variable);
/// A number or "unlimited".
[[nodiscard]] target to_limit(std::optional<std::uint32_t>& variable);

/// A whole number in decimal digits; none if it is anything else or too large.
[[nodiscard]] std::optional<std::uint64_t> parse_number(std::string_view text) noexcept;

template <class T>
[[nodiscard]] target to_number(T& variable, T lowest, T highest = std::numeric_limits<T>::max()) {
  auto assign = [&variable, lowest, highest](const std::vector<std::string>& texts) -> std::string {
    auto value = parse_number(texts.front());
    if (!value || *value < static_cast<std::uint64_t>(lowest)
        || *value > static_cast<std::uint64_t>(highest)) {
      auto result = "a number from " + std::to_string(lowest);
      return highest == std::numeric_limits<T>::max() ? result + " up"
                                                      : result + " to " + std::to_string(highest);
    }
    variable = static_cast<T>(*value);
    return {};
  };
  return {arity::one, std::to_string(variable), assign};
}

template <class T>
struct named_value {
  std::string_view name;
  T value;
};

/// One of a few names.
template <class T>
[[nodiscard]] target to_choice(T& variable, std::vector<named_value<T>> names) {
  std::string initial;
  for (auto& x : names)
    if (x.value == variable)
      initial = x.name;
  auto assign = [&variable, names](const std::vector<std::string>& texts) -> std::string {
    std::string expected = "one of";
    for (auto& x : names) {
      if (x.name == texts.back()) {
        variable = x.value;
        return {};
      }
      expected.append(&x == names.data() ? " " : ", ").append(x.name);
    }
    return expected;
  };
  return {arity::one, std::move(initial), assign};
}

} // namespace wspool::cli
