// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "settings/settings.hpp"

#include <wspool/broker.hpp>
#include <wspool/server.hpp>

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

  backplane_options backplane;
  drain_order drain{100, {close_code::service_restart, "the server is going away"}, {}};

private:
  void describe_listening(settings& table);
  void describe_limits(settings& table);
  void describe_clients(settings& table);
  void describe_channels(settings& table);

  server_options server_;
  broker_options broker_;
  tls_options tls_;
  std::vector<std::string> listen_;
  std::string namespace_from_;
  std::string identity_from_;
};

} // namespace wspool::cli
