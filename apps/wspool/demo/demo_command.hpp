// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "command.hpp"
#include "demo/demo_flags.hpp"

namespace wspool::cli {

/// `wspool demo`, which runs `echo` of the same program as its server. All that is handed over is
/// referred to until it has run.
[[nodiscard]] command add_demo(CLI::App& root, settings& table, const demo_flags& flags);

} // namespace wspool::cli
