// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <wspool/authentication.hpp>
#include <wspool/io_pool.hpp>
#include <wspool/pool.hpp>
#include <wspool/server_events.hpp>
#include <wspool/server_options.hpp>
#include <wspool/type_ids.hpp>

#include <cstdint>
#include <string>

namespace wspool {

/// The address of a server, its hub. Any actor may use it.
///
/// | message | answer |
/// |---|---|
/// | `send_atom, audience, outgoing` / `message_batch` | how many clients it was handed to |
/// | `send_atom, audience, outgoing, close_order` | the same; closes them behind it |
/// | `close_atom, audience, close_order` | how many are closed, each once all is flushed |
/// | `join_atom, client_ref, room` / `leave_atom, …` | when done; joining twice is joining once |
/// | `find_atom, client_ref` | `client_info`, or `errc::no_connection` |
/// | `list_atom, space, after, limit` | `client_page`: at most `limit` ids behind `after` |
/// | `count_atom, audience` | how many clients that are |
/// | `authenticate_atom, client_ref, expires` | noted; see below |
/// | `subscribe_atom, subscriber, subscription` | ends with the subscriber or `unsubscribe` |
/// | `stats_atom` | `server_stats` |
/// | `metrics_atom` | Prometheus text, of the server and of those that were added |
/// | `add_atom, metrics_atom, actor` | when added, until it ends; 16 at most |
/// | `address_atom` | `listen_report` |
/// | `reload_atom` | when certificates and keys were read again, for handshakes to come |
/// | `drain_atom, drain_order` | `drain_report`, when the last client is gone |
/// | `destroy_atom` | when told; ends the server, and all connections hard |
///
/// A message that nobody gets is no error: the answer is 0. One that nobody may get is:
/// `errc::too_big` above the limit, `errc::invalid_message` for text that is not UTF-8 or a
/// malformed batch (then none of the batch is sent). Of `send_options` only kind and compression
/// count. What one actor sends to the hub reaches each client in that order.
///
/// What came by the upgrade's verdict may be renewed: `authenticate_atom` says when the client is
/// to be closed with 4401, in seconds since 1970 (0: never; what is over: at once), whatever was
/// said before. `errc::no_connection` if it is gone.
///
/// If a file cannot be used, `reload_atom` is answered with `errc::tls_configuration` and the name
/// of the file, and all listeners keep what they have.
///
/// Whoever is added for metrics is asked by `metrics_atom` for a text of its own, which comes
/// behind the server's in `/metrics`; who does not answer within 2 s is left out.
///
/// A new subscriber is told first of each client that is there already. A subscriber that is behind
/// slows the sockets (`server_options::max_unread_bytes`), as a pool's does.
using server_actor = compat::typed_actor<
  caf::result<std::uint64_t>(send_atom, audience, outgoing),
  caf::result<std::uint64_t>(send_atom, audience, message_batch),
  caf::result<std::uint64_t>(send_atom, audience, outgoing, close_order),
  caf::result<std::uint64_t>(close_atom, audience, close_order),
  caf::result<void>(join_atom, client_ref, std::string),
  caf::result<void>(leave_atom, client_ref, std::string),
  caf::result<client_info>(find_atom, client_ref),
  caf::result<client_page>(list_atom, std::string, std::string, std::uint32_t),
  caf::result<std::uint64_t>(count_atom, audience),
  caf::result<void>(authenticate_atom, client_ref, std::int64_t),
  caf::result<void>(subscribe_atom, caf::actor, subscription),
  caf::result<void>(unsubscribe_atom, caf::actor), caf::result<server_stats>(stats_atom),
  caf::result<std::string>(metrics_atom), caf::result<void>(add_atom, metrics_atom, caf::actor),
  caf::result<listen_report>(address_atom), caf::result<void>(reload_atom),
  caf::result<drain_report>(drain_atom, drain_order), caf::result<void>(destroy_atom)>;

/// Starts a server: it listens when this returns, its actors live on the threads of `io`, each
/// connection on that of its socket.
///
/// The server ends by `destroy_atom`, with `io` (its `stop()` or destructor), or with the system.
/// When the process runs out of descriptors, accepting pauses and goes on; clients wait in the
/// kernel's queue meanwhile.
///
/// `authenticator` is asked about each upgrade request that the options let in, before the client
/// is anybody's: its identity, if it gives one, replaces that of `entrance_options::identity`. An
/// error, or no answer until `admission_options::handshake` is over, refuses with 503. None: all
/// that the options let in may come.
///
/// Needs the library's message types: see `prepare`.
/// @throws invalid_options also for an address that cannot be listened on (`code()` is then
///         `address_in_use`, `resolve_failed`, `tls_configuration` or `io_error`)
[[nodiscard]] server_actor spawn_server(caf::actor_system& system, io_pool& io,
                                        server_options options,
                                        authenticator_actor authenticator = {});

} // namespace wspool
