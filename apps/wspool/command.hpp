// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "settings/command_options.hpp"

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

[[nodiscard]] command add_connect(CLI::App& root, command_options& options);
[[nodiscard]] command add_echo(CLI::App& root, command_options& options);
[[nodiscard]] command add_serve(CLI::App& root, command_options& options);
[[nodiscard]] command add_node(CLI::App& root, command_options& options);
[[nodiscard]] command add_session(CLI::App& root, command_options& options);
[[nodiscard]] command add_config(CLI::App& root, command_options& options);
[[nodiscard]] command add_demo(CLI::App& root, command_options& options);
[[nodiscard]] command add_bench(CLI::App& root);
/// `fan-out` below `bench`: the same for servers.
[[nodiscard]] command add_bench_fan_out(CLI::App& bench);
/// The processes that `bench` starts; they do not show in the help.
[[nodiscard]] command add_bench_client(CLI::App& root);
[[nodiscard]] command add_bench_peer(CLI::App& root);
[[nodiscard]] command add_bench_server(CLI::App& root);

/// Adds `--config FILE`, which all but `config` itself have.
void add_config_flag(CLI::App& app, command_options& options);

} // namespace wspool::cli
