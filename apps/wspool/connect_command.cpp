// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "endpoint/metrics_endpoint.hpp"
#include "process/app_system.hpp"
#include "process/log.hpp"
#include "stream/key_field.hpp"
#include "stream/remote_pool.hpp"
#include "stream/stream_session.hpp"
#include "subcommands.hpp"

#include <CLI/CLI.hpp>
#include <spdlog/spdlog.h>

#include <unistd.h>

namespace wspool::cli {

namespace {

constexpr auto connect_examples =
  R"(Each line of stdin becomes a text message, each message received a line on stdout. The last line
on stderr is a JSON object that tells what became of all messages. Ctrl-C ends it in order; a
second one ends it at once.

Examples:
  printf 'a\nb\n' | wspool connect ws://127.0.0.1:9001 -n 2
  tail -f log | wspool connect wss://a.example/in wss://b.example/in --schedule least-pending
  wspool connect ws://a:1 ws://b:2 --schedule failover         # b only while a is down
  wspool connect wss://feed.example --linger unlimited </dev/null | consumer
  producer | wspool connect wss://in.example --delivery at-least-once --drain-timeout 1m
  producer | wspool connect ws://in.example --schedule hash --key-field user
  wspool connect ws://127.0.0.1:9001 -n 1 --binary=file <picture >echoed
  wspool connect --echo -n 1 'ws://127.0.0.1:9001/runCase?case=1&agent=wspool'
  wspool connect --via 127.0.0.1:9002 <lines                   # a pool of `wspool node`

Exit status: 0 all sent; 1 some failed, or never connected, or every connection was given up;
2 the command line or the configuration is wrong.)";

void check(const command_options& options, const CLI::App& app) {
  const auto& stream = options.stream;
  if (!stream.via.empty() && !options.pool.urls().empty())
    throw usage_error("--via: \"" + stream.via
                      + "\": expected no URL with it: the node has its own");
  // What bounds this process' own part (queue, message size, deadlines) goes with it.
  const auto futile = options.table.given(
    app, {"pool", "compress", "heartbeat", "reconnect", "ejection", "rotation", "monitor"});
  if (!stream.via.empty() && !futile.empty())
    throw usage_error(futile.front() + ": expected not to be with --via: the node has its own");
  if (stream.echo && (stream.broadcast || !stream.key_field.empty()))
    throw usage_error("--echo: expected neither --broadcast nor --key-field with it");
}

pool_options pool_of(const command_options& options) {
  auto result = options.pool.finish();
  result.logger = make_pool_logger(options.log);
  // With --echo a connection lives until its peer closes it: coming back would begin anew.
  if (options.stream.echo && !result.reconnect.attempts)
    result.reconnect.attempts = 0;
  return result;
}

/// With `block`, no more is out than the queue can hold. The other policies must see what is too
/// much: only what the pool has not even looked at is held back.
stream_window window_of(const command_options& options) {
  const auto& queue = options.pool.options.queue;
  if (queue.overflow == overflow::block)
    return {std::max<std::size_t>(queue.max_messages, 1), queue.max_bytes};
  const auto& window = options.pool.options.window;
  auto connections = std::max<std::size_t>(options.pool.connections(), 1);
  return {queue.max_messages + 2 * connections * window.max_messages,
          queue.max_bytes + 2 * connections * window.max_bytes};
}

int stream(const command_options& options, signal_inbox& signals,
           const std::shared_ptr<stream_state>& state) {
  const auto& pool_limits = options.pool.options.connect;
  auto is_remote = !options.stream.via.empty();
  auto node = is_remote ? parse_address(options.stream.via, "--via") : address{};
  auto logger = make_logger(options.log);
  message_source input{STDIN_FILENO,
                       {options.stream.format, pool_limits.limits.max_message_bytes,
                        make_key_function(options.stream.key_field)}};
  pool_options own;
  if (!is_remote)
    own = pool_of(options);
  auto endpoints = std::exchange(own.endpoints, {});
  app_system apps{options.io_threads,
                  is_remote ? std::optional{options.node.heartbeat} : std::nullopt};
  metrics_endpoint metrics{apps, options.metrics, *logger};
  auto pool = is_remote ? connect_to_node(apps, node, signals, pool_limits.deadlines)
                        : spawn_pool(apps.actors, apps.io, std::move(own));
  metrics.serve(pool, state);
  stream_session session{apps.actors,
                         signals,
                         input,
                         {pool, !is_remote, options.stream, options.log.events, window_of(options),
                          pool_limits.deadlines.close, state, logger}};
  if (!is_remote)
    connect(pool, endpoints);
  auto status = session.run();
  if (is_remote && state->is_pool_lost())
    logger->error("{}: the node is gone", node.text());
  return status;
}

/// The account comes last, when all that could still speak has ended.
int run_connect(const command_options& options) {
  signal_inbox signals;
  auto state = std::make_shared<stream_state>();
  auto status = exit_status::failed;
  try {
    status = stream(options, signals, state);
  } catch (const usage_error&) {
    throw; // nothing was begun: no account
  } catch (const std::exception& e) {
    make_logger(options.log)->error(e.what());
  }
  print_error_line(to_json(state->account()));
  return status;
}

} // namespace

command add_connect(CLI::App& root, command_options& options) {
  auto app = root.add_subcommand("connect", "Send lines of stdin through a pool of connections, "
                                            "print what comes back");
  app->footer(connect_examples);
  pool_flags::attach(options.table, *app);
  options.table.attach(*app, {"stream", "metrics", "threads", "log"});
  options.table.attach_file(*app);
  return {app, [&options, app] {
            options.table.resolve(*app);
            check(options, *app);
            return run_connect(options);
          }};
}

} // namespace wspool::cli
