// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "pool/connection_actor.hpp"
#include "runtime/strand_host.hpp"

#include <wspool/pool_options.hpp>

#include <memory>

namespace wspool {

/// Spawns the actor that keeps a pool's slots filled: it makes their connections, learns how each
/// one ended, and decides whether and when there is another. It ends with the dispatcher, and takes
/// all connections with it.
///
/// | message | from | meaning |
/// |---|---|---|
/// | `opened`, `ended` | connections | their first and last word |
/// | `subscribers` | dispatcher | for all connections, those to come included |
/// | `add_atom, endpoint_options` | dispatcher | answered when its slots are there |
/// | `remove_atom, url` | dispatcher | answered when its last connection is gone |
/// | `resize_atom, url, count` | dispatcher | answered when the slots are there, or gone |
/// | `restart_atom, connection_id` | dispatcher | answered when that connection is gone |
/// | `close_atom` | dispatcher | answered when the last connection is gone |
///
/// To the dispatcher it says `slots`, `publication`, `retire_atom, connection_id` (let that
/// connection finish what it holds, then close it), and `ended` for a connection that died without
/// a last word.
[[nodiscard]] caf::actor spawn_supervisor(const std::shared_ptr<strand_host>& host,
                                          std::shared_ptr<const pool_options> options,
                                          caf::actor dispatcher, connection_spawner spawn);

} // namespace wspool
