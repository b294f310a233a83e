// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "options/serve_flags.hpp"

#include "options/serve_values.hpp"
#include "settings/setting_targets.hpp"

#include <CLI/CLI.hpp>

namespace wspool::cli {

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
            to_choice<over_rate>(
              x.rate.action, {{"slow-down", over_rate::slow_down}, {"close", over_rate::close}}));
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
  table.add("tell-publisher", "", "", "Events say who published them", to_switch(x.tell_publisher));
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
  table.add("auth", "--auth", "KIND",
            "Whose tokens let clients in: none (nobody has to show one), "
            "tokens (of a list), jwt (JSON Web Tokens)",
            to_choice<authority>(
              authority_,
              {{"none", authority::none}, {"tokens", authority::tokens}, {"jwt", authority::jwt}}));
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

} // namespace wspool::cli
