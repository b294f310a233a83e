// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <wspool/error.hpp>
#include <wspool/server_options.hpp>

#include <mutex>
#include <optional>
#include <string>

namespace wspool::cli {

/// Whether a server may be sent clients, by what its Redis is like. One that never had its Redis is
/// not ready: something is wrong with how it was started. One that lost it stays ready, and says
/// so: all processes lose it together, and a proxy that took them all out would leave nobody.
///
/// Thread-safe: the backplane tells, whoever answers `/readyz` asks.
class backplane_health {
public:
  /// Of `redis_options::on_link`.
  void on_link(const failure& why);
  /// Of `http_options::ready`.
  [[nodiscard]] readiness state() const;

private:
  mutable std::mutex mutex_; ///< guards all below
  bool was_up_ = false;
  std::optional<std::string> trouble_ = "no answer yet"; ///< why there is no link now
};

} // namespace wspool::cli
