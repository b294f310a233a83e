// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "process/app_system.hpp"
#include "process/signals.hpp"
#include "settings/address.hpp"

namespace wspool::cli {

/// The pool that `wspool node` published at an address. Any signal ends the program while it waits,
/// at most for the deadlines of an address and of a handshake.
/// @throws std::runtime_error if there is no such node, or it has no pool of this interface.
[[nodiscard]] pool_actor connect_to_node(app_system& apps, const address& node,
                                         const signal_inbox& signals,
                                         const connection_deadlines& deadlines);

/// Publishes a pool. @returns the port. @throws std::runtime_error if the address is taken.
[[nodiscard]] std::uint16_t publish(app_system& apps, const pool_actor& pool, const address& where);

/// Takes no new users. Those there are stay connected.
void unpublish(app_system& apps, const pool_actor& pool, std::uint16_t port);

} // namespace wspool::cli
