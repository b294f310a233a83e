// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "echo/echo_command.hpp"

#include "process/log.hpp"
#include "process/signals.hpp"
#include "settings/address.hpp"
#include "settings/field_names.hpp"
#include "settings/settings.hpp"

#include <wspool/echo_server.hpp>

#include <boost/json.hpp>
#include <CLI/CLI.hpp>

#include <cstdio>
#include <memory>
#include <poll.h>
#include <string>
#include <utility>

namespace wspool::cli {

namespace {

constexpr auto echo_examples =
  R"(Prints the address it listens on; when it ends, a JSON line on stderr with its counts.

Examples:
  wspool echo                                     # ws://127.0.0.1:9001
  wspool echo --listen 127.0.0.1:0                # any free port, see stdout
  wspool echo -l [::]:9443 --cert server.pem      # wss://
  wspool echo --discard                           # where only sending is of interest)";

echo_options options_of(const echo_flags& flags) {
  echo_options result;
  result.listen = parse_address(flags.listen, "--listen").text();
  result.discard = flags.discard;
  result.deflate.enabled = flags.compress;
  result.tls.certificate_file = flags.certificate;
  result.tls.key_file = flags.key;
  result.limits.max_message_bytes = flags.max_message_bytes;
  if (flags.certificate.empty() && !flags.key.empty())
    throw usage_error("--key: \"" + flags.key + "\": expected --cert with it");
  return result;
}

constexpr field_name echo_fields[]{{"tls.certificate_file", "--cert"}, {"tls.key_file", "--key"}};

/// Cuts connections at an interval, if asked to, for a while or until a signal comes.
void serve(echo_server& server, signal_inbox& signals, const echo_flags& flags) {
  using std::chrono::steady_clock;
  const auto begin = steady_clock::now();
  auto goes_on = [&] {
    return flags.kill_every.count() > 0
           && (flags.kill_for.count() == 0 || steady_clock::now() - begin < flags.kill_for);
  };
  while (goes_on()) {
    pollfd waiting{signals.fd(), POLLIN, 0};
    if (::poll(&waiting, 1, static_cast<int>(flags.kill_every.count())) == 0)
      server.kill_some(1);
    else if (signals.take())
      return;
  }
  signals.wait();
}

std::string account_of(const echo_counters& counters) {
  boost::json::object result;
  result["connections"] = counters.connections;
  result["refused"] = counters.refused;
  result["messages"] = counters.messages;
  result["bytes"] = counters.bytes;
  return boost::json::serialize(result);
}

int run_echo(const echo_flags& flags, std::size_t io_threads) {
  auto options = options_of(flags);
  signal_inbox signals;
  io_pool io{io_threads};
  std::unique_ptr<echo_server> server;
  if (auto bad = echo_server::start(io, options, server)) {
    if (bad.code == errc::invalid_option || bad.code == errc::tls_configuration)
      reject(bad, echo_fields);
    throw std::runtime_error(bad.message());
  }
  auto bound = parse_address(options.listen, "--listen");
  bound.port = server->port();
  std::printf("%s%s\n", options.tls.certificate_file.empty() ? "ws://" : "wss://",
              bound.text().c_str());
  std::fflush(stdout);
  serve(*server, signals, flags);
  server->stop();
  print_error_line(account_of(server->counters()));
  return exit_status::success;
}

} // namespace

command add_echo(CLI::App& root, settings& table, const echo_flags& flags,
                 const std::size_t& io_threads) {
  auto app = root.add_subcommand("echo", "Serve WebSocket connections: send every message back");
  app->footer(echo_examples);
  table.attach(*app, {"echo", "threads"});
  table.attach_file(*app);
  return {app, [&table, &flags, &io_threads, app] {
            table.resolve(*app);
            return run_echo(flags, io_threads);
          }};
}

} // namespace wspool::cli
