// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <wspool/pool_options.hpp>
#include <wspool/stats.hpp>

#include <cstddef>
#include <deque>
#include <vector>

namespace wspool {

/// The snapshots of the last minutes, each with the rates since the one before. Pure. Bounded by
/// `history / interval` snapshots; older ones keep no per-connection rows.
class snapshots {
public:
  explicit snapshots(const monitor_options& options);

  /// Takes a snapshot in. @returns it, with its rates.
  const pool_stats& add(pool_stats next);
  [[nodiscard]] std::vector<pool_stats> history() const { return {kept_.begin(), kept_.end()}; }

private:
  std::size_t most_;
  std::deque<pool_stats> kept_;
};

} // namespace wspool
