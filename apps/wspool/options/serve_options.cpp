// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)

// What the settings of `serve` come to, and whether that is right.

#include "options/serve_flags.hpp"

#include "options/serve_values.hpp"
#include "settings/field_names.hpp"

#include <wspool/units.hpp>

#include <algorithm>
#include <string_view>
#include <utility>

namespace wspool::cli {

namespace {

constexpr std::size_t event_overhead_bytes = 1024;

constexpr field_name server_fields[]{
  {"listen.tls.certificate_file", "--tls-cert"},
  {"listen.tls.key_file", "--tls-key"},
  {"listen.tls.ca_file", "--tls-client-ca"},
  {"listen.certificates", "--tls-name"},
  {"listen.address", "--listen"},
  {"http.files", "--files"},
  {"entrance.space", "--namespace-from"},
  {"entrance.identity", "--identity-from"},
  {"entrance.origins", "--allow-origin"},
  {"stay.heartbeat.timeout", "serve-limits.heartbeat-timeout"},
};
constexpr field_name jwt_fields[]{{"key_file", "--jwt-key"}};
constexpr field_name redis_fields[]{
  {"redis URL", "--redis"},
  {"prefix", "serve-redis.prefix"},
  {"ca_file", "serve-redis.ca"},
  {"tls.ca_file", "serve-redis.ca"},
};
constexpr field_name backplane_fields[]{
  {"history.max_messages", "--history"},        {"history.max_bytes", "--history-bytes"},
  {"history.max_age", "--history-age"},         {"deduplication", "serve-channels.deduplication"},
  {"node_timeout", "serve-redis.node-timeout"},
};

} // namespace

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
    reject(why, server_fields);
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
  expect(authority_ != authority::none || !late_tokens_, "--auth-late: expected --auth with it");
  expect(authority_ == authority::tokens || token_file_.empty(),
         "--token-file: expected --auth tokens with it");
  expect(authority_ == authority::jwt || jwt_.key_file.empty(),
         "--jwt-key: expected --auth jwt with it");
  // Whoever has an identity by the upgrade needs no token then, and anybody can say a name.
  expect(!late_tokens_ || identity_from_.empty(),
         "--identity-from: \"" + identity_from_ + "\": expected no --auth-late with it");
}

std::vector<bearer_token> serve_flags::tokens() const {
  std::vector<bearer_token> result;
  if (authority_ == authority::tokens)
    if (auto why = load_tokens(token_file_, result))
      throw usage_error("--token-file: " + why.detail);
  if (authority_ == authority::jwt)
    if (auto why = validate(jwt_))
      reject(why, jwt_fields);
  return result;
}

authenticator_actor serve_flags::spawn_authenticator(caf::actor_system& system) const {
  auto known = tokens();
  switch (authority_) {
    case authority::none:
      break;
    case authority::tokens:
      return spawn_token_authenticator(system, std::move(known));
    case authority::jwt:
      return spawn_jwt_authenticator(system, jwt_);
  }
  return {};
}

void serve_flags::check_backplane() const {
  if (auto why = with_redis_ ? validate(redis_) : failure{})
    reject(why, redis_fields);
  if (auto why = validate(backplane))
    reject(why, backplane_fields);
}

backplane_actor serve_flags::spawn_backplane(caf::actor_system& system, io_pool& io,
                                             std::shared_ptr<spdlog::logger> logger,
                                             std::function<void(const failure&)> on_link) const {
  check_backplane();
  if (!with_redis_)
    return spawn_memory_backplane(system, backplane);
  auto redis = redis_;
  redis.logger = std::move(logger);
  redis.on_link = std::move(on_link);
  return spawn_redis_backplane(system, io, std::move(redis), backplane);
}

void serve_flags::check() const {
  (void)server();
  (void)broker();
  (void)tokens();
  check_backplane();
}

broker_options serve_flags::broker() const {
  auto result = broker_;
  result.deduplication = backplane.deduplication;
  // An event has more in it than what was published: see `broker_options::max_message_bytes`.
  const auto largest = server_.limits.max_message_bytes;
  if (largest < 2 * event_overhead_bytes)
    throw usage_error("--max-message: expected at least " + format_bytes(2 * event_overhead_bytes));
  result.max_message_bytes = std::min(result.max_message_bytes, largest - event_overhead_bytes);
  if (result.default_dialect == "none")
    result.default_dialect.clear();
  if (auto why = validate(result))
    reject(why, {});
  return result;
}

} // namespace wspool::cli
