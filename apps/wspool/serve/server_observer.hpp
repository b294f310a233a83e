// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <wspool/server.hpp>

namespace wspool::cli {

/// Prints who arrives and leaves, a JSON line each, on stderr.
[[nodiscard]] caf::actor spawn_server_observer(caf::actor_system& system,
                                               const server_actor& server);

} // namespace wspool::cli
