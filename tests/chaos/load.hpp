// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "chaos/chance.hpp"
#include "chaos/ledger.hpp"
#include "chaos/witness.hpp"

#include <wspool/pool.hpp>

#include <caf/all.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>

namespace wspool::chaos {

/// What one sender sends.
struct load_plan {
  std::uint64_t seed = 1;
  delivery pool_policy = delivery::at_most_once;
  std::int32_t first_key = 0; ///< a key belongs to one sender: order is its order of sending
  std::int32_t keys = 0;
  std::size_t window = 100; ///< messages under way
  std::size_t burst = 20;   ///< of one turn, at most
  std::chrono::milliseconds turn{2};
  std::uint64_t mixed_percent = 0; ///< messages with a policy of their own
  std::uint64_t keyed_percent = 0;
  std::uint64_t limited_percent = 0; ///< messages with a time to live
  std::uint64_t large_percent = 0;   ///< messages of up to 200 kB
  bool plain = false;                ///< also by `send`, which is not answered
};

/// What a sender did and was told. Thread contract: any thread.
struct load_account {
  std::atomic<bool> stop{false};
  std::atomic<bool> stopped{false};
  std::atomic<std::uint64_t> under_way{0}; ///< requests
  std::atomic<std::uint64_t> accepted{0};  ///< that the pool must have accepted
  std::atomic<std::uint64_t> sent{0};
  std::atomic<std::uint64_t> failed{0};
  std::atomic<std::uint64_t> bound_failed{0}; ///< of these, replies and parts of broadcasts
  std::atomic<std::uint64_t> untold{0};       ///< accepted, of an outcome that nobody is told

  [[nodiscard]] bool idle() const { return stopped && under_way == 0; }
};
using load_account_ptr = std::shared_ptr<load_account>;

/// A sender: numbered messages in every form that a pool understands, within a window. The ledger
/// must outlive it.
[[nodiscard]] caf::behavior load(caf::event_based_actor* self, pool_actor pool, load_plan plan,
                                 ledger* numbers, testimony_ptr seen, load_account_ptr account);

} // namespace wspool::chaos
