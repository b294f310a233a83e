// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "account/stream_state.hpp"
#include "endpoint/http_endpoint.hpp"
#include "process/app_system.hpp"

#include <memory>
#include <string>

namespace spdlog {
class logger;
}

namespace wspool::cli {

/// Serves what a running process says about itself: `/metrics` (Prometheus), `/healthz` (it lives),
/// `/readyz` (503 while it starts, has no open connection, or drains).
///
/// Thread contract: the main thread. Ends before `apps`.
class metrics_endpoint {
public:
  /// Listens on HOST:PORT; does nothing, now and later, if that is empty.
  /// @throws usage_error, std::runtime_error if the address is taken
  metrics_endpoint(app_system& apps, const std::string& where, spdlog::logger& logger);

  /// Answers with the numbers of this pool. Call it once.
  void serve(const pool_actor& pool, std::shared_ptr<stream_state> state);

private:
  app_system& apps_;
  std::unique_ptr<http_endpoint> http_;
};

} // namespace wspool::cli
