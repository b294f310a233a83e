// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "command.hpp"
#include "options/command_options.hpp"

namespace wspool::cli {

// Each adds its subcommand; the options are referred to until it has run. `echo` and `demo` have
// headers of their own: they do without the options of all others.

[[nodiscard]] command add_connect(CLI::App& root, command_options& options);
[[nodiscard]] command add_serve(CLI::App& root, command_options& options);
[[nodiscard]] command add_node(CLI::App& root, command_options& options);
[[nodiscard]] command add_session(CLI::App& root, command_options& options);
[[nodiscard]] command add_config(CLI::App& root, command_options& options);
[[nodiscard]] command add_bench(CLI::App& root);
/// `fan-out` below `bench`: the same for servers.
[[nodiscard]] command add_bench_fan_out(CLI::App& bench);
/// The processes that `bench` starts; they do not show in the help.
[[nodiscard]] command add_bench_client(CLI::App& root);
[[nodiscard]] command add_bench_peer(CLI::App& root);
[[nodiscard]] command add_bench_server(CLI::App& root);

} // namespace wspool::cli
