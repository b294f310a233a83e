// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "command.hpp"
#include "echo/echo_flags.hpp"

namespace wspool::cli {

/// `wspool echo`. All that is handed over is referred to until it has run.
[[nodiscard]] command add_echo(CLI::App& root, settings& table, const echo_flags& flags,
                               const std::size_t& io_threads);

} // namespace wspool::cli
