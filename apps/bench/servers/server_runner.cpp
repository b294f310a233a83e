// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "bench/servers/server_runner.hpp"

#include "bench/machine.hpp"
#include "bench/servers/crowd.hpp"
#include "bench/statistics.hpp"
#include "bench/worker_process.hpp"

#include <exception>
#include <functional>
#include <stdexcept>

#ifndef WSPOOL_BENCH_NODE_SERVER
#define WSPOOL_BENCH_NODE_SERVER "server.js"
#endif

namespace wspool::bench {

namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;

/// Of a round, besides its span.
constexpr std::chrono::milliseconds patience = 60s;

/// A server in its process, and where it listens.
class served {
public:
  explicit served(server_kind who) : process_(program_of(who), arguments_of(who), peer_core) {
    const auto line = process_.read_line(patience);
    if (!line || line->find_first_of("0123456789") == line->npos)
      throw std::runtime_error("no server: " + process_.complaints());
    port_ = static_cast<std::uint16_t>(std::stoul(line->substr(line->rfind(':') + 1)));
  }

  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
  [[nodiscard]] std::size_t resident() const { return resident_bytes(process_.pid()); }

private:
  static std::string program_of(server_kind who) {
    return who == server_kind::node_ws ? "node" : "";
  }
  static std::vector<std::string> arguments_of(server_kind who) {
    switch (who) {
      case server_kind::node_ws:
        return {WSPOOL_BENCH_NODE_SERVER};
      case server_kind::protocol:
        return {"serve", "--listen", "127.0.0.1:0", "--no-presence", "--compress"};
      case server_kind::beast:
      case server_kind::wspool:
        break;
    }
    return {server_command, std::string{to_string(who)}};
  }

  worker_process process_;
  std::uint16_t port_ = 0;
};

crowd_speech speech_of(server_kind who, bool deflate) {
  crowd_speech result;
  result.deflate = deflate;
  if (who != server_kind::protocol)
    return result;
  result.subprotocol = "wspool.v1.json";
  result.hello = {R"({"type":"connect","id":1})", R"({"type":"subscribe","id":2,"channel":"c"})"};
  result.answers = 2;
  result.before = R"({"type":"publish","channel":"c","data":")";
  result.after = R"("})";
  return result;
}

double seconds_since(steady_clock::time_point begin) {
  return std::chrono::duration<double>(steady_clock::now() - begin).count();
}

server_sample fan_out(const served& server, server_kind who, const server_case& x,
                      const server_run_options& options) {
  crowd all{server.port(), speech_of(who, x.deflate)};
  all.open(x.clients, patience);
  const auto warm = steady_clock::now() + options.warm_up;
  while (steady_clock::now() < warm)
    all.publish(x.burst, x.size_bytes, nullptr, patience);
  std::vector<float> delays;
  const auto begin = steady_clock::now();
  while (steady_clock::now() - begin < options.span)
    all.publish(x.burst, x.size_bytes, &delays, patience);
  server_sample result;
  result.per_second = static_cast<double>(delays.size()) / seconds_since(begin);
  const std::vector<double> sorted{delays.begin(), delays.end()};
  result.p50_us = percentile(sorted, 0.5) / 1e3;
  result.p99_us = percentile(sorted, 0.99) / 1e3;
  return result;
}

server_sample accept(const served& server, const server_case& x) {
  crowd all{server.port(), {}};
  all.open(x.clients / 10, patience); // what happens once has happened
  const auto begin = steady_clock::now();
  all.open(x.clients, patience);
  server_sample result;
  result.per_second = static_cast<double>(x.clients) / seconds_since(begin);
  return result;
}

server_sample idle(const served& server, const server_case& x) {
  crowd all{server.port(), {}};
  all.open(x.clients / 10, patience);
  const auto before = server.resident();
  all.open(x.clients, patience);
  server_sample result;
  result.bytes_each = (static_cast<double>(server.resident()) - static_cast<double>(before))
                      / static_cast<double>(x.clients);
  return result;
}

server_sample run_round(server_kind who, const server_case& x, const server_run_options& options) {
  try {
    const served server{who};
    switch (x.what) {
      case server_case::activity::fan_out:
        return fan_out(server, who, x, options);
      case server_case::activity::accept:
        return accept(server, x);
      case server_case::activity::idle:
        return idle(server, x);
    }
  } catch (const std::exception& e) {
    server_sample failed;
    failed.error = e.what();
    return failed;
  }
  return {};
}

server_sample medians(const std::vector<server_sample>& rounds) {
  server_sample result;
  auto middle = [&](double server_sample::*figure) {
    std::vector<double> values;
    for (const auto& one : rounds)
      if (one.error.empty())
        values.push_back(one.*figure);
      else
        result.error = one.error;
    result.*figure = median(std::move(values));
  };
  for (auto figure : {&server_sample::per_second, &server_sample::p50_us, &server_sample::p99_us,
                      &server_sample::bytes_each})
    middle(figure);
  return result;
}

} // namespace

const server_measurement* server_result::find(server_kind who) const noexcept {
  for (const auto& one : servers)
    if (one.who == who && one.middle.error.empty())
      return &one;
  return nullptr;
}

server_result run_server_case(const server_case& x, const server_run_options& options) {
  server_result result;
  result.what = x;
  for (auto who : servers_of(x))
    if (options.node || who != server_kind::node_ws)
      result.servers.push_back({who, {}, {}});
  const bool is_short = x.what == server_case::activity::accept;
  const auto rounds = options.rounds * (is_short ? options.short_rounds : 1);
  for (std::size_t round = 0; round < rounds; ++round)
    for (auto& one : result.servers)
      one.rounds.push_back(run_round(one.who, x, options));
  for (auto& one : result.servers)
    one.middle = medians(one.rounds);
  return result;
}

} // namespace wspool::bench
