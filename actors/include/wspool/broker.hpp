// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <wspool/authentication.hpp>
#include <wspool/backplane.hpp>
#include <wspool/io_pool.hpp>
#include <wspool/messaging_type_ids.hpp>
#include <wspool/server.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace wspool {

/// The application behind a broker. Its answer to a query, or its error, goes to the client; a
/// command is acknowledged when it was answered. `errc::unknown_endpoint` says that there is no
/// query or command of this name.
using application_actor = compat::typed_actor<caf::result<content>(query_atom, client_call),
                                              caf::result<void>(command_atom, client_call)>;

/// The address of a broker: channels for the clients of a server, in the dialects of PROTOCOL.md.
///
/// | message | answer |
/// |---|---|
/// | `publish_atom, channel_ref, content` | `channel_place`, when it is published |
/// | `command_atom, client_ref, name, content` | when handed to the client; v1 only |
/// | `drain_atom, drain_order` | as the server's; clients are told before (`drain`) |
/// | `stats_atom` | `broker_stats` |
/// | `metrics_atom` | Prometheus text, of the broker and its backplane |
/// | `destroy_atom` | when told; ends the broker, not its server |
using broker_actor =
  compat::typed_actor<caf::result<channel_place>(publish_atom, channel_ref, content),
                      caf::result<void>(command_atom, client_ref, std::string, content),
                      caf::result<drain_report>(drain_atom, drain_order),
                      caf::result<broker_stats>(stats_atom), caf::result<std::string>(metrics_atom),
                      caf::result<void>(destroy_atom)>;

/// Everything about a broker.
struct broker_options {
  std::string name = "broker"; ///< in logs and metrics
  /// What clients speak that have no subprotocol, or one that is no dialect: "v1", "thinws" or
  /// "channels".
  /// Empty: they are closed with 1002.
  std::string default_dialect = "v1";
  /// Events say who published them.
  bool tell_publisher = true;
  /// Members come and go with events, and can be asked for. Off: `presence` is `forbidden`.
  bool presence = true;
  /// Who has no identity after the upgrade must show a token in `connect`. Needs `authenticator`.
  bool require_token = false;
  /// Asked about the token of `connect`; null: tokens are ignored.
  authenticator_actor authenticator;
  application_actor application; ///< null: every query and command is `not_found`
  /// Above: the request is refused with `too_big`. The server's own limit must leave room for what
  /// an event has besides (some 1 KiB): what is too large for the server becomes a gap.
  std::size_t max_message_bytes = 64 * 1024;
  /// The server's `max_rooms` should not be smaller (twice as many, if all want presence): whoever
  /// gets no more rooms there is sent its messages one by one, which is slower.
  std::size_t max_channels_per_client = 1'000;
  std::size_t max_channels = 100'000;               ///< in one namespace
  std::size_t max_queries_per_client = 16;          ///< at once
  std::chrono::milliseconds query_deadline{10'000}; ///< if the query has none
  /// Rejected messages in ten seconds that make the broker close a client with 1008. 0: any number.
  std::size_t max_rejections = 50;
  /// Requests to the backplane that take longer are answered with `unavailable`.
  std::chrono::milliseconds backplane_timeout{5'000};
  /// What clients are told about how long the ids of publications are remembered: the backplane's
  /// `backplane_options::deduplication`.
  std::chrono::milliseconds deduplication{120'000};
  /// `reconnect_window_ms` of the hint that is sent before a drain.
  std::chrono::milliseconds reconnect_window{5'000};
  std::shared_ptr<spdlog::logger> logger; ///< null: silent
  std::uint64_t seed = 0;                 ///< of names that are drawn; 0: from the system
};

/// Checks every field. The failure's detail names the field and quotes its value.
[[nodiscard]] failure validate(const broker_options& options);

/// Serves the clients of `server`, all of them from now on, and adds its metrics to the server's.
/// It ends with the server, and the backplane's loss
/// closes nobody: requests that need it are answered with `unavailable`.
/// @throws invalid_options
[[nodiscard]] broker_actor spawn_broker(caf::actor_system& system, io_pool& io,
                                        const server_actor& server,
                                        const backplane_actor& backplane, broker_options options);

} // namespace wspool
