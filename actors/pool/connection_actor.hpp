// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "pool/internal_messages.hpp"
#include "runtime/strand_host.hpp"

#include <wspool/endpoint.hpp>
#include <wspool/pool_options.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace wspool {

/// Who a connection is to its pool.
struct connection_place {
  connection_id id;
  std::string url;    ///< without credentials
  std::string origin; ///< scheme://host:port
  member_info info;
  bool slow_start = false;
  std::shared_ptr<const pool_options> options; ///< `connector` is set
  caf::actor dispatcher;
  caf::actor supervisor;
};

/// What a supervisor gives a connection for its one life.
struct connection_setup : connection_place {
  endpoint target;
  std::uint32_t attempt = 1;
  bool refresh = false; ///< the last attempt's credentials were refused
  internal::parcel<internal::subscribers> subscribers; ///< as they are now
};

/// Makes connections; tests put a fake in its place.
using connection_spawner = std::function<caf::actor(connection_setup)>;

/// Spawns the actor of one connection: it connects, serves, and dies with a reason; it never
/// reconnects itself. Its first word to dispatcher and supervisor is `internal::opened`, its last
/// `internal::ended`, whatever ends it.
///
/// | message | from | meaning |
/// |---|---|---|
/// | `hand_over` | dispatcher | write these, in order |
/// | `subscribers` | supervisor | who wants events from now on |
/// | `ping_atom, payload` | dispatcher | answered with `ping_outcome` |
/// | `sample_atom` | dispatcher | answered with `sample` |
/// | `close_atom, code, reason` | dispatcher, supervisor | write what is left, then close |
[[nodiscard]] caf::actor spawn_connection(const std::shared_ptr<strand_host>& host,
                                          connection_setup setup);

} // namespace wspool
