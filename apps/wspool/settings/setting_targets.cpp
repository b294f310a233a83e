// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "settings/setting_targets.hpp"

#include "settings/address.hpp"

#include <wspool/units.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <utility>

namespace wspool::cli {

namespace {

using std::chrono::milliseconds;
using texts_t = std::vector<std::string>;

constexpr auto unlimited = "unlimited";

std::string format_ratio(double value) {
  std::array<char, 32> buffer{};
  auto [end, error] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
  return error == std::errc{} ? std::string{buffer.data(), end} : std::string{};
}

std::optional<bool> parse_switch(std::string_view text) noexcept {
  for (auto yes : {"true", "yes", "on", "1"})
    if (text == yes)
      return true;
  for (auto no : {"false", "no", "off", "0"})
    if (text == no)
      return false;
  return std::nullopt;
}

} // namespace

std::optional<std::uint64_t> parse_number(std::string_view text) noexcept {
  std::uint64_t value = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size())
    return std::nullopt;
  return value;
}

target to_text(std::string& variable) {
  auto assign = [&variable](const texts_t& texts) {
    variable = texts.front();
    return std::string{};
  };
  return {arity::one, variable, assign};
}

target to_checked_text(std::string& variable,
                       std::function<std::string(const std::string&)> check) {
  auto assign = [&variable, check = std::move(check)](const texts_t& texts) {
    auto expected = check(texts.front());
    if (expected.empty())
      variable = texts.front();
    return expected;
  };
  return {arity::one, variable, assign};
}

target to_address(std::string& variable) {
  return to_checked_text(variable, [](const std::string& text) -> std::string {
    if (text.empty() || find_address(text))
      return {};
    return "HOST:PORT, such as 127.0.0.1:9001 or [::1]:9001";
  });
}

target to_checked_list(std::vector<std::string>& variable,
                       std::function<std::string(const std::string&)> check) {
  auto assign = [&variable, check = std::move(check)](const texts_t& texts) -> std::string {
    for (auto& text : texts)
      if (auto expected = check(text); !expected.empty())
        return expected + (texts.size() > 1 ? " instead of \"" + text + "\"" : std::string{});
    variable = texts;
    return {};
  };
  return {arity::list, {}, assign};
}

target to_list(std::vector<std::string>& variable) {
  return to_checked_list(variable, [](const std::string&) { return std::string{}; });
}

target to_switch(bool& variable, bool negated) {
  auto assign = [&variable, negated](const texts_t& texts) -> std::string {
    auto value = parse_switch(texts.back());
    if (!value)
      return "true or false";
    variable = *value != negated;
    return {};
  };
  return {arity::flag, variable != negated ? "true" : "false", assign};
}

target to_duration(milliseconds& variable) {
  auto assign = [&variable](const texts_t& texts) -> std::string {
    auto value = parse_duration(texts.front());
    if (!value)
      return "a duration with its unit, such as 500ms, 30s or 1h30m";
    variable = *value;
    return {};
  };
  return {arity::one, format_duration(variable), assign};
}

target to_duration(std::optional<milliseconds>& variable) {
  auto assign = [&variable](const texts_t& texts) -> std::string {
    auto value = parse_duration(texts.front());
    if (!value && texts.front() != unlimited)
      return "a duration with its unit, such as 500ms or 30s, or \"unlimited\"";
    variable = value;
    return {};
  };
  return {arity::one, variable ? format_duration(*variable) : unlimited, assign};
}

target to_bytes(std::size_t& variable) {
  auto assign = [&variable](const texts_t& texts) -> std::string {
    auto value = parse_bytes(texts.front());
    if (!value || *value > std::numeric_limits<std::size_t>::max())
      return "a number of bytes, such as 512, 16KiB or 64MiB";
    variable = static_cast<std::size_t>(*value);
    return {};
  };
  return {arity::one, format_bytes(variable), assign};
}

target to_ratio(double& variable, double lowest, double highest) {
  auto assign = [&variable, lowest, highest](const texts_t& texts) -> std::string {
    const auto& text = texts.front();
    double value = 0;
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(value)
        || value < lowest || value > highest)
      return "a number from " + format_ratio(lowest) + " to " + format_ratio(highest);
    variable = value;
    return {};
  };
  return {arity::one, format_ratio(variable), assign};
}

target to_numbers(std::vector<std::uint32_t>& variable) {
  auto assign = [&variable](const texts_t& texts) -> std::string {
    std::vector<std::uint32_t> values;
    for (std::string_view text : texts) {
      while (!text.empty()) {
        auto end = std::min(text.find(','), text.size());
        auto value = parse_number(text.substr(0, end));
        if (!value || *value > std::numeric_limits<std::uint32_t>::max() || end + 1 == text.size())
          return "numbers separated by commas, such as 3,1";
        values.push_back(static_cast<std::uint32_t>(*value));
        text.remove_prefix(std::min(end + 1, text.size()));
      }
    }
    variable = std::move(values);
    return {};
  };
  return {arity::list, {}, assign};
}

target to_limit(std::optional<std::uint32_t>& variable) {
  auto assign = [&variable](const texts_t& texts) -> std::string {
    auto value = parse_number(texts.front());
    if (texts.front() != unlimited
        && (!value || *value > std::numeric_limits<std::uint32_t>::max()))
      return "a number or \"unlimited\"";
    variable = value ? std::optional{static_cast<std::uint32_t>(*value)} : std::nullopt;
    return {};
  };
  return {arity::one, variable ? std::to_string(*variable) : unlimited, assign};
}

} // namespace wspool::cli
