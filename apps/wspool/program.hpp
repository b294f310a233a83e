// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "command.hpp"

#include <string>
#include <vector>

namespace wspool::cli {

/// Descriptors that a caller closed must not become those of files and sockets of our own. Reading
/// then finds the end, writing fails. Call it before anything is opened.
void open_standard_streams();

/// What all our programs have: `--version`, the layout of their help, and at least one subcommand.
void describe_program(CLI::App& root, const std::string& footer);

/// Reads the command line and runs the subcommand that was chosen. What is wrong with it is told on
/// stderr. @returns the exit status.
int run_program(CLI::App& root, const std::vector<command>& commands, int argc, char** argv);

} // namespace wspool::cli
