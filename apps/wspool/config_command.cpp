// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "settings/config_file.hpp"
#include "subcommands.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <cstdio>
#include <iostream>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace wspool::cli {

namespace {

constexpr auto config_examples = R"(Examples:
  wspool config print > wspool.ini
  wspool config print serve > serve.ini
  wspool config check wspool.ini
  wspool connect --config wspool.ini ws://127.0.0.1:9001)";

/// Whether a setting of `serve` is what an error's text begins with: by its flag or by its name.
bool is_about(const setting& what, const std::string& head) {
  if (!what.section.starts_with("serve"))
    return false;
  const auto flags = ',' + what.flags + ',';
  return what.name() == head || flags.find(',' + head + ',') != flags.npos;
}

/// The error of a start, with the line that it is about if the file has it.
std::string located(const command_options& options, const std::string& path,
                    const std::vector<file_entry>& entries, const std::string& text) {
  const auto end = std::min(text.find(": "), text.size());
  for (const auto& what : options.table.all())
    if (is_about(what, text.substr(0, end)))
      for (const auto& entry : entries)
        if (entry.name == what.name())
          return path + ":" + std::to_string(entry.line) + ": " + entry.name + text.substr(end);
  return path + ": " + text; // about values that do not go together: of no one line
}

int check(const command_options& options, const std::string& path) {
  const auto entries = options.table.load_file(path);
  try {
    (void)options.pool.finish_without_urls();
    options.serve.check();
  } catch (const usage_error& e) {
    throw usage_error(located(options, path, entries, e.what()));
  }
  std::fprintf(stderr, "wspool: %s: ok\n", path.c_str());
  return exit_status::success;
}

} // namespace

command add_config(CLI::App& root, command_options& options) {
  auto app = root.add_subcommand("config", "Print the default configuration, or check a file");
  app->footer(config_examples);
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
