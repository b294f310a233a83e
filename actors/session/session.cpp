// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include <wspool/session.hpp>

#include "runtime/option_checker.hpp"
#include "session/session_state.hpp"

#include <cstdint>
#include <memory>
#include <random>
#include <string_view>
#include <utility>

namespace wspool {

namespace {

/// 32 hexadecimal digits: nobody draws the same.
std::string draw_session(std::uint64_t seed) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::random_device device;
  std::mt19937_64 engine{seed};
  std::string result;
  while (result.size() < 32)
    result.push_back(digits[(seed == 0 ? device() : engine()) & 0xf]);
  return result;
}

failure check(const pool_options& pool, const session_options& options) {
  const request_limits limits;
  detail::option_checker checker;
  checker.expect(pool.endpoints.size() == 1, "endpoints", std::to_string(pool.endpoints.size()),
                 "one: a session has one connection");
  if (!options.session.empty())
    checker.expect(check_name("session", options.session, limits.id_bytes).code == errc::none,
                   "session", options.session, "1 to 128 bytes without control characters");
  // What it is must not be told.
  if (!options.token.empty())
    checker.expect(check_name("token", options.token, limits.token_bytes).code == errc::none,
                   "token", "...", "1 to 8192 bytes without control characters");
  checker.duration("timeout", options.timeout, std::chrono::milliseconds{1});
  checker.at_least<std::size_t>("max_pending", options.max_pending, 1);
  if (auto wrong = checker.take())
    return wrong;
  return validate(pool);
}

} // namespace

std::string reason_of(const caf::error& e) {
  const auto& about = e.context();
  return about.match_elements<std::string>() ? about.get_as<std::string>(0) : std::string{};
}

session_actor spawn_session(caf::actor_system& system, io_pool& io, pool_options pool,
                            session_options options) {
  if (auto why = check(pool, options))
    throw invalid_options{why};
  session_setup setup;
  setup.endpoint = std::move(pool.endpoints.front());
  setup.endpoint.connections = 1;
  setup.observer = std::move(options.observer);
  setup.settings.session =
    options.session.empty() ? draw_session(options.seed) : std::move(options.session);
  setup.settings.token = std::move(options.token);
  setup.settings.timeout = options.timeout;
  setup.settings.max_pending = options.max_pending;
  setup.settings.max_message_bytes = pool.connect.limits.max_message_bytes;
  setup.settings.seed = options.seed != 0 ? options.seed : std::random_device{}();
  pool.endpoints.clear();
  pool.connect.upgrade.subprotocols = {std::string{subprotocol_of(dialect_kind::v1)}};
  pool.policy = delivery::at_most_once;
  setup.pool = spawn_pool(system, io, std::move(pool));
  const auto host = strand_host::of(system, io);
  auto result = spawn_on_strand<session_state>(host, std::move(setup));
  host->add_root(caf::actor_cast<caf::strong_actor_ptr>(result));
  return result;
}

session_actor spawn_session(caf::actor_system& system, io_pool& io, const std::string& url,
                            session_options options) {
  pool_options pool;
  pool.endpoints = {{url, 1, 1, 0}};
  return spawn_session(system, io, std::move(pool), std::move(options));
}

} // namespace wspool
