// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "account/stream_state.hpp"

#include <wspool/pool.hpp>

#include <memory>

namespace spdlog {
class logger;
}

namespace wspool::cli {

/// Subscribes to all a pool tells but messages, and tells people (a line for each failed connect,
/// refused upgrade and lost connection, with what happens next), programs (`events`: a JSON line
/// for each event) and `state`. What the calling thread tells the pool later comes after the
/// subscription.
[[nodiscard]] caf::actor spawn_observer(caf::actor_system& system, const pool_actor& pool,
                                        bool events, std::shared_ptr<stream_state> state,
                                        std::shared_ptr<spdlog::logger> logger);

} // namespace wspool::cli
