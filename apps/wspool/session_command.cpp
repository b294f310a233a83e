// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "process/app_system.hpp"
#include "process/log.hpp"
#include "process/text.hpp"
#include "session/session_lines.hpp"
#include "session/session_run.hpp"
#include "subcommands.hpp"

#include <CLI/CLI.hpp>
#include <spdlog/spdlog.h>

#include <boost/json.hpp>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <unistd.h>

namespace wspool::cli {

namespace {

constexpr auto session_examples =
  R"(Speaks wspool.v1.json: `subscribe` prints each message of the channels as a line, `publish` reads
lines, `query` asks one question and prints the answer, if it has data. A connection that is lost is
opened again, what was missed is recovered, what has no answer is sent again and published once. The
last line on stderr is a JSON object that counts. Ctrl-C ends it in order, a second one at once.

Examples:
  wspool session ws://127.0.0.1:9000 subscribe news chat
  tail -f log | wspool session wss://a.example/ publish log --token-file token
  echo '{"title":"It works"}' | wspool session ws://127.0.0.1:9000 publish news --format json
  wspool session ws://127.0.0.1:9000 subscribe news --json --recover f3a9:41
  wspool session ws://127.0.0.1:9000 subscribe lobby --presence --events
  wspool session ws://127.0.0.1:9000 query price --data '{"of":"tea"}'

Exit status: 0 all went well; 1 something was refused or got no answer, or the session ended by
itself; 2 the command line or the configuration is wrong; 130 Ctrl-C (143 SIGTERM) while there was
no connection, or a query had no answer.)";

/// What stands on the command line besides flags.
struct operands {
  std::string url;
  std::string action;
  std::vector<std::string> names;
};

void check(const session_flags& flags, const operands& given) {
  if (given.action != "subscribe" && given.action != "publish" && given.action != "query")
    throw usage_error("\"" + printable(given.action)
                      + "\": expected subscribe, publish or query behind the URL");
  const auto what = given.action == "query" ? "a name" : "a channel";
  if (given.names.empty())
    throw usage_error(given.action + ": expected " + what + " behind it");
  if (given.action == "publish" && given.names.size() > 1)
    throw usage_error("\"" + printable(given.names[1])
                      + "\": expected one name for publish; messages are lines of stdin");
  if (given.action == "query" && given.names.size() > 1)
    throw usage_error("\"" + printable(given.names[1])
                      + "\": expected one name for query; --data says what to ask with");
  if (!flags.recover.empty() && (given.action != "subscribe" || given.names.size() > 1))
    throw usage_error("--recover: expected to be with subscribe and one channel");
  if (flags.presence && given.action != "subscribe")
    throw usage_error("--presence: expected to be with subscribe");
  if (!flags.data.empty() && given.action != "query")
    throw usage_error("--data: expected to be with query");
}

/// Not from the command line, where everybody can read it.
std::string token_of(const session_flags& flags) {
  if (flags.token_file.empty()) {
    const auto* const variable = std::getenv("WSPOOL_TOKEN");
    return variable != nullptr ? variable : "";
  }
  std::ifstream in{flags.token_file};
  std::string result{std::istreambuf_iterator<char>{in}, {}};
  result.erase(result.find_last_not_of(" \t\r\n") + 1);
  if (!in || result.empty())
    throw usage_error("--token-file: \"" + flags.token_file + "\": expected a file with a token");
  return result;
}

session_options options_of(const session_flags& flags) {
  session_options result;
  result.session = flags.session;
  result.token = token_of(flags);
  result.timeout = flags.timeout;
  return result;
}

std::string account_of(const std::string& action, const session_progress& x) {
  boost::json::object result;
  if (action == "subscribe") {
    result["received"] = x.received.load();
    result["gaps"] = x.gaps.load();
  } else {
    const std::uint64_t failed = x.failed + x.outstanding(); // what was given up has, too
    result[action == "publish" ? "published" : "answered"] = x.asked - failed;
    result["failed"] = failed;
  }
  if (action == "publish")
    result["duplicates"] = x.duplicates.load();
  return boost::json::serialize(result);
}

/// All of stdin, without the end of its last line.
content read_question(const signal_inbox& signals, std::size_t max_bytes) {
  signal_inbox::deadly while_reading{signals};
  message_source input{STDIN_FILENO, {framing::whole, max_bytes, {}}};
  while (!input.at_end())
    if (auto bad = input.read())
      throw std::runtime_error("stdin cannot be read: " + bad.message());
  message_batch batch;
  input.take(batch, 1, max_bytes);
  std::string text{batch.empty() ? std::string_view{} : batch.data(0)};
  text.erase(text.find_last_not_of(" \t\r\n") + 1);
  return {std::move(text)};
}

int act(session_run& session, const operands& given, const command_options& options,
        const content& question) {
  const auto& flags = options.session;
  if (given.action == "query")
    return session.query(given.names.front(), question);
  if (given.action == "publish") {
    const auto limit = options.pool.options.connect.limits.max_message_bytes;
    message_source input{STDIN_FILENO, {framing::text_lines, limit, {}}};
    return session.publish(given.names.front(), input);
  }
  std::vector<subscribe_order> orders;
  for (const auto& name : given.names)
    orders.push_back(
      {name, flags.presence, flags.recover.empty() ? channel_place{} : parse_place(flags.recover)});
  return session.subscribe(orders);
}

int run_session(const command_options& options, const operands& given) {
  check(options.session, given);
  if (!options.session.recover.empty())
    (void)parse_place(options.session.recover);
  auto pool = options.pool.finish_for(given.url);
  pool.logger = make_pool_logger(options.log);
  auto with = options_of(options.session);
  signal_inbox signals;
  content question{options.session.data};
  if (given.action == "query" && question.data.empty())
    question = read_question(signals, pool.connect.limits.max_message_bytes);
  session_desk desk{options.session, options.log.events, given.names.size() > 1,
                    std::make_shared<session_progress>(), make_logger(options.log)};
  auto status = exit_status::failed;
  try {
    app_system apps;
    with.observer = spawn_session_observer(apps.actors, desk);
    const auto observer = with.observer;
    try {
      session_run session{
        apps, signals, spawn_session(apps.actors, apps.io, std::move(pool), std::move(with)), desk};
      status = act(session, given, options, question);
    } catch (...) {
      caf::anon_send_exit(observer, caf::exit_reason::kill);
      throw;
    }
    caf::anon_send_exit(observer, caf::exit_reason::user_shutdown);
  } catch (const invalid_options& e) {
    throw usage_error(e.what());
  }
  print_error_line(account_of(given.action, *desk.progress));
  return status;
}

} // namespace

command add_session(CLI::App& root, command_options& options) {
  auto app = root.add_subcommand("session", "Subscribe, publish and ask by wspool.v1.json");
  app->footer(session_examples);
  auto given = std::make_shared<operands>();
  app->add_option("URL", given->url, "ws:// or wss:// URL of the server")
    ->required()
    ->type_name("");
  app->add_option("ACTION", given->action, "subscribe, publish or query")
    ->required()
    ->type_name("");
  app->add_option("NAME", given->names, "The channels, the channel, or the query's name")
    ->expected(-1)
    ->type_name("");
  options.table.attach(*app, {"session", "connect", "compress", "heartbeat", "reconnect", "log"});
  options.table.attach_file(*app);
  return {app, [&options, app, given] {
            options.table.resolve(*app);
            return run_session(options, *given);
          }};
}

} // namespace wspool::cli
