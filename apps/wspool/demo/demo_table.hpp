// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "demo/demo_ledger.hpp"

#include <chrono>
#include <string>

namespace wspool::cli {

/// Shows a pool at work on stdout: a table that is drawn over itself on a terminal, else a line
/// from time to time.
class demo_table {
public:
  demo_table(std::string title, bool is_terminal)
    : title_(std::move(title)), is_terminal_(is_terminal) {}

  /// How often to call `show`.
  [[nodiscard]] std::chrono::milliseconds interval() const noexcept;
  void show(const pool_stats& stats, const demo_ledger& ledger, std::chrono::milliseconds elapsed);

private:
  void draw(const pool_stats& stats, const demo_ledger& ledger, std::chrono::milliseconds elapsed);
  static void print_line(const pool_stats& stats, const demo_ledger& ledger,
                         std::chrono::milliseconds elapsed);

  std::string title_;
  bool is_terminal_;
  std::size_t drawn_lines_ = 0;
};

/// "1,234,567"
[[nodiscard]] std::string grouped(std::uint64_t value);

} // namespace wspool::cli
