// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "process/app_system.hpp"
#include "process/ask.hpp"
#include "process/log.hpp"
#include "process/signals.hpp"
#include "serve/backplane_health.hpp"
#include "serve/server_observer.hpp"
#include "serve/try_out.hpp"
#include "subcommands.hpp"

#include <CLI/CLI.hpp>
#include <spdlog/spdlog.h>

#include <boost/json.hpp>

#include <csignal>
#include <cstdio>
#include <stdexcept>

namespace wspool::cli {

namespace {

constexpr auto serve_examples =
  R"(Prints the URL of each address it listens on. SIGTERM and Ctrl-C drain it: nobody new is let in,
clients are told to come back and closed one by one, and the account is printed on stderr; a second
one ends it at once. SIGHUP reads the certificates again. Without an application behind it the
server knows the queries `echo` and `time` and the command `ignore`, to try them on.

Examples:
  wspool serve                                             # ws://127.0.0.1:9000
  wspool serve -l 127.0.0.1:0 --history 1000               # any free port; channels remember
  wspool serve --dialect thinws --namespace-from path:/ws/
  wspool serve -l wss://[::]:9443 --tls-cert server.pem --drain-rate 50
  wspool session ws://127.0.0.1:9000 subscribe news)";

namespace json = boost::json;

std::string account_of(const server_stats& x, const broker_stats& y, const drain_report& end) {
  json::object result;
  result["arrived"] = x.arrived;
  result["received"] = x.total_traffic.messages_in;
  result["sent"] = x.total_traffic.messages_out;
  result["dropped"] = x.dropped_messages;
  result["published"] = y.published;
  result["rejected"] = y.rejected;
  result["drain"] = {{"closed", end.closed},
                     {"cut_off", end.cut_off},
                     {"left", end.left},
                     {"ms", end.duration.count()}};
  return json::serialize(result);
}

void reload(app_system& apps, const server_actor& server, spdlog::logger& logger) {
  try {
    (void)ask<caf::unit_t>(apps, server, reload_atom_v);
    logger.warn("the certificates were read again");
  } catch (const std::exception& e) {
    logger.error("the certificates stay as they were: {}", e.what());
  }
}

int run_serve(const command_options& options) {
  signal_inbox signals{true};
  app_system apps{options.io_threads}; // outlives all handles, also those of a start that fails
  auto server_wanted = options.serve.server();
  auto broker_wanted = options.serve.broker();
  std::vector<bool> is_secure;
  for (const auto& one : server_wanted.listen)
    is_secure.push_back(!one.tls.certificate_file.empty());
  server_wanted.logger = broker_wanted.logger = make_pool_logger(options.log);
  auto logger = make_logger(options.log);
  const auto application = spawn_try_out(apps.actors);
  broker_wanted.application = application;
  broker_wanted.authenticator = options.serve.spawn_authenticator(apps.actors);
  broker_wanted.require_token = options.serve.late_tokens();
  auto health = std::make_shared<backplane_health>();
  if (options.serve.with_redis())
    server_wanted.http.ready = [health] { return health->state(); };
  auto backplane = options.serve.spawn_backplane(
    apps.actors, apps.io, logger, [health](const failure& why) { health->on_link(why); });
  auto at_the_door = broker_wanted.authenticator;
  if (options.serve.late_tokens())
    at_the_door = spawn_lenient_authenticator(apps.actors, std::move(at_the_door));
  auto server = spawn_server(apps.actors, apps.io, std::move(server_wanted), at_the_door);
  auto broker = spawn_broker(apps.actors, apps.io, server, backplane, std::move(broker_wanted));
  caf::actor observer;
  if (options.log.events)
    observer = spawn_server_observer(apps.actors, server);
  const auto bound = ask<listen_report>(apps, server, address_atom_v).addresses;
  for (std::size_t i = 0; i < bound.size(); ++i) // in the order of the options
    std::printf("%s%s\n", is_secure.at(i) ? "wss://" : "ws://", bound[i].c_str());
  std::fflush(stdout);
  while (signals.wait() == SIGHUP)
    reload(apps, server, *logger);
  logger->warn("draining; once more ends at once");
  const auto end = ask<drain_report>(apps, broker, drain_atom_v, options.serve.drain);
  print_error_line(account_of(ask<server_stats>(apps, server, stats_atom_v),
                              ask<broker_stats>(apps, broker, stats_atom_v), end));
  (void)ask<caf::unit_t>(apps, broker, destroy_atom_v); // before what it leans on
  for (const auto& one :
       {observer, caf::actor_cast<caf::actor>(application), caf::actor_cast<caf::actor>(backplane)})
    caf::anon_send_exit(one, caf::exit_reason::user_shutdown);
  compat::anon_tell(server, destroy_atom_v);
  return end.cut_off == 0 ? exit_status::success : exit_status::failed;
}

/// What cannot be listened on is a mistake in the options, but for an address that is taken.
int checked(const command_options& options) {
  try {
    return run_serve(options);
  } catch (const invalid_options& e) {
    if (e.code() == errc::address_in_use || e.code() == errc::io_error)
      throw std::runtime_error(e.what());
    throw usage_error(e.what());
  }
}

} // namespace

command add_serve(CLI::App& root, command_options& options) {
  auto app = root.add_subcommand("serve", "Serve clients: channels, presence, recovery, queries");
  app->footer(serve_examples);
  serve_flags::attach(options.table, *app);
  options.table.attach(*app, {"threads", "log"});
  options.table.attach_file(*app);
  return {app, [&options, app] {
            options.table.resolve(*app);
            return checked(options);
          }};
}

} // namespace wspool::cli
