// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "hub/hub_messages.hpp"
#include "runtime/strand_host.hpp"

#include <wspool/server.hpp>

#include <memory>

namespace wspool {

/// The hub's full interface: the server's, and what the server's other actors tell it.
using hub_actor =
  compat::extend<server_actor, caf::result<void>(internal::parcel<internal::entering>),
                 caf::result<void>(internal::parcel<internal::left>), caf::result<void>(tick_atom)>;

/// Spawns a server's hub; the gate ends with it. `options` is valid and has its seed.
[[nodiscard]] hub_actor spawn_hub(const std::shared_ptr<strand_host>& host,
                                  std::shared_ptr<const server_options> options, caf::actor gate);

} // namespace wspool
