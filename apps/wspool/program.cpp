// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "program.hpp"

#include "settings/help_formatter.hpp"
#include "settings/settings.hpp"

#include <CLI/CLI.hpp>

#include <cstdio>
#include <exception>
#include <fcntl.h>
#include <memory>
#include <unistd.h>

#ifndef WSPOOL_VERSION
#define WSPOOL_VERSION "unknown"
#endif

namespace wspool::cli {

namespace {

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
  const auto program = root.get_name();
  std::fprintf(stderr, "%s: %s\nSee `%s%s --help`.\n", program.c_str(), what.c_str(),
               program.c_str(), name.c_str());
  return exit_status::usage;
}

} // namespace

void open_standard_streams() {
  for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; ++fd)
    if (::fcntl(fd, F_GETFD) < 0)
      (void)::open("/dev/null", O_RDONLY); // takes the lowest number: this one
}

void describe_program(CLI::App& root, const std::string& footer) {
  root.set_version_flag("--version", root.get_name() + " " + WSPOOL_VERSION);
  root.formatter(std::make_shared<help_formatter>());
  root.footer(footer);
  root.require_subcommand(1);
}

int run_program(CLI::App& root, const std::vector<command>& commands, int argc, char** argv) {
  const auto complain = [&root](const std::exception& e) {
    std::fprintf(stderr, "%s: %s\n", root.get_name().c_str(), e.what());
  };
  try {
    root.parse(argc, argv);
    for (const auto& x : commands)
      if (x.app->parsed())
        return x.run();
  } catch (const CLI::ParseError& e) {
    return report(root, e);
  } catch (const usage_error& e) {
    complain(e);
    return exit_status::usage;
  } catch (const std::exception& e) {
    complain(e);
    return exit_status::failed;
  }
  return exit_status::usage;
}

} // namespace wspool::cli
