// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "account/stream_state.hpp"

#include <wspool/pool.hpp>

#include <memory>

namespace wspool::cli {

// The actors that pass messages on to the pool and keep the account of what became of them.

/// Takes `message_batch`es and has them delivered. Who sends them has counted them as accepted.
[[nodiscard]] caf::actor spawn_sender(caf::actor_system& system, pool_actor pool,
                                      std::shared_ptr<stream_state> state);

/// The same, but each message goes out on every open connection.
[[nodiscard]] caf::actor spawn_broadcaster(caf::actor_system& system, pool_actor pool,
                                           std::shared_ptr<stream_state> state);

/// Subscribe it to messages, in batches: it sends them back where they came from. It answers an
/// event once the replies are written, so a peer that does not read is not read from either.
[[nodiscard]] caf::actor spawn_echoer(caf::actor_system& system, pool_actor pool,
                                      std::shared_ptr<stream_state> state);

} // namespace wspool::cli
