// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <wspool/broker.hpp>

namespace wspool::cli {

/// The application behind `wspool serve`, which has none: something to try queries and commands
/// on. Queries `echo` (answers with its data) and `time` (milliseconds since 1970); the command
/// `ignore`.
[[nodiscard]] application_actor spawn_try_out(caf::actor_system& system);

} // namespace wspool::cli
