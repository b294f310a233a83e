// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "demo/demo_command.hpp"
#include "echo/echo_command.hpp"
#include "program.hpp"
#include "subcommands.hpp"

#include <CLI/CLI.hpp>

namespace {

using namespace wspool::cli;

constexpr auto description =
  "Pools and servers of WebSocket connections: lines in, lines out, an account at the end.";

constexpr auto main_examples = R"(Examples:
  wspool echo --listen 127.0.0.1:9001
  printf 'a\nb\n' | wspool connect ws://127.0.0.1:9001 -n 2
  wspool serve --history 1000
  wspool session ws://127.0.0.1:9000 subscribe news
  echo hello | wspool session ws://127.0.0.1:9000 publish news
  wspool connect --help

Data go to stdout, all else to stderr. Exit status: 0 all sent; 1 some failed, or never connected;
2 the command line or the configuration is wrong.)";

} // namespace

int main(int argc, char** argv) {
  open_standard_streams();
  command_options options;
  CLI::App root{description, "wspool"};
  describe_program(root, main_examples);
  return run_program(
    root,
    {add_connect(root, options), add_serve(root, options), add_session(root, options),
     add_echo(root, options.table, options.echo, options.io_threads), add_node(root, options),
     add_config(root, options), add_demo(root, options.table, options.demo), add_bench(root),
     add_bench_client(root), add_bench_peer(root), add_bench_server(root)},
    argc, argv);
}
