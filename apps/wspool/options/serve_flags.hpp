// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "settings/settings.hpp"

#include <wspool/authenticators.hpp>
#include <wspool/broker.hpp>
#include <wspool/redis_backplane.hpp>
#include <wspool/server.hpp>

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace wspool::cli {

/// The options of `serve`: those of a server, of its broker and of what lies behind them.
class serve_flags {
public:
  serve_flags() = default;
  serve_flags(const serve_flags&) = delete;
  serve_flags& operator=(const serve_flags&) = delete;

  /// Adds the sections of a server to the table, which refers to this object from now on.
  void describe(settings& table);
  /// Puts them on a subcommand.
  static void attach(settings& table, CLI::App& command);

  /// The options, checked. @throws usage_error
  [[nodiscard]] server_options server() const;
  [[nodiscard]] broker_options broker() const;
  /// Everything that is checked at a start, files included, without starting anything. The error
  /// begins with the flag, or the key if there is none. @throws usage_error
  void check() const;

  /// Who says whether a token is good.
  enum class authority { none, tokens, jwt };

  /// Spawns what the options name; null if that is nobody. @throws usage_error
  [[nodiscard]] authenticator_actor spawn_authenticator(caf::actor_system& system) const;
  /// In this process's memory, or a Redis. @throws usage_error
  [[nodiscard]] backplane_actor spawn_backplane(caf::actor_system& system, io_pool& io,
                                                std::shared_ptr<spdlog::logger> logger,
                                                std::function<void(const failure&)> on_link) const;
  [[nodiscard]] bool with_redis() const noexcept { return with_redis_; }
  /// Tokens come in `connect` only: the upgrade asks for none.
  [[nodiscard]] bool late_tokens() const noexcept { return late_tokens_; }

  backplane_options backplane;
  drain_order drain{100, {close_code::service_restart, "the server is going away"}, {}};

private:
  void describe_listening(settings& table);
  void describe_limits(settings& table);
  void describe_clients(settings& table);
  void describe_channels(settings& table);
  void describe_tokens(settings& table);
  void describe_redis(settings& table);
  void check_tokens() const;
  void check_backplane() const;
  /// Of the list, if there is one; a key is tried. @throws usage_error
  [[nodiscard]] std::vector<bearer_token> tokens() const;

  server_options server_;
  broker_options broker_;
  tls_options tls_;
  std::vector<std::string> listen_;
  std::string namespace_from_;
  std::string identity_from_;
  std::vector<std::string> named_certificates_;
  bool client_certificate_optional_ = false;
  std::vector<std::string> files_;
  authority authority_ = authority::none;
  std::string token_file_;
  jwt_options jwt_;
  bool late_tokens_ = false;
  bool with_redis_ = false;
  redis_options redis_;
};

} // namespace wspool::cli
