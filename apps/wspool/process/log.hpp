// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <cstddef>
#include <memory>
#include <string>

namespace spdlog {
class logger;
}

namespace wspool::cli {

/// What goes to stderr.
struct log_options {
  std::size_t verbosity = 0; ///< 1: what happens; 2: in detail
  bool color = true;         ///< if stderr is a terminal
  bool events = false;       ///< every event as a JSON line
};

/// The program's own words to a person: "warning: …" on stderr, coloured on a terminal.
/// Thread-safe, as all loggers of spdlog's "_mt" kind.
[[nodiscard]] std::shared_ptr<spdlog::logger> make_logger(const log_options& options);

/// What a pool may say by itself: nothing, unless asked for.
[[nodiscard]] std::shared_ptr<spdlog::logger> make_pool_logger(const log_options& options);

/// Writes a line to stderr in one piece: events and the account, which programs read.
void print_error_line(std::string line);

} // namespace wspool::cli
