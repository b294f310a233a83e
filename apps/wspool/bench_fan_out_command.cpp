// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "subcommands.hpp"

#include "bench/machine.hpp"
#include "bench/servers/server_report.hpp"
#include "bench/servers/server_runner.hpp"

#include <CLI/CLI.hpp>

#include <cmath>
#include <cstdio>
#include <memory>
#include <regex>
#include <string>
#include <vector>

namespace wspool::cli {

namespace {

using std::chrono::milliseconds;

constexpr auto fan_out_examples =
  R"(One client publishes, and all get each message. A round of a server is a process of its own on one
core; the crowd is on another. wspool is `spawn_server` with an actor that sends to all; wspool-v1 is
`wspool serve`.

Examples:
  wspool bench fan-out
  wspool bench fan-out --quick
  wspool bench fan-out --case '^fan-out/64B' --rounds 5)";

struct fan_out_flags {
  std::string pattern;
  std::size_t subscribers = 1'000;
  std::size_t idle = 10'000;
  std::size_t rounds = 3;
  double seconds = 1;
  bool quick = false;
  bool json = false;
  bool no_node = false;
};

std::vector<bench::server_case> chosen_cases(const fan_out_flags& flags) {
  std::vector<bench::server_case> result;
  try {
    const std::regex wanted{flags.pattern};
    for (const auto& x : bench::all_server_cases(flags.quick ? 50 : flags.subscribers,
                                                 flags.quick ? 200 : flags.idle))
      if (std::regex_search(x.name(), wanted))
        result.push_back(x);
  } catch (const std::regex_error& e) {
    throw usage_error(std::string{"--case: expected a regular expression: "} + e.what());
  }
  if (result.empty())
    throw usage_error("--case: \"" + flags.pattern + "\": no case has that in its name");
  return result;
}

int run_fan_out(const fan_out_flags& flags) {
  bench::server_report report;
  report.where = bench::this_machine();
  auto& how = report.how;
  how.rounds = flags.quick ? 1 : flags.rounds;
  how.short_rounds = flags.quick ? 1 : how.short_rounds;
  how.span = milliseconds{flags.quick ? 200 : std::lround(flags.seconds * 1e3)};
  how.node = !flags.no_node;
  const auto cases = chosen_cases(flags);
  bench::raise_file_limit();
  bench::pin_to(bench::client_core);
  auto& results = report.results;
  bool failed = false;
  for (const auto& x : cases) {
    std::fprintf(stderr, "%zu/%zu %s\n", results.size() + 1, cases.size(), x.name().c_str());
    results.push_back(bench::run_server_case(x, how));
    for (const auto& one : results.back().servers)
      failed = failed || (one.who != bench::server_kind::node_ws && !one.middle.error.empty());
  }
  const auto text = flags.json ? bench::to_json(report) + "\n" : bench::to_text(report);
  std::fputs(text.c_str(), stdout);
  return failed ? exit_status::failed : exit_status::success;
}

int run_server(const std::string& who) {
  bench::server_kind kind{};
  if (bench::from_string(who, kind) && kind == bench::server_kind::wspool)
    bench::run_hub_server();
  else if (kind == bench::server_kind::beast && who == to_string(kind))
    bench::run_beast_server();
  throw usage_error("\"" + who + "\": expected beast or wspool");
}

} // namespace

command add_bench_fan_out(CLI::App& parent) {
  auto app = parent.add_subcommand("fan-out", "Measure servers beside Beast's own loop and "
                                              "Node's ws");
  auto flags = std::make_shared<fan_out_flags>();
  app->footer(fan_out_examples);
  app
    ->add_option("--case", flags->pattern,
                 "Only cases whose name has this regular expression "
                 "in it")
    ->type_name("REGEX");
  app->add_option("--subscribers", flags->subscribers, "Clients that get each message")
    ->type_name("N")
    ->check(CLI::Range(1, 20'000))
    ->capture_default_str();
  app->add_option("--idle", flags->idle, "Idle connections")
    ->type_name("N")
    ->check(CLI::Range(100, 20'000))
    ->capture_default_str();
  app->add_option("--rounds", flags->rounds, "Rounds of each server; medians are shown")
    ->type_name("N")
    ->check(CLI::Range(1, 1'000))
    ->capture_default_str();
  app->add_option("--seconds", flags->seconds, "How long a round is measured")
    ->type_name("S")
    ->check(CLI::Range(0.05, 60.0))
    ->capture_default_str();
  app->add_flag("--quick", flags->quick, "One short round of few clients: to see that it works");
  app->add_flag("--json", flags->json, "One JSON object instead of tables");
  app->add_flag("--no-node", flags->no_node, "Leave out what runs on Node");
  return {app, [flags] { return run_fan_out(*flags); }};
}

command add_bench_server(CLI::App& root) {
  auto app = root.add_subcommand(bench::server_command, "")->group(""); // not in the help
  auto who = std::make_shared<std::string>();
  app->add_option("who", *who)->required();
  return {app, [who] { return run_server(*who); }};
}

} // namespace wspool::cli
