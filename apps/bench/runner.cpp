// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "runner.hpp"

#include "client.hpp"
#include "machine.hpp"

#include <algorithm>
#include <cstdio>
#include <exception>
#include <stdexcept>
#include <utility>

#ifndef WSPOOL_BENCH_NODE_SCRIPT
#define WSPOOL_BENCH_NODE_SCRIPT "client.js"
#endif

namespace wspool::bench {

namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

/// What a process may take beyond its job: to start, to connect, and to end.
constexpr milliseconds slack = start_limit + 10s;

constexpr auto node_program = "node";

} // namespace

const measurement* case_result::find(competitor who) const noexcept {
  for (auto& x : clients)
    if (x.who == who && x.good())
      return &x;
  return nullptr;
}

runner::runner(const run_options& options)
  : options_(options), peer_("", {peer_command}, peer_core) {
  auto line = peer_.read_line(slack);
  unsigned plain = 0;
  unsigned secure = 0;
  if (!line || std::sscanf(line->c_str(), "%u %u", &plain, &secure) != 2)
    throw std::runtime_error("the peer did not start: " + peer_.complaints());
  plain_port_ = static_cast<std::uint16_t>(plain);
  secure_port_ = static_cast<std::uint16_t>(secure);
}

case_result runner::run(const bench_case& x) {
  case_result result;
  result.what = x;
  for (auto who : competitors_of(x))
    if (options_.node || !is_node(who))
      result.clients.push_back({who, {}, {}});
  for (std::size_t round = 0; round < options_.rounds; ++round)
    for (auto& client : result.clients) {
      // What is missing will be missing in the next round, too.
      if (is_node(client.who) && round > 0 && !client.rounds.front().error.empty())
        continue;
      client.rounds.push_back(run_round(client.who, x));
      if (peer_.has_ended())
        throw std::runtime_error("the peer ended during " + x.name());
    }
  for (auto& client : result.clients)
    client.middle = medians(client.rounds);
  return result;
}

sample runner::run_round(competitor who, const bench_case& x) {
  sample failed;
  try {
    auto process = start(who, x);
    if (auto line = process->read_line(options_.warm_up + options_.span + slack))
      return parse_sample(*line);
    failed.error = process->complaints();
    failed.error.erase(std::min(failed.error.find('\n'), failed.error.size()));
    if (failed.error.empty())
      failed.error = is_node(who) ? "no Node here" : "ended without a result";
  } catch (const std::exception& e) {
    failed.error = e.what();
  }
  return failed;
}

std::unique_ptr<worker_process> runner::start(competitor who, const bench_case& x) const {
  client_job job{x, x.tls ? secure_port_ : plain_port_, options_.warm_up, options_.span};
  std::string name{to_string(who)};
  auto warm_up = std::to_string(job.warm_up.count());
  auto span = std::to_string(job.span.count());
  std::vector<std::string> arguments{client_command,           name,    x.name(),
                                     std::to_string(job.port), warm_up, span};
  if (is_node(who))
    arguments = {
      WSPOOL_BENCH_NODE_SCRIPT,     name,    x.family, url_of(job), std::to_string(x.connections),
      std::to_string(x.size_bytes), warm_up, span};
  return std::make_unique<worker_process>(is_node(who) ? node_program : "", std::move(arguments),
                                          client_core);
}

std::string node_version() {
  try {
    worker_process process{node_program, {"--version"}, client_core};
    return process.read_line(slack).value_or("");
  } catch (const std::exception&) {
    return {};
  }
}

} // namespace wspool::bench
