// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "bench/machine.hpp"
#include "bench/servers/server_runner.hpp"

#include <string>
#include <vector>

namespace wspool::bench {

/// A whole run: where, how, and what came of it.
struct server_report {
  machine where;
  server_run_options how;
  std::vector<server_result> results;
};

/// For people: a heading, a table, and what is wanted of the server beside what was measured.
[[nodiscard]] std::string to_text(const server_report& x);

/// For programs: one JSON object, each round included.
[[nodiscard]] std::string to_json(const server_report& x);

} // namespace wspool::bench
