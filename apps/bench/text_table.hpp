// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace wspool::bench {

/// Rows of text under a heading, in columns that are as wide as they must be: the first ones flush
/// left, the others, numbers, flush right.
class text_table {
public:
  /// @param left how many columns are text
  text_table(std::vector<std::string> heading, std::size_t left);

  /// Cells that are missing are empty.
  void add(std::vector<std::string> row);
  /// A line between what was added and what will be.
  void add_gap();

  [[nodiscard]] bool empty() const noexcept { return rows_.size() < 2; }
  /// Lines without trailing blanks, each with its end.
  [[nodiscard]] std::string text() const;

private:
  std::size_t left_;
  std::vector<std::vector<std::string>> rows_; ///< the heading is the first
};

/// "1,234,567"
[[nodiscard]] std::string with_commas(double value);
/// At least three digits that count: "12.3", "0.0853", "417".
[[nodiscard]] std::string with_precision(double value);

} // namespace wspool::bench
