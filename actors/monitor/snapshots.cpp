// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "monitor/snapshots.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <utility>

namespace wspool {

snapshots::snapshots(const monitor_options& options)
  : most_(options.interval.count() > 0
            ? std::max<std::size_t>(1, static_cast<std::size_t>(options.history / options.interval))
            : 1) {}

const pool_stats& snapshots::add(pool_stats next) {
  if (!kept_.empty()) {
    auto& before = kept_.back();
    const std::chrono::duration<double> apart = next.time - before.time;
    auto rate = [&](std::uint64_t now, std::uint64_t then) {
      // A clock that was set back gives no rate.
      return apart.count() > 0 && now >= then ? static_cast<double>(now - then) / apart.count()
                                              : 0.0;
    };
    const auto& was = before.total_traffic;
    const auto& is = next.total_traffic;
    next.messages_out_rate = rate(is.messages_out, was.messages_out);
    next.messages_in_rate = rate(is.messages_in, was.messages_in);
    next.bytes_out_rate = rate(is.bytes_out, was.bytes_out);
    next.bytes_in_rate = rate(is.bytes_in, was.bytes_in);
    // Only the newest snapshot lists the connections: with many, they are most of its size.
    before.connections = std::vector<connection_stats>{}; // = {} would keep its memory
  }
  kept_.push_back(std::move(next));
  if (kept_.size() > most_)
    kept_.pop_front();
  return kept_.back();
}

} // namespace wspool
