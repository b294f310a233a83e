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
/// | `close_atom` | when `disconnect` was acknowledged or `options.timeout` is over |
///
/// A subscriber gets `channel_event`, `channel_gap_event` and, if it asked for that,
/// `channel_presence_event`: each message once and in order, or it is told of a gap. `observer` of
/// the options gets `session_open_event`, `session_lost_event` and `session_command_event`.
using session_actor = compat::typed_actor<
  caf::result<subscribe_report>(subscribe_atom, caf::actor, subscribe_order),
  caf::result<void>(unsubscribe_atom, caf::actor, std::string),
  caf::result<publish_outcome>(publish_atom, std::string, content),
  caf::result<content>(query_atom, std::string, content),
  caf::result<content>(query_atom, std::string, content, caf::timespan),
  caf::result<void>(command_atom, std::string, content),
  caf::result<presence_page>(presence_atom, std::string),
  caf::result<session_stats>(stats_atom),
  caf::result<void>(close_atom)>;

struct session_options {
  std::string session;  ///< what the server knows the client by; empty: drawn at random
  std::string token;    ///< shown in `connect`; empty: none
  caf::actor observer;  ///< null: nobody
  /// How long a request waits for its answer, reconnects included; then `errc::expired`.
  std::chrono::milliseconds timeout{30'000};
  std::size_t max_pending = 10'000; ///< requests without an answer; further ones: `errc::queue_full`
  std::uint64_t seed = 0;           ///< of the drawn session; 0: from the system
};

/// Speaks by one connection of a pool of its own, which it spawns of `options` with one endpoint
/// of one connection and the subprotocol `wspool.v1.json`.
/// @throws invalid_options
[[nodiscard]] session_actor spawn_session(caf::actor_system& system, io_pool& io,
                                          pool_options pool, session_options options = {});

/// The same, to one URL with the defaults of a pool.
[[nodiscard]] session_actor spawn_session(caf::actor_system& system, io_pool& io,
                                          const std::string& url, session_options options = {});

} // namespace wspool
