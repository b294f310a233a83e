// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)

// `apps/demo`'s own program: `demo` and the server that it starts, and nothing else, so that it is
// built in a fraction of the time that all of wspool takes.
#include "demo/demo_command.hpp"
#include "echo/echo_command.hpp"
#include "program.hpp"
#include "settings/settings.hpp"
#include "settings/thread_settings.hpp"

#include <CLI/CLI.hpp>

int main(int argc, char** argv) {
  using namespace wspool::cli;
  open_standard_streams();
  demo_flags demo;
  echo_flags echo;
  std::size_t io_threads = 0;
  settings table;
  describe(table, echo);
  describe(table, demo);
  describe_threads(table, io_threads);
  CLI::App root{"The demonstration of wspool, without the rest of it.", "wspool-demo"};
  describe_program(root, "");
  return run_program(root, {add_demo(root, table, demo), add_echo(root, table, echo, io_threads)},
                     argc, argv);
}
