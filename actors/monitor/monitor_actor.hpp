// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "runtime/strand_host.hpp"

#include <wspool/pool.hpp>

#include <memory>

namespace wspool {

/// Spawns a pool's monitor: takes a snapshot of the pool at every interval, adds the rates since
/// the one before, publishes it through the dispatcher (`event::stats`), keeps the last minutes.
///
/// | message | answer |
/// |---|---|
/// | `history_atom` | the snapshots it keeps, oldest first |
/// | `metrics_atom` | a fresh snapshot as Prometheus text |
[[nodiscard]] caf::actor spawn_monitor(const std::shared_ptr<strand_host>& host,
                                       std::shared_ptr<const pool_options> options,
                                       pool_actor pool);

} // namespace wspool
