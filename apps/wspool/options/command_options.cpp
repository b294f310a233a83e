// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "options/command_options.hpp"

#include "settings/setting_targets.hpp"
#include "settings/thread_settings.hpp"
#include "stream/key_field.hpp"

#include <algorithm>

namespace wspool::cli {

namespace {

/// "-v", "-vv", "verbosity = 2": occurrences count.
target to_verbosity(std::size_t& variable) {
  auto assign = [&variable](const std::vector<std::string>& texts) -> std::string {
    std::size_t sum = 0;
    for (auto& text : texts) {
      auto value = text == "true" ? std::optional<std::uint64_t>{1} : parse_number(text);
      if (!value || *value > 2)
        return "0, 1 or 2";
      sum += static_cast<std::size_t>(*value);
    }
    variable = std::min<std::size_t>(sum, 2);
    return {};
  };
  return {arity::flag, std::to_string(variable), assign};
}

/// "--binary" alone means the framing that loses nothing.
target to_framing(framing& variable) {
  auto result = to_choice<framing>(variable, {{"off", framing::text_lines},
                                              {"lines", framing::binary_lines},
                                              {"length-prefixed", framing::length_prefixed},
                                              {"file", framing::whole}});
  result.how = arity::flag;
  result.assign = [&variable, by_name = result.assign](const std::vector<std::string>& texts) {
    if (texts.back() != "true")
      return by_name(texts);
    variable = framing::length_prefixed;
    return std::string{};
  };
  return result;
}

void describe_stream(settings& table, stream_options& x) {
  table.section("stream", "Stream");
  table.add("binary", "-b,--binary", "",
            "Binary messages, each behind its length (4 bytes, big-endian); --binary=file: all of "
            "stdin is one message; --binary=lines: a line is one",
            to_framing(x.format));
  table.add("key-field", "--key-field", "FIELD",
            "Ordering key: a field of each JSON line, by name or as a pointer such as /user/id",
            to_checked_text(x.key_field, expected_key_field), "\"user\"");
  table.add("broadcast", "--broadcast", "", "Send every message on every connection",
            to_switch(x.broadcast));
  table.add("wait-open", "--wait-open", "", "Read nothing before a connection is open",
            to_switch(x.wait_open));
  table.add("echo", "--echo", "",
            "Read nothing; send every message back on its connection until the peer closes",
            to_switch(x.echo));
  table.add("drain-timeout", "--drain-timeout", "DURATION",
            "After the end of stdin: wait so long until all is sent; what is left fails",
            to_duration(x.drain_timeout));
  table.add("linger", "--linger", "DURATION", "Then wait so long for replies, or unlimited",
            to_duration(x.linger));
  table.add("via", "--via", "HOST:PORT", "Use the pool that `wspool node` serves there, not an own",
            to_address(x.via), "\"127.0.0.1:9002\"");
}

void describe_node(settings& table, node_flags& x) {
  table.section("node", "Node");
  table.add("listen", "-l,--listen", "HOST:PORT",
            "Where other processes reach the pool; port 0: any free one", to_address(x.listen));
  table.add("heartbeat", "--node-heartbeat", "DURATION",
            "Between nodes; a node that is silent for three of them is dead",
            to_duration(x.heartbeat));
}

void describe_session(settings& table, session_flags& x) {
  table.section("session", "Session");
  table.add("session", "--session", "NAME",
            "What the server knows this client by, over connections (default: drawn at random)",
            to_text(x.session), "\"sensor-17\"");
  table.add("token-file", "--token-file", "FILE",
            "Authenticate by the token in this file (default: by the variable WSPOOL_TOKEN)",
            to_text(x.token_file), "\"token\"");
  table.add("timeout", "--timeout", "DURATION",
            "How long a request waits for its answer, reconnects included", to_duration(x.timeout));
  table.add(
    "format", "--format", "FORMAT", "What a line is: text (a string) or json (any JSON value)",
    to_choice<data_format>(x.format, {{"text", data_format::text}, {"json", data_format::json}}));
  table.add("json", "--json", "",
            "subscribe: print each message whole, as a JSON object with its channel and place",
            to_switch(x.whole));
  table.add("presence", "--presence", "", "subscribe: hear of those who come and go, see --events",
            to_switch(x.presence));
  table.add("recover", "--recover", "EPOCH:OFFSET",
            "subscribe: begin behind this message, the last one seen", to_text(x.recover),
            "\"f3a9:41\"");
  table.add("data", "--data", "JSON", "query: what to ask with (default: what stdin says)",
            to_text(x.data), "\"{}\"");
}

} // namespace

command_options::command_options() {
  pool.describe(table);
  describe_stream(table, stream);
  table.section("metrics", "Metrics");
  table.add("listen", "--metrics", "HOST:PORT", "Serve /metrics, /healthz and /readyz there",
            to_address(metrics), "\"127.0.0.1:9100\"");
  serve.describe(table);
  describe_node(table, node);
  describe(table, echo);
  describe(table, demo);
  describe_session(table, session);
  describe_threads(table, io_threads);
  table.section("log", "Messages on stderr");
  table.add("verbosity", "-v,--verbose", "", "Say what happens; -vv: in detail",
            to_verbosity(log.verbosity));
  table.add("color", "--color,!--no-color", "", "Colours on stderr if it is a terminal",
            to_switch(log.color));
  table.add("events", "--events", "", "Every event as a JSON line on stderr",
            to_switch(log.events));
}

} // namespace wspool::cli
