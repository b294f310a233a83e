// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "demo/demo_table.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <cstdio>

namespace wspool::cli {

namespace {

double seconds(std::chrono::nanoseconds value) {
  return std::chrono::duration<double>{value}.count();
}

constexpr auto clear_line = "\x1b[K";

} // namespace

std::string grouped(std::uint64_t value) {
  auto result = std::to_string(value);
  for (auto at = static_cast<std::ptrdiff_t>(result.size()) - 3; at > 0; at -= 3)
    result.insert(static_cast<std::size_t>(at), ",");
  return result;
}

std::chrono::milliseconds demo_table::interval() const noexcept {
  return std::chrono::milliseconds{is_terminal_ ? 250 : 1'000};
}

void demo_table::show(const pool_stats& stats, const demo_ledger& ledger,
                      std::chrono::milliseconds elapsed) {
  if (is_terminal_)
    draw(stats, ledger, elapsed);
  else
    print_line(stats, ledger, elapsed);
  std::fflush(stdout);
}

void demo_table::print_line(const pool_stats& stats, const demo_ledger& ledger,
                            std::chrono::milliseconds elapsed) {
  fmt::print("{:5.1f}s accepted {} sent {} failed {} pending {} sent again {} came back {} open "
             "{}/{} reconnects {}\n",
             seconds(elapsed), stats.accepted, stats.sent, stats.failed, stats.pending,
             stats.resent, ledger.distinct(), stats.open, stats.total, stats.reconnects);
}

void demo_table::draw(const pool_stats& stats, const demo_ledger& ledger,
                      std::chrono::milliseconds elapsed) {
  std::vector<std::string> lines;
  lines.push_back(fmt::format("{}   {:.1f}s", title_, seconds(elapsed)));
  lines.emplace_back();
  lines.push_back(fmt::format("  {:>12} {:>12} {:>9} {:>9} {:>11} {:>12} {:>10}", "accepted",
                              "sent", "failed", "pending", "sent again", "came back",
                              "messages/s"));
  lines.push_back(fmt::format(
    "  {:>12} {:>12} {:>9} {:>9} {:>11} {:>12} {:>10}", grouped(stats.accepted),
    grouped(stats.sent), grouped(stats.failed), grouped(stats.pending), grouped(stats.resent),
    grouped(ledger.distinct()), grouped(static_cast<std::uint64_t>(stats.messages_out_rate))));
  lines.emplace_back();
  lines.push_back(fmt::format("  {:<12} {:<10} {:>12} {:>9} {:>9} {:>12}", "connection", "state",
                              "sent", "pending", "lives", "round trip"));
  auto connections = stats.connections;
  std::sort(connections.begin(), connections.end(),
            [](const connection_stats& a, const connection_stats& b) { return a.id < b.id; });
  for (auto& x : connections)
    lines.push_back(fmt::format("  {:<12} {:<10} {:>12} {:>9} {:>9} {:>10.2f}ms", to_string(x.id),
                                to_string(x.state), grouped(x.total.messages_out),
                                grouped(x.pending_messages), x.reconnects + 1,
                                seconds(x.round_trip) * 1'000));
  // Over the last drawing; lines that were longer, or more, leave nothing behind.
  if (drawn_lines_ > 0)
    fmt::print("\x1b[{}A\r", drawn_lines_);
  for (auto& line : lines)
    fmt::print("{}{}\n", line, clear_line);
  fmt::print("\x1b[J");
  drawn_lines_ = lines.size();
}

} // namespace wspool::cli
