// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "command.hpp"
#include "settings/config_file.hpp"

#include <CLI/CLI.hpp>

#include <cstdio>
#include <iostream>
#include <map>
#include <memory>
#include <string>

namespace wspool::cli {

namespace {

constexpr auto examples = R"(Examples:
  wspool config print > wspool.ini
  wspool config print serve > serve.ini
  wspool config check wspool.ini
  wspool connect --config wspool.ini ws://127.0.0.1:9001)";

int check(const command_options& options, const std::string& path) {
  options.table.load_file(path);
  try {
    (void)options.pool.finish_without_urls();
    (void)options.serve.server();
    (void)options.serve.broker();
  } catch (const usage_error& e) { // about values that do not go together: of no one line
    throw usage_error(path + ": " + e.what());
  }
  std::fprintf(stderr, "wspool: %s: ok\n", path.c_str());
  return exit_status::success;
}

} // namespace

void add_config_flag(CLI::App& app, command_options& options) {
  app.add_option("--config", options.config, "Configuration file, see `wspool config print --help`")
    ->type_name("FILE");
}

command add_config(CLI::App& root, command_options& options) {
  auto app = root.add_subcommand("config", "Print the default configuration, or check a file");
  app->footer(examples);
  app->require_subcommand(1);
  auto print = app->add_subcommand("print", "Print every setting with its meaning and default");
  auto topic = std::make_shared<config_topic>(config_topic::pool);
  const std::map<std::string, config_topic> topics{{"pool", config_topic::pool},
                                                   {"serve", config_topic::serve}};
  print->add_option("TOPIC", *topic, "pool (connect, node, echo, demo; the default) or serve")
    ->transform(CLI::Transformer(topics))
    ->type_name("");
  auto checker = app->add_subcommand("check", "Check a file; status 2 if something is wrong");
  auto path = std::make_shared<std::string>();
  checker->add_option("FILE", *path, "The file")->required()->type_name("");
  auto run = [&options, print, path, topic] {
    if (!print->parsed())
      return check(options, *path);
    print_config_sample(std::cout, options.table, *topic);
    return exit_status::success;
  };
  return {app, run};
}

} // namespace wspool::cli
