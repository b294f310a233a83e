// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <functional>

namespace CLI {
class App;
}

namespace wspool::cli {

/// How the program ends.
namespace exit_status {
inline constexpr int success = 0; ///< all sent
inline constexpr int failed = 1;  ///< some failed, never connected, or every slot was given up
inline constexpr int usage = 2;   ///< nothing was even tried
/// The second signal ended it: 128 and the signal's number, as a shell has it.
inline constexpr int by_signal = 128;
} // namespace exit_status

/// A subcommand: its part of the command line, and what runs when it was chosen.
struct command {
  CLI::App* app;
  /// @returns the exit status. @throws usage_error before anything was started.
  std::function<int()> run;
};

} // namespace wspool::cli
