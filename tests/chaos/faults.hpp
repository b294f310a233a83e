// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "chaos/stage.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace wspool::chaos {

/// When a fault may be used.
enum class fault_class : std::uint8_t {
  server,  ///< the server, the network, or the system fails
  reshape, ///< the pool is asked for another shape
};

/// One kind of fault.
struct fault {
  const char* name;
  const char* what;
  fault_class kind;
  unsigned weight; ///< how often it is chosen, beside the others
  /// @returns false if there was nothing to inflict it on.
  bool (*inflict)(stage&);
};

[[nodiscard]] const std::vector<fault>& all_faults();

/// One out of those of the given classes, by weight.
[[nodiscard]] const fault& any_fault(chance& random, bool server, bool reshape);

} // namespace wspool::chaos
