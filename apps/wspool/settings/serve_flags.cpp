// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "settings/serve_flags.hpp"

#include "settings/address.hpp"
#include "settings/setting_targets.hpp"

#include <wspool/units.hpp>

#include <CLI/CLI.hpp>

#include <algorithm>
#include <string_view>
#include <utility>

namespace wspool::cli {

namespace {

constexpr std::size_t event_overhead_bytes = 1024;
constexpr std::string_view plain_scheme = "ws://";
constexpr std::string_view tls_scheme = "wss://";

std::string without_scheme(const std::string& text) {
  for (auto scheme : {plain_scheme, tls_scheme})
    if (text.starts_with(scheme))
      return text.substr(scheme.size());
  return text;
}

std::string expected_listen(const std::string& text) {
  return find_address(without_scheme(text)) ? std::string{}
                                            : "HOST:PORT, ws://HOST:PORT or wss://HOST:PORT";
}

/// "NAME=CERTIFICATE" or "NAME=CERTIFICATE,KEY".
bool parse_named_certificate(const std::string& text, named_certificate& result) {
  const auto equals = text.find('=');
  if (equals == 0 || equals == std::string::npos || equals + 1 == text.size())
    return false;
  const auto comma = text.find(',', equals);
  result.name = text.substr(0, equals);
  result.certificate_file = text.substr(equals + 1, comma - equals - 1);
  result.key_file = comma == std::string::npos ? std::string{} : text.substr(comma + 1);
  return !result.certificate_file.empty();
}

std::string expected_named_certificate(const std::string& text) {
  named_certificate ignored;
  return parse_named_certificate(text, ignored) ? std::string{}
                                                : "NAME=CERTIFICATE or NAME=CERTIFICATE,KEY";
}

/// "/assets/=DIRECTORY".
bool parse_files(const std::string& text, http_files& result) {
  const auto equals = text.find('=');
  if (!text.starts_with('/') || equals == std::string::npos || equals + 1 == text.size())
    return false;
  result = {text.substr(0, equals), text.substr(equals + 1)};
  return true;
}

std::string expected_files(const std::string& text) {
  http_files ignored;
  return parse_files(text, ignored) ? std::string{} : "/PREFIX/=DIRECTORY";
}

/// "path:/ws/", "query:space", "header:X-Space".
bool parse_field(const std::string& text, request_field& result) {
  if (from_string(text, result.part))
    return result.part == request_part::certificate;
  const auto colon = text.find(':');
  if (colon == std::string::npos || colon + 1 == text.size())
    return false;
  if (!from_string(text.substr(0, colon), result.part) || result.part == request_part::none)
    return false;
  result.name = text.substr(colon + 1);
  return true;
}

std::string expected_field(const std::string& text) {
  request_field ignored;
  return text.empty() || parse_field(text, ignored)
           ? std::string{}
           : "path:PREFIX, query:NAME, header:NAME or certificate, e.g. path:/chat/";
}

std::string expected_dialect(const std::string& text) {
  for (auto name : {"v1", "thinws", "channels", "none"})
    if (text == name)
      return {};
  return "one of v1, thinws, channels, none";
}

[[noreturn]] void reject(const failure& why) {
  throw usage_error(why.detail.empty() ? why.message() : why.detail);
}

} // namespace

void serve_flags::describe(settings& table) {
  listen_ = {"127.0.0.1:9000"};
  drain.deadline = std::chrono::milliseconds{60'000};
  server_.limits.max_message_bytes = 1024 * 1024; // of strangers
  server_.entrance.subprotocols = {"wspool.v1.json", "thinws", "channels"};
  describe_listening(table);
  describe_clients(table);
  describe_limits(table);
  describe_tokens(table);
  describe_channels(table);
  describe_redis(table);
}

void serve_flags::attach(settings& table, CLI::App& command) {
  table.attach(command, {"serve", "serve-clients", "serve-tokens", "serve-limits", "serve-channels",
                         "serve-redis"});
}

void serve_flags::describe_listening(settings& table) {
  table.section("serve", "Server: listening and ending");
  table.add("listen", "-l,--listen", "ADDRESS",
            "HOST:PORT to listen on, several times; port 0: any free one; ws:// or wss:// before "
            "it: without or with TLS (default: with, if there is a certificate)",
            to_checked_list(listen_, expected_listen), "[\"127.0.0.1:9000\"]");
  table.add("cert", "--tls-cert", "FILE", "Certificate (chain) of the server, PEM",
            to_text(tls_.certificate_file), "\"server.pem\"");
  table.add("key", "--tls-key", "FILE", "Its key, PEM (default: in the certificate's file)",
            to_text(tls_.key_file), "\"server.key\"");
  table.add("client-ca", "--tls-client-ca", "FILE",
            "Clients must have a certificate of these authorities, PEM", to_text(tls_.ca_file),
            "\"clients.pem\"");
  table.add("client-optional", "", "", "They may have one: who has none is let in all the same",
            to_switch(client_certificate_optional_));
  table.add("certificates", "--tls-name", "NAME=CERT[,KEY]",
            "Another certificate for who asks for this name (SNI); *.NAME: one label before it",
            to_checked_list(named_certificates_, expected_named_certificate),
            "[\"chat.example.com=chat.pem,chat.key\"]");
  table.add("files", "--files", "/PREFIX/=DIR", "Answer plain HTTP below /PREFIX/ with these files",
            to_checked_list(files_, expected_files), "[\"/=/srv/www\"]");
  table.add("drain-rate", "--drain-rate", "N",
            "SIGTERM closes so many clients in a second, evenly spread",
            to_ratio(drain.max_per_second, 0.001, 1e6));
  table.add("drain-timeout", "--drain-timeout", "DURATION", "Then what is left is cut off",
            to_duration(drain.deadline));
  table.add("reconnect-window", "", "DURATION",
            "In which clients are told to come back after a drain",
            to_duration(broker_.reconnect_window));
}

void serve_flags::describe_clients(settings& table) {
  auto& x = server_.entrance;
  table.section("serve-clients", "Server: who is let in, and as whom");
  table.add("namespace-from", "--namespace-from", "PART:NAME",
            "Where the upgrade request says the client's namespace: path:PREFIX (what follows it), "
            "query:NAME, header:NAME, certificate (default: all are in one)",
            to_checked_text(namespace_from_, expected_field), "\"path:/ws/\"");
  table.add("namespace", "", "NAME", "Namespace of clients that do not say",
            to_text(x.space.fallback));
  table.add("namespace-required", "", "", "Refuse clients that do not say",
            to_switch(x.space.required));
  table.add("identity-from", "--identity-from", "PART:NAME",
            "Where it says who the client is; nothing proves that but a proxy before the server",
            to_checked_text(identity_from_, expected_field), "\"header:X-User\"");
  table.add("origins", "--allow-origin", "ORIGIN",
            "Origin of web pages that may connect, e.g. https://*.example.com (default: all)",
            to_list(x.origins), "[\"https://example.com\"]");
  table.add("allow-no-origin", "", "", "Let programs in that send none, although origins are set",
            to_switch(x.allow_no_origin));
}

void serve_flags::describe_limits(settings& table) {
  auto& x = server_;
  table.section("serve-limits", "Server: limits");
  table.add("connections", "--max-connections", "N", "Connections at once; others get 503",
            to_number(x.admission.max_connections, std::size_t{1}));
  table.add("per-address", "--max-per-address", "N",
            "From one remote address; others get 429; 0: any number",
            to_number(x.admission.max_per_address, std::size_t{0}));
  table.add("handshake-timeout", "", "DURATION", "Deadline of TLS, upgrade and tokens together",
            to_duration(x.admission.handshake));
  table.add("header", "", "BYTES", "Largest upgrade request", to_bytes(x.limits.max_header_bytes));
  table.add("message", "--max-message", "BYTES",
            "Largest message taken; a larger one closes with 1009",
            to_bytes(x.limits.max_message_bytes));
  table.add("message-rate", "--message-rate", "N", "Messages a second of one client; 0: any number",
            to_number(x.rate.messages_per_second, std::uint64_t{0}));
  table.add("byte-rate", "", "N", "Bytes a second of one client; 0: any number",
            to_number(x.rate.bytes_per_second, std::uint64_t{0}));
  table.add("over-rate", "", "ACTION", "Who is faster: slow-down (is read later) or close (1008)",
            to_choice<over_rate>(x.rate.action, {{"slow-down", over_rate::slow_down},
                                                 {"close", over_rate::close}}));
  table.add("backlog-messages", "", "N", "Messages that may wait for one client",
            to_number(x.backlog.max_messages, std::size_t{1}));
  table.add("backlog-bytes", "", "BYTES", "Bytes that may wait for one client",
            to_bytes(x.backlog.max_bytes));
  table.add("slow-consumer", "--slow-consumer", "POLICY",
            "If more would wait: drop-oldest, drop-newest, close-try-again (1013), close-policy "
            "(1008)",
            to_choice<slow_consumer>(x.backlog.policy,
                                     {{"drop-oldest", slow_consumer::drop_oldest},
                                      {"drop-newest", slow_consumer::drop_newest},
                                      {"close-try-again", slow_consumer::close_try_again},
                                      {"close-policy", slow_consumer::close_policy_violation}}));
  table.add("heartbeat", "--client-heartbeat", "DURATION",
            "Ping a client after so much silence; 0s: never",
            to_duration(x.stay.heartbeat.interval));
  table.add("heartbeat-timeout", "", "DURATION", "A client silent so long after that is dead",
            to_duration(x.stay.heartbeat.timeout));
  table.add("idle", "--client-idle", "DURATION",
            "Close clients without a message either way for so long; 0s: never",
            to_duration(x.stay.idle));
  table.add("max-age", "--client-max-age", "DURATION", "Close clients that are so old; 0s: never",
            to_duration(x.stay.max_age));
  table.add("close-timeout", "", "DURATION",
            "A closing handshake, and what waits before it, may take so long; then a hard end",
            to_duration(x.stay.close));
  table.add("compress", "--compress", "", "Accept permessage-deflate",
            to_switch(x.deflate.enabled));
}

void serve_flags::describe_channels(settings& table) {
  auto& x = broker_;
  table.section("serve-channels", "Server: channels");
  table.add("dialect", "--dialect", "NAME",
            "What clients speak that offer no subprotocol: v1, thinws, channels; none: they are "
            "closed",
            to_checked_text(x.default_dialect, expected_dialect));
  table.add("history", "--history", "N", "Messages that each channel keeps for recovery; 0: none",
            to_number(backplane.history.max_messages, std::size_t{0}));
  table.add("history-bytes", "--history-bytes", "BYTES", "Bytes that each channel keeps",
            to_bytes(backplane.history.max_bytes));
  table.add("history-age", "--history-age", "DURATION", "How long they are kept",
            to_duration(backplane.history.max_age));
  table.add("deduplication", "", "DURATION",
            "How long the ids of publications are known, so that none is published twice",
            to_duration(backplane.deduplication));
  table.add("presence", "--presence,!--no-presence", "",
            "Members may ask who is in a channel, and hear who comes and goes",
            to_switch(x.presence));
  table.add("tell-publisher", "", "", "Events say who published them",
            to_switch(x.tell_publisher));
  table.add("per-client", "", "N", "Channels that one client may be in",
            to_number(x.max_channels_per_client, std::size_t{1}));
  table.add("channels", "", "N", "Channels of one namespace",
            to_number(x.max_channels, std::size_t{1}));
  table.add("request", "", "BYTES",
            "Largest request; a larger one is refused with too_big (at most 1 KiB below "
            "serve-limits.message)",
            to_bytes(x.max_message_bytes));
  table.add("rejections", "", "N",
            "Requests refused within ten seconds that close a client with 1008; 0: any number",
            to_number(x.max_rejections, std::size_t{0}));
  table.add("query-timeout", "", "DURATION", "Deadline of a query that says none",
            to_duration(x.query_deadline));
}

void serve_flags::describe_tokens(settings& table) {
  table.section("serve-tokens", "Server: tokens (Authorization: Bearer, ?access_token=, connect)");
  table.add("auth", "--auth", "KIND", "Whose tokens let clients in: none (nobody has to show one), "
                                      "tokens (of a list), jwt (JSON Web Tokens)",
            to_choice<authority>(authority_, {{"none", authority::none},
                                              {"tokens", authority::tokens},
                                              {"jwt", authority::jwt}}));
  table.add("late", "--auth-late", "",
            "Tokens may be shown in the protocol's `connect` instead of the upgrade",
            to_switch(late_tokens_));
  table.add("file", "--token-file", "FILE", "The list: lines of an identity and its token",
            to_text(token_file_), "\"tokens.txt\"");
  table.add("jwt-key", "--jwt-key", "FILE", "Secret (HS256) or public key, PEM",
            to_text(jwt_.key_file), "\"issuer.pem\"");
  table.add("jwt-algorithm", "--jwt-algorithm", "NAME", "The only one that is taken",
            to_choice<jwt_algorithm>(jwt_.algorithm, {{"HS256", jwt_algorithm::hs256},
                                                      {"RS256", jwt_algorithm::rs256},
                                                      {"ES256", jwt_algorithm::es256}}));
  table.add("jwt-audience", "--jwt-audience", "NAME", "That tokens must be for (default: any)",
            to_text(jwt_.audience), "\"chat\"");
  table.add("jwt-issuer", "--jwt-issuer", "NAME", "That tokens must be from (default: any)",
            to_text(jwt_.issuer), "\"https://login.example.com\"");
  table.add("jwt-identity", "", "CLAIM", "The claim that says who it is",
            to_text(jwt_.identity_claim));
  table.add("jwt-expiry", "", "", "Refuse tokens that never expire",
            to_switch(jwt_.require_expiry));
}

void serve_flags::describe_redis(settings& table) {
  table.section("serve-redis", "Server: several processes, by a Redis");
  auto to_url = to_text(redis_.url);
  auto assign = [this, inner = to_url.assign](const std::vector<std::string>& texts) {
    with_redis_ = true;
    return inner(texts);
  };
  table.add("url", "--redis", "URL",
            "redis[s]://[user[:password]@]host[:port][/db] (others can see command lines: "
            "passwords are better in the environment or a file)",
            {to_url.how, {}, assign}, "\"redis://127.0.0.1:6379\"");
  table.add("prefix", "", "TEXT", "Of all keys: who has the same is one system",
            to_text(redis_.prefix));
  table.add("ca", "", "FILE", "Authorities of rediss://, PEM (default: the system's)",
            to_text(redis_.tls.ca_file), "\"redis-ca.pem\"");
  table.add("durable", "", "", "It loses nothing that it answered (appendfsync always)",
            to_switch(redis_.durable));
  table.add("node-timeout", "", "DURATION", "A process silent for so long is dead",
            to_duration(backplane.node_timeout));
}

server_options serve_flags::server() const {
  auto result = server_;
  if (!namespace_from_.empty())
    (void)parse_field(namespace_from_, result.entrance.space);
  if (!identity_from_.empty())
    (void)parse_field(identity_from_, result.entrance.identity);
  // One for its messages, and one for who comes and goes.
  result.max_rooms = std::max(result.max_rooms, 2 * broker_.max_channels_per_client);
  result.listen.clear();
  for (const auto& one : listen_) {
    const bool secure = one.starts_with(tls_scheme)
                        || (!tls_.certificate_file.empty() && !one.starts_with(plain_scheme));
    if (secure && tls_.certificate_file.empty())
      throw usage_error("--listen: \"" + one + "\": expected --tls-cert with it");
    listen_address where;
    where.address = without_scheme(one);
    if (secure) {
      where.tls = tls_;
      where.tls.verify = !client_certificate_optional_;
      for (const auto& text : named_certificates_)
        (void)parse_named_certificate(text, where.certificates.emplace_back());
    }
    result.listen.push_back(std::move(where));
  }
  for (const auto& text : files_)
    (void)parse_files(text, result.http.files.emplace_back());
  auto expect_certificate = [this](const char* flag, const std::string& value) {
    if (tls_.certificate_file.empty() && !value.empty())
      throw usage_error(std::string{flag} + ": \"" + value + "\": expected --tls-cert with it");
  };
  expect_certificate("--tls-key", tls_.key_file);
  expect_certificate("--tls-client-ca", tls_.ca_file);
  expect_certificate("--tls-name",
                     named_certificates_.empty() ? std::string{} : named_certificates_.front());
  check_tokens();
  if (auto why = validate(result))
    reject(why);
  return result;
}

void serve_flags::check_tokens() const {
  auto expect = [](bool good, const std::string& what) {
    if (!good)
      throw usage_error(what);
  };
  expect(authority_ != authority::tokens || !token_file_.empty(),
         "--auth: \"tokens\": expected --token-file with it");
  expect(authority_ != authority::jwt || !jwt_.key_file.empty(),
         "--auth: \"jwt\": expected --jwt-key with it");
  expect(authority_ != authority::none || !late_tokens_,
         "--auth-late: expected --auth with it");
  expect(authority_ == authority::tokens || token_file_.empty(),
         "--token-file: expected --auth tokens with it");
  expect(authority_ == authority::jwt || jwt_.key_file.empty(),
         "--jwt-key: expected --auth jwt with it");
  // Whoever has an identity by the upgrade needs no token then, and anybody can say a name.
  expect(!late_tokens_ || identity_from_.empty(),
         "--identity-from: \"" + identity_from_ + "\": expected no --auth-late with it");
}

authenticator_actor serve_flags::spawn_authenticator(caf::actor_system& system) const {
  if (authority_ == authority::none)
    return {};
  try {
    if (authority_ == authority::jwt)
      return spawn_jwt_authenticator(system, jwt_);
    std::vector<bearer_token> tokens;
    if (auto why = load_tokens(token_file_, tokens))
      reject(why);
    return spawn_token_authenticator(system, std::move(tokens));
  } catch (const invalid_options& e) {
    throw usage_error(e.what());
  }
}

backplane_actor serve_flags::spawn_backplane(caf::actor_system& system, io_pool& io,
                                             std::shared_ptr<spdlog::logger> logger,
                                             std::function<void(const failure&)> on_link) const {
  if (!with_redis_)
    return spawn_memory_backplane(system, backplane);
  auto redis = redis_;
  redis.logger = std::move(logger);
  redis.on_link = std::move(on_link);
  return spawn_redis_backplane(system, io, std::move(redis), backplane);
}

broker_options serve_flags::broker() const {
  auto result = broker_;
  result.deduplication = backplane.deduplication;
  // An event has more in it than what was published: see `broker_options::max_message_bytes`.
  const auto largest = server_.limits.max_message_bytes;
  if (largest < 2 * event_overhead_bytes)
    throw usage_error("--max-message: expected at least "
                      + format_bytes(2 * event_overhead_bytes));
  result.max_message_bytes = std::min(result.max_message_bytes, largest - event_overhead_bytes);
  if (result.default_dialect == "none")
    result.default_dialect.clear();
  if (auto why = validate(result))
    reject(why);
  return result;
}

} // namespace wspool::cli
