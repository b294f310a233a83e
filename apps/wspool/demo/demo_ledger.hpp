// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <wspool/pool.hpp>

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace wspool::cli {

/// Which of the numbered messages came back, and how often.
///
/// Thread contract: `came_back` from one thread at a time, the counts from any.
class demo_ledger {
public:
  explicit demo_ledger(std::uint64_t most) : seen_(most) {}

  /// The text of message `number`, counted from 0.
  [[nodiscard]] static std::string text_of(std::uint64_t number);

  void came_back(std::string_view text);

  [[nodiscard]] std::uint64_t distinct() const noexcept { return distinct_; }
  [[nodiscard]] std::uint64_t repeated() const noexcept { return repeated_; }
  /// Messages that nobody sent.
  [[nodiscard]] std::uint64_t strange() const noexcept { return strange_; }

private:
  std::vector<bool> seen_;
  std::atomic<std::uint64_t> distinct_{0};
  std::atomic<std::uint64_t> repeated_{0};
  std::atomic<std::uint64_t> strange_{0};
};

/// The latest statistics of a pool, for a thread that shows them. Any thread.
class latest_stats {
public:
  void store(pool_stats x) {
    const std::lock_guard lock{mutex_};
    stats_ = std::move(x);
  }
  /// @returns nothing if there were none yet.
  [[nodiscard]] std::optional<pool_stats> load() const {
    const std::lock_guard lock{mutex_};
    return stats_;
  }

private:
  mutable std::mutex mutex_;
  std::optional<pool_stats> stats_;
};

/// Subscribes to a pool: messages to the ledger, statistics to `latest`.
[[nodiscard]] caf::actor spawn_demo_watcher(caf::actor_system& system, const pool_actor& pool,
                                            std::shared_ptr<demo_ledger> ledger,
                                            std::shared_ptr<latest_stats> latest);

} // namespace wspool::cli
