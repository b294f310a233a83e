// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "subcommands.hpp"

#include "bench/client.hpp"
#include "bench/goals.hpp"
#include "bench/machine.hpp"
#include "bench/peer_server.hpp"
#include "bench/report.hpp"
#include "bench/runner.hpp"

#include <wspool/units.hpp>

#include <CLI/CLI.hpp>

#include <cerrno>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <exception>
#include <fstream>
#include <memory>
#include <regex>
#include <stdexcept>
#include <string>
#include <vector>

namespace wspool::cli {

namespace {

using std::chrono::milliseconds;

constexpr auto bench_examples =
  R"(Each case runs beside a loop of Beast's own and, where Node is, npm's ws and websocket-pool. A round
of a client is a process of its own on one core; the server that all share runs on another.

Examples:
  wspool bench --list
  wspool bench --quick
  wspool bench --case '^send-batch/64B' --rounds 9
  wspool bench --size 64B,1KiB --connections 4 --no-node
  wspool bench fan-out
  wspool bench --goals --save goals.json && apps/bench/plot goals.json >goals.svg)";

constexpr milliseconds quick_span{200};
constexpr milliseconds quick_warm_up{100};

struct bench_flags {
  std::vector<std::string> cases;
  std::vector<std::string> sizes;
  std::vector<std::size_t> connections;
  std::size_t rounds = 5;
  double seconds = 1;
  bool quick = false;
  bool json = false;
  std::string save;
  bool list = false;
  bool no_node = false;
  bool goals = false;
};

std::vector<bench::bench_case> chosen_cases(const bench_flags& flags) {
  bench::case_selection selection;
  selection.patterns = flags.cases;
  selection.connections = flags.connections;
  for (auto& x : flags.sizes) {
    auto bytes = parse_bytes(x);
    if (!bytes)
      throw usage_error("--size: \"" + x + "\": expected a number of bytes such as 1KiB");
    selection.sizes.push_back(*bytes);
  }
  try {
    auto result =
      bench::select(flags.goals ? bench::cases_of_goals() : bench::all_cases(), selection);
    if (result.empty())
      throw usage_error("no case fits --case, --size and --connections: see --list");
    return result;
  } catch (const std::regex_error& e) {
    throw usage_error(std::string{"--case: expected a regular expression: "} + e.what());
  }
}

bench::run_options options_of(const bench_flags& flags) {
  bench::run_options result;
  result.rounds = flags.quick ? 1 : flags.rounds;
  result.node = !flags.no_node;
  if (flags.quick)
    result.warm_up = quick_warm_up;
  result.span = flags.quick ? quick_span : milliseconds{std::lround(flags.seconds * 1e3)};
  return result;
}

/// What has no result though nothing is missing that may be missing.
bool has_failed(const std::vector<bench::case_result>& results) {
  for (auto& x : results)
    for (auto& client : x.clients)
      if (!client.good() && !bench::is_node(client.who))
        return true;
  return false;
}

int run_bench(const bench_flags& flags) {
  auto cases = chosen_cases(flags);
  if (flags.list) {
    for (auto& x : cases)
      std::printf("%s\n", x.name().c_str());
    return exit_status::success;
  }
  std::ofstream saved; // before minutes are spent
  if (!flags.save.empty()) {
    saved.open(flags.save);
    if (!saved)
      throw usage_error("--save: cannot write " + flags.save + ": " + std::strerror(errno));
  }
  bench::report report;
  report.where = bench::this_machine();
  report.how = options_of(flags);
  report.with_goals = flags.goals;
  if (report.how.node)
    report.node = bench::node_version();
  bench::runner runner{report.how};
  for (auto& x : cases) {
    auto number = report.results.size() + 1;
    std::fprintf(stderr, "%zu/%zu %s\n", number, cases.size(), x.name().c_str());
    report.results.push_back(runner.run(x));
  }
  const auto json = bench::to_json(report) + "\n";
  std::fputs((flags.json ? json : bench::to_text(report)).c_str(), stdout);
  if (saved.is_open() && !(saved << json).flush())
    throw std::runtime_error("--save: cannot write " + flags.save);
  return has_failed(report.results) ? exit_status::failed : exit_status::success;
}

/// How a client process is called: see `bench::runner`.
struct client_flags {
  std::string who;
  std::string name;
  std::uint16_t port = 0;
  milliseconds::rep warm_up_ms = 0;
  milliseconds::rep span_ms = 0;
};

int run_client(const client_flags& flags) {
  bench::sample result;
  try {
    bench::competitor who{};
    if (!bench::from_string(flags.who, who) || bench::is_node(who))
      throw usage_error("\"" + flags.who + "\": expected beast or wspool");
    bench::client_job job{bench::find_case(flags.name), flags.port, milliseconds{flags.warm_up_ms},
                          milliseconds{flags.span_ms}};
    bench::raise_file_limit();
    result =
      who == bench::competitor::beast ? bench::run_beast_client(job) : bench::run_pool_client(job);
  } catch (const std::exception& e) {
    result.error = e.what();
  }
  std::printf("%s\n", bench::to_json(result).c_str());
  return result.error.empty() ? exit_status::success : exit_status::failed;
}

} // namespace

command add_bench(CLI::App& root) {
  auto app = root.add_subcommand("bench", "Measure pools beside Beast's own loop and Node's ws");
  auto flags = std::make_shared<bench_flags>();
  app->footer(bench_examples);
  app->add_option("--case", flags->cases, "Only cases whose name has this regular expression in it")
    ->type_name("REGEX")
    ->delimiter(',');
  app->add_option("--size", flags->sizes, "Only messages of these sizes")
    ->type_name("BYTES")
    ->delimiter(',');
  app->add_option("--connections", flags->connections, "Only these numbers of connections")
    ->type_name("N")
    ->delimiter(',');
  app->add_option("--rounds", flags->rounds, "Rounds of each client; medians are shown")
    ->type_name("N")
    ->check(CLI::Range(1, 1'000))
    ->capture_default_str();
  app->add_option("--seconds", flags->seconds, "How long a round is measured")
    ->type_name("S")
    ->check(CLI::Range(0.05, 60.0))
    ->capture_default_str();
  app->add_flag("--quick", flags->quick, "One short round: to see that it works");
  app->add_flag("--json", flags->json, "One JSON object instead of tables");
  app->add_option("--save", flags->save, "Write the JSON object to a file as well, for the plot")
    ->type_name("FILE");
  app->add_flag("--list", flags->list, "Print the names of the cases");
  app->add_flag("--no-node", flags->no_node, "Leave out what runs on Node");
  app->add_flag("--goals", flags->goals, "Run what the goals need, and say which are met");
  auto servers = add_bench_fan_out(*app);
  return {app,
          [flags, servers] { return servers.app->parsed() ? servers.run() : run_bench(*flags); }};
}

command add_bench_client(CLI::App& root) {
  auto app = root.add_subcommand(bench::client_command)->group(""); // not in the help
  auto flags = std::make_shared<client_flags>();
  app->add_option("who", flags->who)->required();
  app->add_option("case", flags->name)->required();
  app->add_option("port", flags->port)->required();
  app->add_option("warm_up_ms", flags->warm_up_ms)->required();
  app->add_option("span_ms", flags->span_ms)->required();
  return {app, [flags] { return run_client(*flags); }};
}

command add_bench_peer(CLI::App& root) {
  auto app = root.add_subcommand(bench::peer_command)->group("");
  return {app, [] {
            bench::run_peer();
            return exit_status::success;
          }};
}

} // namespace wspool::cli
