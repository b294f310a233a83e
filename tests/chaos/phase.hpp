// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "chaos/phase_plan.hpp"
#include "chaos/verdict.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

namespace wspool::chaos {

/// What a run has done so far.
struct tally {
  std::map<std::string, std::uint64_t> faults; ///< by kind
  std::uint64_t inflicted = 0;
  std::uint64_t phases = 0;
  std::uint64_t messages = 0; ///< accepted by pools
  std::uint64_t arrivals = 0; ///< read by servers
  std::uint64_t attempts = 0; ///< sockets of pools
};

/// Plays one phase: a pool, a server, a load, faults, an end; then looks at what is left. At most
/// `max_faults` of the planned ones.
void play_phase(phase_plan plan, std::size_t max_faults, bool verbose, tally& count,
                verdict& judge);

} // namespace wspool::chaos
