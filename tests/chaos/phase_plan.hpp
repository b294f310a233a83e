// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "chaos/chance.hpp"
#include "chaos/load.hpp"
#include "chaos/stage.hpp"

#include <wspool/pool_options.hpp>

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace wspool::chaos {

/// How a pool's life ends in a phase.
enum class ending_kind : std::uint8_t {
  healed,      ///< the server behaves again, everything gets its outcome, then `close`
  hasty,       ///< `close` with a short drain, while faults go on
  destroy,     ///< `destroy`, while faults go on
  io_stops,    ///< the I/O pool is stopped, while faults go on
  system_ends, ///< the actor system ends, while faults go on
};
[[nodiscard]] const char* to_string(ending_kind x);

/// All that is drawn for one phase: a function of seed and number alone.
struct phase_plan {
  std::uint64_t number = 0;
  std::uint64_t seed = 0;
  pool_options options;    ///< without endpoints and connector
  std::vector<home> homes; ///< doors are numbered in this order
  bool tls = false;
  std::size_t io_threads = 1;
  std::uint32_t echo_every = 0;
  std::chrono::milliseconds pause{0}; ///< of the server, between two reads
  std::size_t faults = 30;
  bool storms = true;    ///< the server fails
  bool reshapes = false; ///< the pool is asked for other shapes
  bool roomy = true;     ///< the queue never runs over
  bool cramped = false;  ///< small buffers in the kernel, large messages
  bool batches = false;  ///< the witness wants batches
  bool slow = false;     ///< a second subscriber is slow
  ending_kind ending = ending_kind::healed;
  std::vector<load_plan> loads;

  /// At no moment may a slot have a second socket.
  [[nodiscard]] bool strict() const { return !reshapes && options.rotation.max_age.count() == 0; }
};

[[nodiscard]] phase_plan plan_phase(std::uint64_t seed, std::uint64_t number);

/// One line: what is special about it.
[[nodiscard]] std::string to_string(const phase_plan& x);

} // namespace wspool::chaos
