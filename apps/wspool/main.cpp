// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "command.hpp"
#include "settings/help_formatter.hpp"
#include "process/log.hpp"

#include <CLI/CLI.hpp>

#include <cstdio>
#include <exception>
#include <fcntl.h>
#include <memory>
#include <string>
#include <unistd.h>
#include <vector>

#ifndef WSPOOL_VERSION
#  define WSPOOL_VERSION "unknown"
#endif

namespace {

using namespace wspool::cli;

constexpr auto description
  = "Pools and servers of WebSocket connections: lines in, lines out, an account at the end.";

constexpr auto examples = R"(Examples:
  wspool echo --listen 127.0.0.1:9001
  printf 'a\nb\n' | wspool connect ws://127.0.0.1:9001 -n 2
  wspool serve --history 1000
  wspool session ws://127.0.0.1:9000 subscribe news
  echo hello | wspool session ws://127.0.0.1:9000 publish news
  wspool connect --help

Data go to stdout, all else to stderr. Exit status: 0 all sent; 1 some failed, or never connected;
2 the command line or the configuration is wrong.)";

/// "connect, serve or session"
std::string names_of_subcommands(const CLI::App& app) {
  const auto shown = app.get_subcommands([](const CLI::App* x) { return !x->get_group().empty(); });
  std::string names;
  for (std::size_t i = 0; i < shown.size(); ++i)
    names += (i == 0 ? "" : i + 1 < shown.size() ? ", " : " or ") + shown[i]->get_name();
  return names;
}

/// Help goes to stdout and is a success; an error says where help is.
int report(const CLI::App& root, const CLI::ParseError& e) {
  if (e.get_exit_code() == static_cast<int>(CLI::ExitCodes::Success))
    return root.exit(e);
  auto chosen = root.get_subcommands();
  auto name = chosen.empty() ? std::string{} : " " + chosen.front()->get_name();
  std::string what = e.what();
  // CLI11 only says that a subcommand is missing.
  const auto& speaker = chosen.empty() ? root : *chosen.front();
  if (dynamic_cast<const CLI::RequiredError*>(&e) != nullptr && speaker.remaining_size() > 0)
    what = "\"" + speaker.remaining().front() + "\": expected " + names_of_subcommands(speaker);
  std::fprintf(stderr, "wspool: %s\nSee `wspool%s --help`.\n", what.c_str(), name.c_str());
  return exit_status::usage;
}

/// Descriptors that a caller closed must not become those of files and sockets of our own. Reading
/// then finds the end, writing fails.
void open_standard_streams() {
  for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; ++fd)
    if (::fcntl(fd, F_GETFD) < 0)
      (void)::open("/dev/null", O_RDONLY); // takes the lowest number: this one
}

} // namespace

int main(int argc, char** argv) {
  open_standard_streams();
  command_options options;
  CLI::App root{description, "wspool"};
  root.set_version_flag("--version", std::string{"wspool "} + WSPOOL_VERSION);
  root.formatter(std::make_shared<help_formatter>());
  root.footer(examples);
  root.require_subcommand(1);
  std::vector<command> commands{add_connect(root, options), add_serve(root, options),
                                add_session(root, options), add_echo(root, options),
                                add_node(root, options), add_config(root, options),
                                add_demo(root, options), add_bench(root),
                                add_bench_client(root), add_bench_peer(root),
                                add_bench_server(root)};
  try {
    root.parse(argc, argv);
    for (auto& x : commands)
      if (x.app->parsed())
        return x.run();
  } catch (const CLI::ParseError& e) {
    return report(root, e);
  } catch (const usage_error& e) {
    std::fprintf(stderr, "wspool: %s\n", e.what());
    return exit_status::usage;
  } catch (const std::exception& e) {
    std::fprintf(stderr, "wspool: %s\n", e.what());
    return exit_status::failed;
  }
  return exit_status::usage;
}
