// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "goals.hpp"
#include "machine.hpp"
#include "runner.hpp"

#include <string>
#include <vector>

namespace wspool::bench {

/// A whole run: where, how, and what came of it.
struct report {
  machine where;
  run_options how;
  std::string node; ///< its version; empty: not used, or not there
  std::vector<case_result> results;
  bool with_goals = false;
};

/// For people: a heading, a table for each kind of case, and the goals.
[[nodiscard]] std::string to_text(const report& x);

/// For programs: one JSON object with all of it, each round included.
[[nodiscard]] std::string to_json(const report& x);

} // namespace wspool::bench
