// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "endpoint/metrics_endpoint.hpp"
#include "events/observer.hpp"
#include "process/app_system.hpp"
#include "process/ask.hpp"
#include "process/log.hpp"
#include "process/signals.hpp"
#include "stream/remote_pool.hpp"
#include "subcommands.hpp"

#include <CLI/CLI.hpp>
#include <spdlog/spdlog.h>

#include <boost/json.hpp>

#include <cstdio>
#include <stdexcept>

namespace wspool::cli {

namespace {

constexpr auto node_examples =
  R"(Prints the address it listens on. SIGTERM and Ctrl-C drain it: nothing new is taken, what is queued
is sent (for as long as `drain` in section [rotation] says), and the account is printed on stderr; a
second one ends it at once. There is no authentication between nodes: listen where only friends can
reach it.

Examples:
  wspool node wss://a.example/in wss://b.example/in            # 127.0.0.1:9002
  wspool node -l 127.0.0.1:0 -n 20 --delivery at-least-once wss://a.example/in
  wspool connect --via 127.0.0.1:9002 <lines
  wspool node --metrics 127.0.0.1:9100 wss://a.example/in      # /metrics, /healthz, /readyz)";

std::string account_of(const close_report& x) {
  boost::json::object result;
  result["accepted"] = x.accepted;
  result["sent"] = x.sent;
  result["failed"] = x.failed;
  result["pending"] = x.accepted - x.sent - x.failed;
  result["received"] = x.received;
  result["resent"] = x.resent;
  return boost::json::serialize(result);
}

/// Sends what is queued and closes. @returns the pool's own account.
close_report close(app_system& apps, const pool_actor& pool, std::chrono::milliseconds drain) {
  try {
    return ask<close_report>(apps, pool, close_atom_v, caf::timespan{drain});
  } catch (const std::runtime_error&) {
    return {}; // the pool is gone, and nobody has an account
  }
}

int serve(const command_options& options, signal_inbox& signals, close_report& account) {
  auto own = options.pool.finish();
  own.logger = make_pool_logger(options.log);
  auto logger = make_logger(options.log);
  auto state = std::make_shared<stream_state>();
  auto bound = parse_address(options.node.listen, "--listen");
  auto drain = own.rotation.drain;
  auto endpoints = std::exchange(own.endpoints, {});
  app_system apps{options.io_threads, options.node.heartbeat};
  metrics_endpoint metrics{apps, options.metrics, *logger};
  auto pool = spawn_pool(apps.actors, apps.io, std::move(own));
  auto observer = spawn_observer(apps.actors, pool, options.log.events, state, logger);
  metrics.serve(pool, state);
  connect(pool, endpoints);
  bound.port = publish(apps, pool, bound);
  std::printf("%s\n", bound.text().c_str());
  std::fflush(stdout);
  signals.wait();
  logger->warn("draining; once more ends at once");
  state->set_draining();
  unpublish(apps, pool, bound.port);
  account = close(apps, pool, drain);
  compat::anon_tell(observer, finish_atom_v);
  return account.failed == 0 ? exit_status::success : exit_status::failed;
}

int run_node(const command_options& options) {
  signal_inbox signals;
  close_report account;
  auto status = serve(options, signals, account);
  print_error_line(account_of(account));
  return status;
}

} // namespace

command add_node(CLI::App& root, command_options& options) {
  auto app = root.add_subcommand("node", "Keep a pool that other processes use, see connect --via");
  app->footer(node_examples);
  pool_flags::attach(options.table, *app);
  options.table.attach(*app, {"node", "metrics", "threads", "log"});
  options.table.attach_file(*app);
  return {app, [&options, app] {
            options.table.resolve(*app);
            return run_node(options);
          }};
}

} // namespace wspool::cli
