// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

namespace wspool::chaos {

/// What the command line says.
struct arguments {
  std::uint64_t seed = 1;
  std::size_t faults = 300;
  double minutes = 0; ///< instead of a number of faults
  std::uint64_t first_phase = 0;
  std::size_t herd = 0; ///< instead of phases: so many connections
  bool verbose = false;
  bool list = false;
};

/// @returns the status to exit with, if there is nothing (more) to do.
[[nodiscard]] std::optional<int> parse(int argc, char** argv, arguments& result);

} // namespace wspool::chaos
