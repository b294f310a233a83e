// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "text_table.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <utility>

namespace wspool::bench {

namespace {

constexpr std::size_t gap_columns = 2;

/// As many columns as a terminal shows: UTF-8's further bytes take none.
std::size_t columns_of(const std::string& text) {
  auto begins = [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; };
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), begins));
}

std::string printed(const char* format, double value) {
  std::array<char, 64> buffer{};
  std::snprintf(buffer.data(), buffer.size(), format, value);
  return buffer.data();
}

} // namespace

text_table::text_table(std::vector<std::string> heading, std::size_t left)
  : left_(left), rows_{std::move(heading)} {}

void text_table::add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }

void text_table::add_gap() { rows_.emplace_back(); }

std::string text_table::text() const {
  std::vector<std::size_t> widths;
  for (auto& row : rows_)
    for (std::size_t i = 0; i < row.size(); ++i) {
      widths.resize(std::max(widths.size(), i + 1));
      widths[i] = std::max(widths[i], columns_of(row[i]));
    }
  std::string result;
  for (auto& row : rows_) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      std::string padding(widths[i] - columns_of(row[i]), ' ');
      line += i < left_ ? row[i] + padding : padding + row[i];
      line.append(gap_columns, ' ');
    }
    line.erase(line.find_last_not_of(' ') + 1);
    result += line + "\n";
  }
  return result;
}

std::string with_commas(double value) {
  auto result = printed("%.0f", value);
  auto first = result.starts_with('-') ? 1u : 0u;
  for (auto i = result.size(); i > first + 3; i -= 3)
    result.insert(i - 3, ",");
  return result;
}

std::string with_precision(double value) {
  auto size = std::abs(value);
  if (size >= 100 || size == 0)
    return printed("%.0f", value);
  return printed(size >= 10 ? "%.1f" : size >= 1 ? "%.2f" : size >= 0.1 ? "%.3f" : "%.4f", value);
}

} // namespace wspool::bench
