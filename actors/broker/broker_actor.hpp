// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "runtime/strand_host.hpp"

#include <wspool/broker.hpp>

#include <memory>

namespace wspool {

/// The broker's full interface: its own, and what the hub and the backplane tell it.
using broker_full_actor =
  compat::extend<broker_actor, caf::result<void>(client_arrived_event),
                 caf::result<void>(client_messages_event), caf::result<void>(client_left_event),
                 caf::result<void>(client_missed_event), caf::result<void>(backplane_events),
                 caf::result<void>(tick_atom)>;

/// Spawns a broker on a strand. `options` is valid and has its seed.
[[nodiscard]] broker_full_actor spawn_broker(const std::shared_ptr<strand_host>& host,
                                             const server_actor& hub,
                                             const backplane_actor& backplane,
                                             std::shared_ptr<const broker_options> options);

} // namespace wspool
