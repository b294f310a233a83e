// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <wspool/io_pool.hpp>
#include <wspool/messaging_type_ids.hpp>
#include <wspool/pool.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace wspool {

/// The address of a session: the client's side of the protocol `wspool.v1.json`.
///
/// | message | answer |
/// |---|---|
/// | `subscribe_atom, subscriber, subscribe_order` | `subscribe_report`, when accepted |
/// | `unsubscribe_atom, subscriber, channel` | when accepted |
/// | `publish_atom, channel, content` | `publish_outcome`: at least once sent, once published |
/// | `query_atom, name, content` / `…, timeout` | `content`, or an error |
/// | `command_atom, name, content` | when the application has it |
/// | `presence_atom, channel` | `presence_page` |
/// | `stats_atom` | `session_stats` |
/// | `close_atom` | when all is answered and `disconnect` was acknowledged, or after the timeout |
///
/// A subscriber gets `channel_event`, `channel_gap_event` and, if it asked for that,
/// `channel_presence_event`: each message once and in order, or it is told of a gap. `observer` of
/// the options gets `session_open_event`, `session_lost_event` and `session_command_event`.
///
/// Each request has one answer. One that fails is answered with an error of `errc`, whose text has
/// the server's words if it was the server that refused: `expired`, `queue_full`, `too_big`,
/// `invalid_message` (it may not be asked, or not so), `rate_exceeded`, `no_connection`,
/// `connection_lost` (a command that may or may not have arrived; a publication too old to be sent
/// again), `dropped` (unsubscribed meanwhile), `pool_closed`, `unreachable`. What is refused only
/// for now is sent again within the timeout; its order among others is then lost.
///
/// The session is subscribed again, and recovers, on each further connection. Who comes and goes
/// meanwhile is not told: ask for `presence` after a `session_open_event`.
///
/// It ends by `close_atom`, with `io`, with the system, or when there is no hope: a wrong token,
/// close codes 4401 and others that its pool gives up at, a server that does not speak v1. All that
/// waits then fails, and `observer` gets a last `session_lost_event`; monitor the session to know.
/// (A `session_lost_event` is also told of each attempt to connect that fails.)
///
/// A subscriber's answer to an event gives room for the next ones (CAF sends one for a handler
/// without a result, too): who is slow holds up the session's connection.
using session_actor =
  compat::typed_actor<caf::result<subscribe_report>(subscribe_atom, caf::actor, subscribe_order),
                      caf::result<void>(unsubscribe_atom, caf::actor, std::string),
                      caf::result<publish_outcome>(publish_atom, std::string, content),
                      caf::result<content>(query_atom, std::string, content),
                      caf::result<content>(query_atom, std::string, content, caf::timespan),
                      caf::result<void>(command_atom, std::string, content),
                      caf::result<presence_page>(presence_atom, std::string),
                      caf::result<session_stats>(stats_atom), caf::result<void>(close_atom)>;

struct session_options {
  std::string session; ///< what the server knows the client by; empty: drawn at random
  std::string token;   ///< shown in `connect`; empty: none
  caf::actor observer; ///< null: nobody
  /// How long a request waits for its answer, reconnects included; then `errc::expired`.
  std::chrono::milliseconds timeout{30'000};
  /// Requests without an answer; further ones fail with `errc::queue_full`.
  std::size_t max_pending = 10'000;
  std::uint64_t seed = 0; ///< of the drawn session; 0: from the system
};

/// What a session's error says besides its `errc`, e.g. "not_found: no such query" in the server's
/// words; empty: nothing.
[[nodiscard]] std::string reason_of(const caf::error& e);

/// Speaks by one connection of a pool of its own, which it spawns of `pool` with its one endpoint,
/// one connection and the subprotocol `wspool.v1.json`.
/// @throws invalid_options
[[nodiscard]] session_actor spawn_session(caf::actor_system& system, io_pool& io, pool_options pool,
                                          session_options options = {});

/// The same, to one URL with the defaults of a pool.
[[nodiscard]] session_actor spawn_session(caf::actor_system& system, io_pool& io,
                                          const std::string& url, session_options options = {});

} // namespace wspool
