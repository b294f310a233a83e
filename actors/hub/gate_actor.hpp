// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "hub/client_actor.hpp"
#include "hub/hub_messages.hpp"
#include "runtime/strand_host.hpp"

#include <wspool/server_options.hpp>

#include <functional>
#include <memory>

namespace wspool {

/// Makes clients; tests put a fake in its place.
using client_spawner =
  std::function<caf::actor(const std::shared_ptr<boost::asio::io_context>&, client_setup)>;

/// Spawns the actor that lets sockets in: it counts them, in all and by address, and spawns a
/// client for each, which asks `authenticator` if there is one. All clients end with it.
///
/// | message | from | meaning |
/// |---|---|---|
/// | `join_atom, hub` | `spawn_server` | whom clients ask; comes before all arrivals |
/// | `listening` | `spawn_server` | what brings arrivals |
/// | `arrival` | listeners | a socket |
/// | `refused`, `left` | clients | what became of them |
/// | `close_atom` | hub | accept no more |
/// | `reload_atom` | hub | answered when the certificates were read again |
/// | `address_atom` | hub | answered with `listen_report` |
/// | `sample_atom` | hub | answered with `gate_counts` |
[[nodiscard]] caf::actor spawn_gate(const std::shared_ptr<strand_host>& host,
                                    std::shared_ptr<const server_options> options,
                                    authenticator_actor authenticator = {},
                                    client_spawner spawn = {});

} // namespace wspool
