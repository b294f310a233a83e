// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "bench_case.hpp"

#include <wspool/pool.hpp>

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

namespace wspool::bench {

/// What an actor that uses a pool tells the main thread. Thread contract: any thread.
struct worker_state {
  std::atomic<std::uint64_t> messages{0}; ///< sent (the kernel has them) or received
  std::atomic<bool> recording{false};     ///< round trips count
  std::atomic<bool> stopping{false};

  void came_back(double nanoseconds);
  [[nodiscard]] std::vector<double> take_round_trips();

private:
  std::mutex mutex_; // the main thread takes them once, in the end
  std::vector<double> round_trips_;
};

/// What starts an echoing actor. Any value of a type that every CAF knows would do.
inline constexpr bool flush_signal = true;

/// Sends for as long as it lives, or until it is to stop. What is on its way is bounded: `send`
/// asks for the outcome of each 64th message and goes on when enough are known; `send_batch`
/// delivers batches and has some of them under way.
[[nodiscard]] caf::actor spawn_sender(caf::actor_system& system, pool_actor pool,
                                      const bench_case& what, std::shared_ptr<worker_state> state);

/// Subscribes, and counts what comes in, in batches.
[[nodiscard]] caf::actor spawn_receiver(caf::actor_system& system, const pool_actor& pool,
                                        std::shared_ptr<worker_state> state);

/// Subscribes, single messages; after the signal it has one on its way at any time.
[[nodiscard]] caf::actor spawn_echo(caf::actor_system& system, const pool_actor& pool,
                                    std::size_t size_bytes, std::shared_ptr<worker_state> state);

} // namespace wspool::bench
