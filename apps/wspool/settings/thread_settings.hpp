// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <cstddef>

namespace wspool::cli {

class settings;

/// Adds what all subcommands say of their threads. The table refers to `io_threads` from now on.
void describe_threads(settings& table, std::size_t& io_threads);

} // namespace wspool::cli
