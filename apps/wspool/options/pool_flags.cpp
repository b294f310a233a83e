// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "options/pool_flags.hpp"

#include "settings/setting_targets.hpp"

#include <wspool/endpoint.hpp>

#include <CLI/CLI.hpp>

#include <array>
#include <numeric>

namespace wspool::cli {

namespace {

constexpr std::size_t default_queue = 10'000;

constexpr std::array actions{
  named_value<retry_action>{"reconnect", retry_action::reconnect},
  named_value<retry_action>{"restart-window", retry_action::restart_window},
  named_value<retry_action>{"long-backoff", retry_action::long_backoff},
  named_value<retry_action>{"refresh-once", retry_action::refresh_once},
  named_value<retry_action>{"give-up", retry_action::give_up},
};

/// "4000=give-up" in its parts.
std::optional<std::pair<std::uint16_t, retry_action>> parse_action(std::string_view text) {
  auto split = text.find('=');
  auto number = parse_number(text.substr(0, split));
  if (split != std::string_view::npos && number && *number < 5'000)
    for (auto& x : actions)
      if (x.name == text.substr(split + 1))
        return std::pair{static_cast<std::uint16_t>(*number), x.value};
  return std::nullopt;
}

std::string expected_action(const std::string& text) {
  if (parse_action(text))
    return {};
  return "NUMBER=ACTION, the action one of reconnect, restart-window, long-backoff, refresh-once, "
         "give-up";
}

header parse_header(const std::string& text) {
  auto split = text.find(':');
  auto begin = text.find_first_not_of(" \t", split + 1);
  return {text.substr(0, split), begin == std::string::npos ? "" : text.substr(begin)};
}

std::string expected_header(const std::string& text) {
  constexpr auto expected = "\"NAME: VALUE\"";
  if (text.find(':') == std::string::npos || text.front() == ':')
    return expected;
  auto bad = validate(parse_header(text));
  return bad ? expected + (" with another name or value (" + bad.message() + ")") : std::string{};
}

std::string expected_url(const std::string& text) {
  endpoint ignored;
  auto bad = parse_endpoint(text, ignored);
  return bad ? "a URL such as wss://host:port/path (" + bad.message() + ")" : std::string{};
}

} // namespace

pool_flags::pool_flags() {
  // A person at a terminal would rather wait than lose a line, and lines are small.
  options.queue.overflow = overflow::block;
  options.queue.max_messages = default_queue;
}

void pool_flags::describe(settings& table) {
  describe_pool(table);
  describe_connect(table);
  describe_deflate(table);
  describe_survival(table);
  describe_bounds(table);
}

void pool_flags::attach(settings& table, CLI::App& command) {
  table.attach(command, {"pool", "connect", "compress", "heartbeat", "reconnect", "ejection",
                         "rotation", "queue", "window", "monitor"});
}

void pool_flags::describe_pool(settings& table) {
  table.section("pool", "Pool");
  table.add("urls", "URL", "URL", "ws:// and wss:// URLs of the servers",
            to_checked_list(urls_, expected_url), "[\"ws://a.example/\", \"ws://b.example/\"]");
  table.add("name", "--name", "NAME", "Name of the pool in logs and metrics",
            to_text(options.name));
  table.add("connections", "-n,--connections", "N", "Connections for each URL",
            to_number(connections_, 1u, 100'000u));
  table.add("schedule", "--schedule", "NAME",
            "Who gets the next message: round-robin, random, weighted, least-pending, "
            "power-of-two, lowest-rtt, failover, hash",
            to_choice<schedule>(options.schedule, {{"round-robin", schedule::round_robin},
                                                   {"random", schedule::random},
                                                   {"weighted", schedule::weighted},
                                                   {"least-pending", schedule::least_pending},
                                                   {"power-of-two", schedule::power_of_two},
                                                   {"lowest-rtt", schedule::lowest_rtt},
                                                   {"failover", schedule::failover},
                                                   {"hash", schedule::hash}}));
  table.add("weights", "--weights", "N,...",
            "Weights for --schedule weighted, in the order of the URLs", to_numbers(weights_),
            "[3, 1]");
  table.add("groups", "--groups", "N,...",
            "Groups for --schedule failover, lower ones preferred (default: the order of the URLs)",
            to_numbers(groups_), "[0, 1]");
  table.add("delivery", "--delivery", "POLICY",
            "at-most-once (never twice) or at-least-once (never lost)",
            to_choice<delivery>(options.policy, {{"at-most-once", delivery::at_most_once},
                                                 {"at-least-once", delivery::at_least_once}}));
}

void pool_flags::describe_connect(settings& table) {
  auto& x = options.connect;
  table.section("connect", "Connecting");
  table.add("headers", "-H,--header", "'NAME: VALUE'", "Header of the upgrade request",
            to_checked_list(headers_, expected_header), "[\"X-Tenant: blue\"]");
  table.add("subprotocols", "-s,--subprotocol", "NAME", "Subprotocol to offer, in this order",
            to_list(x.upgrade.subprotocols), "[\"mqtt\"]");
  table.add("origin", "-o,--origin", "ORIGIN", "Origin header", to_text(x.upgrade.origin),
            "\"https://example.org\"");
  table.add("auth", "--auth", "USER:PASSWORD",
            "Basic credentials (others can see command lines: "
            "better in the environment or a file)",
            to_text(x.upgrade.basic), "\"user:password\"");
  table.add("bearer", "--bearer", "TOKEN", "Bearer token", to_text(x.upgrade.bearer), "\"token\"");
  table.add("ca", "--ca", "FILE", "Certificate authorities to trust, PEM (default: the system's)",
            to_text(x.tls.ca_file), "\"/etc/ssl/own-ca.pem\"");
  table.add("cert", "--cert", "FILE", "Client certificate, PEM", to_text(x.tls.certificate_file),
            "\"client.pem\"");
  table.add("key", "--key", "FILE", "Its key, PEM (default: in the certificate's file)",
            to_text(x.tls.key_file), "\"client.key\"");
  table.add("insecure", "-k,--insecure", "", "Do not verify the server's certificate",
            to_switch(x.tls.verify, true));
  table.add("server-name", "--server-name", "NAME",
            "Name to ask for and to verify (default: the URL's host)", to_text(x.tls.server_name),
            "\"example.org\"");
  table.add("proxy", "--proxy", "URL",
            "http://, socks5:// or socks5h:// proxy, or none (default: the environment's)",
            to_text(x.proxy.url), "\"http://127.0.0.1:3128\"");
  table.add("max-message", "--max-message", "BYTES", "Largest message taken or sent",
            to_bytes(x.limits.max_message_bytes));
  table.add("max-header", "", "BYTES", "Largest head of an upgrade's answer",
            to_bytes(x.limits.max_header_bytes));
  table.add("redirects", "--redirects", "N", "How many redirects to follow in one attempt",
            to_number(x.upgrade.max_redirects, 0u, 100u));
  table.add("address-timeout", "", "DURATION", "Deadline of a TCP connect, for each address",
            to_duration(x.deadlines.address));
  table.add("handshake-timeout", "--handshake-timeout", "DURATION",
            "Deadline of name, proxy and TLS together, and once more of the upgrade",
            to_duration(x.deadlines.handshake));
  table.add("idle-timeout", "--idle-timeout", "DURATION",
            "Close connections without a message either way for so long; 0s: never",
            to_duration(x.deadlines.idle));
  table.add("close-timeout", "", "DURATION", "Deadline of the closing handshake",
            to_duration(x.deadlines.close));
  table.add("no-delay", "", "", "TCP_NODELAY", to_switch(x.no_delay));
}

void pool_flags::describe_deflate(settings& table) {
  auto& x = options.connect.deflate;
  table.section("compress", "Compression (permessage-deflate)");
  table.add("enabled", "--compress", "", "Offer it to the server", to_switch(x.enabled));
  table.add("client-window-bits", "", "N", "9 to 15: memory against ratio, of what we send",
            to_number(x.client_window_bits, 9, 15));
  table.add("server-window-bits", "", "N", "9 to 15, of what the server sends",
            to_number(x.server_window_bits, 9, 15));
  table.add("client-context-takeover", "", "", "Compress each message knowing the ones before",
            to_switch(x.client_context_takeover));
  table.add("server-context-takeover", "", "", "The same for the server",
            to_switch(x.server_context_takeover));
  table.add("minimum", "", "BYTES", "Smaller messages travel as they are",
            to_bytes(x.minimum_bytes));
  table.add("level", "", "N", "zlib's effort, 0 to 9", to_number(x.level, 0, 9));
}

void pool_flags::describe_survival(settings& table) {
  auto& x = options;
  table.section("heartbeat", "Heartbeat");
  table.add("interval", "--heartbeat", "DURATION", "Ping after so much silence; 0s: never",
            to_duration(x.heartbeat.interval));
  table.add("timeout", "--heartbeat-timeout", "DURATION",
            "A connection that stays silent so long after a ping is dead",
            to_duration(x.heartbeat.timeout));
  table.section("reconnect", "Reconnecting");
  table.add("initial", "--reconnect-initial", "DURATION", "Ceiling of the first delay",
            to_duration(x.reconnect.initial));
  table.add("max", "--reconnect-max", "DURATION", "Ceiling of all delays",
            to_duration(x.reconnect.maximum));
  table.add("multiplier", "--reconnect-multiplier", "X", "Growth of the ceiling with each attempt",
            to_ratio(x.reconnect.multiplier, 1, 1'000));
  table.add("attempts", "--reconnect-attempts", "N",
            "Attempts in a row before a connection is given up, or unlimited",
            to_limit(x.reconnect.attempts));
  table.add("minimum-uptime", "", "DURATION", "A shorter life does not reset the delays",
            to_duration(x.reconnect.minimum_uptime));
  table.add("on-close", "--on-close", "CODE=ACTION",
            "What to do after a close code: reconnect, restart-window, long-backoff, refresh-once, "
            "give-up",
            to_checked_list(on_close_, expected_action), "[\"4000=give-up\"]");
  table.add("on-status", "--on-status", "STATUS=ACTION", "The same for a refused upgrade's status",
            to_checked_list(on_status_, expected_action), "[\"404=reconnect\"]");
  table.section("ejection", "Ejection of failing URLs, while another one serves");
  table.add("failures", "", "N", "Failures in a row that eject; 0: never",
            to_number(x.ejection.failures, 0u));
  table.add("base", "", "DURATION", "First ejection; each further one is longer by it",
            to_duration(x.ejection.base));
  table.add("max", "", "DURATION", "The longest", to_duration(x.ejection.maximum));
  table.add("slow-start", "", "DURATION", "In which a recovered one's share grows to full",
            to_duration(x.ejection.slow_start));
  table.section("rotation", "Planned replacement");
  table.add("max-age", "--max-age", "DURATION",
            "Replace connections that are so old, successor first; 0s: never",
            to_duration(x.rotation.max_age));
  table.add("jitter", "", "SHARE", "Up to this share is taken off the age, at random",
            to_ratio(x.rotation.jitter, 0, 0.9));
  table.add("drain", "", "DURATION", "How long a replaced connection may take to finish",
            to_duration(x.rotation.drain));
}

void pool_flags::describe_bounds(settings& table) {
  auto& x = options;
  table.section("queue", "Queue");
  table.add("messages", "--queue", "N", "Messages that may wait for a connection",
            to_number(x.queue.max_messages, std::size_t{0}));
  table.add("bytes", "--queue-bytes", "BYTES", "Bytes that may wait for a connection",
            to_bytes(x.queue.max_bytes));
  table.add("overflow", "--overflow", "POLICY",
            "When it is full: block (hold the sender back, stop reading stdin), drop-oldest, "
            "drop-newest, reject",
            to_choice<overflow>(x.queue.overflow, {{"block", overflow::block},
                                                   {"drop-oldest", overflow::drop_oldest},
                                                   {"drop-newest", overflow::drop_newest},
                                                   {"reject", overflow::reject}}));
  table.add("high-water", "", "SHARE", "Share of its bounds at which an event says it fills",
            to_ratio(x.queue.high_water, 0, 1));
  table.add("low-water", "", "SHARE", "Share at which an event says it has emptied",
            to_ratio(x.queue.low_water, 0, 1));
  table.section("window", "What one connection may hold unwritten or unconfirmed");
  table.add("messages", "", "N", "Messages", to_number(x.window.max_messages, std::size_t{1}));
  table.add("bytes", "", "BYTES", "Bytes", to_bytes(x.window.max_bytes));
  table.add("unread", "", "BYTES",
            "Received bytes not yet taken (by stdout) before no more are read",
            to_bytes(x.window.max_unread_bytes));
  table.section("monitor", "Statistics");
  table.add("interval", "", "DURATION", "Between two snapshots; 0s: none",
            to_duration(x.monitor.interval));
  table.add("history", "", "DURATION", "How far back they are kept",
            to_duration(x.monitor.history));
}

std::vector<endpoint_options> pool_flags::endpoints() const {
  auto check_length = [this](const std::vector<std::uint32_t>& list, const char* name) {
    if (!list.empty() && list.size() != urls_.size())
      throw usage_error(std::string{name} + ": " + std::to_string(list.size()) + " numbers for "
                        + std::to_string(urls_.size()) + " URLs: expected one for each");
  };
  check_length(weights_, "--weights");
  check_length(groups_, "--groups");
  std::vector<endpoint_options> result;
  for (std::size_t i = 0; i < urls_.size(); ++i) {
    endpoint_options x;
    x.url = urls_[i];
    x.connections = connections_;
    x.weight = weights_.empty() ? 1 : weights_[i];
    x.group = groups_.empty() ? static_cast<std::uint32_t>(i) : groups_[i];
    result.push_back(std::move(x));
  }
  return result;
}

void pool_flags::take_headers(pool_options& result) const {
  for (auto& text : headers_)
    result.connect.upgrade.headers.push_back(parse_header(text));
}

void pool_flags::take_retry(pool_options& result) const {
  for (auto& text : on_close_)
    if (auto x = parse_action(text))
      result.retry.close_codes[x->first] = x->second;
  for (auto& text : on_status_)
    if (auto x = parse_action(text))
      result.retry.statuses[x->first] = x->second;
}

pool_options pool_flags::finish_with(std::vector<endpoint_options> endpoints) const {
  auto result = options;
  result.endpoints = std::move(endpoints);
  take_headers(result);
  take_retry(result);
  if (auto bad = validate(result))
    throw usage_error(bad.message());
  return result;
}

pool_options pool_flags::finish() const {
  if (urls_.empty())
    throw usage_error("no URL given: expected at least one, e.g. ws://127.0.0.1:9001/");
  return finish_with(endpoints());
}

pool_options pool_flags::finish_without_urls() const {
  auto list = endpoints();
  if (list.empty())
    list.push_back({"ws://localhost/", connections_, 1, 0});
  return finish_with(std::move(list));
}

pool_options pool_flags::finish_for(const std::string& url) const {
  return finish_with({{url, 1, 1, 0}});
}

std::uint32_t pool_flags::connections() const noexcept {
  return connections_ * static_cast<std::uint32_t>(urls_.size());
}

} // namespace wspool::cli
