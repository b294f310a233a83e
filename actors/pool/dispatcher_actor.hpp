// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "pool/connection_actor.hpp"
#include "runtime/strand_host.hpp"

#include <wspool/pool.hpp>

#include <memory>

namespace wspool {

/// The dispatcher's full interface: the pool's, and what the pool's other actors tell it.
using dispatcher_actor =
  compat::extend<pool_actor, caf::result<void>(internal::parcel<internal::opened>),
                 caf::result<void>(internal::parcel<internal::advanced>),
                 caf::result<void>(internal::parcel<internal::ended>),
                 caf::result<void>(internal::parcel<internal::slots>),
                 caf::result<void>(internal::parcel<internal::publication>),
                 caf::result<void>(retire_atom, connection_id), caf::result<void>(tick_atom)>;

/// Spawns a pool's dispatcher, which spawns supervisor and monitor. `options` is valid and has its
/// connector; `spawn` makes the connections (null: real ones).
[[nodiscard]] dispatcher_actor spawn_dispatcher(const std::shared_ptr<strand_host>& host,
                                                std::shared_ptr<const pool_options> options,
                                                connection_spawner spawn = {});

} // namespace wspool
