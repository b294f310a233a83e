// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <wspool/close_code.hpp>
#include <wspool/connect_options.hpp>
#include <wspool/error.hpp>
#include <wspool/message.hpp>
#include <wspool/stats.hpp>

#include <chrono>
#include <compare>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace wspool {

/// A client of a server: its id, unique in its namespace.
struct client_ref {
  std::string space;
  std::string id;
  friend auto operator<=>(const client_ref&, const client_ref&) = default;
};

/// "space/id", for logs. Inline: a pool without a server prints its messages, too.
[[nodiscard]] inline std::string to_string(const client_ref& client) {
  return client.space + "/" + client.id;
}

/// Whom a message or a close is for. Made by `to_one`, `to_room`, `to_space` and `to_all`.
struct audience {
  enum class reach : std::uint8_t { one, room, space, all };
  reach whom = reach::all;
  std::string space; ///< all but `all`
  std::string name;  ///< the id (`one`) or the room (`room`)
  /// Left out; no id: nobody.
  client_ref except;
};

[[nodiscard]] audience to_one(client_ref who);
[[nodiscard]] audience to_room(std::string space, std::string room, client_ref except = {});
[[nodiscard]] audience to_space(std::string space, client_ref except = {});
[[nodiscard]] audience to_all(client_ref except = {});

/// How to close a client: RFC 6455 §7.4's code, and at most 123 bytes of reason.
struct close_order {
  std::uint16_t code = close_code::normal;
  std::string reason;
};

/// What is known of a client.
struct client_info {
  client_ref client;
  std::string identity;    ///< as the authenticator, or `entrance_options::identity`, found it
  std::string peer;        ///< remote address and port
  std::string target;      ///< path of the upgrade request, without its query
  std::string subprotocol; ///< that the server chose
  std::vector<std::string> rooms; ///< in the order of joining; of `find_atom` only
};

/// A page of a namespace's clients, ascending by id.
struct client_page {
  std::vector<client_info> clients;
  bool more = false; ///< ask again, with the last one's id as `after`
};

/// The addresses listened on, "host:port", in the order of the options.
struct listen_report {
  std::vector<std::string> addresses;
};

/// How to empty a server.
struct drain_order {
  double max_per_second = 100; ///< closings, evenly spread in time
  close_order close{close_code::going_away, "the server is going away"};
  std::chrono::milliseconds deadline{60'000}; ///< then what is left is cut off
};

/// What a drain came to: each client that was there is in one of the three.
struct drain_report {
  std::uint64_t closed = 0; ///< by a closing handshake, everything flushed before
  /// Ended hard, by a deadline or because the connection broke then, or went before it had taken
  /// everything.
  std::uint64_t cut_off = 0;
  std::uint64_t left = 0; ///< went before it was their turn
  std::chrono::milliseconds duration{0};
};

// -- authentication -------------------------------------------------------------------------------

/// What a client shows to be let in.
struct auth_request {
  std::string space;           ///< the namespace it wants to be in
  std::string target;          ///< path and query of the upgrade request
  std::vector<header> headers; ///< of the upgrade request
  std::string peer;            ///< remote address and port
  /// The subject of its own certificate, as of RFC 2253; empty: it has shown none.
  std::string certificate;
  /// The bearer token (RFC 6750): of the `Authorization` header, of the query's `access_token`, or
  /// of the protocol's `connect`. Empty: none.
  std::string token;
};

/// What is decided about a client. Made by `accept_as` and `refuse_with`.
struct auth_verdict {
  std::uint16_t status = 0;    ///< of the refusal, 400 to 599; 0: let in
  std::vector<header> headers; ///< of the refusal, e.g. `WWW-Authenticate`
  std::string body;            ///< of the refusal; must not quote the token
  std::string identity;        ///< who it is; empty: nobody in particular
  /// When this ends, in seconds since 1970; the client is closed then with 4401. 0: never.
  std::int64_t expires = 0;
};

// -- events ---------------------------------------------------------------------------------------

// All events of one client come from its connection's actor, in the order in which they happened:
// arrived, messages, left. `space_empty_event` comes after the last client's `client_left_event`.

/// A client was upgraded.
struct client_arrived_event {
  client_info info;
};

/// One received message (subscriptions that did not ask for batches).
struct client_message_event {
  client_ref client;
  std::string data;
  message_kind kind = message_kind::text;
};

/// Messages that one read brought (subscriptions that asked for batches).
struct client_messages_event {
  client_ref client;
  message_batch messages;
};

/// A client is gone.
struct client_left_event {
  client_ref client;
  std::string identity;
  std::uint16_t code = close_code::abnormal; ///< as whoever began said it; 1006 if nobody did
  std::string reason;
  initiator began = initiator::remote;
  bool clean = false;
  errc why = errc::none; ///< what ended it: `closed`, `slow_consumer`, `heartbeat_timeout`, …
};

/// The last client of a namespace left. Fires at the transition.
struct space_empty_event {
  std::string space;
};

/// Kinds of a server's events, as bits of `subscription::events`; `event::all` is all of them.
namespace server_event {
inline constexpr std::uint32_t message = 1u << 0;
inline constexpr std::uint32_t arrived = 1u << 1;
inline constexpr std::uint32_t left = 1u << 2;
inline constexpr std::uint32_t space_empty = 1u << 3;
} // namespace server_event

// -- statistics -----------------------------------------------------------------------------------

/// A server at one moment. Counts are since its start, those of connections that ended included.
struct server_stats {
  std::string server;
  bool draining = false;
  std::uint64_t sockets = 0; ///< TCP connections, those that are not upgraded included
  std::uint64_t clients = 0; ///< upgraded, now
  std::uint64_t spaces = 0;  ///< with a client
  std::uint64_t rooms = 0;   ///< with a client

  std::uint64_t arrived = 0;
  std::map<std::uint16_t, std::uint64_t> refused; ///< upgrades, by HTTP status
  std::uint64_t turned_away = 0; ///< closed without an answer: too many knocked at once
  std::uint64_t failed = 0;      ///< ended before the upgrade: no or a broken request, a deadline
  /// Answers to requests that asked for no WebSocket, by HTTP status; in none of those above.
  std::map<std::uint16_t, std::uint64_t> http;
  std::vector<close_count> closes;           ///< ascending by code
  std::map<std::string, std::uint64_t> ends; ///< of clients, by `name_of(errc)`

  traffic total_traffic;
  std::uint64_t dropped_messages = 0; ///< by `slow_consumer` policies, or waiting when it closed
  std::uint64_t waiting_messages = 0; ///< in all clients' backlogs, now
  std::uint64_t waiting_bytes = 0;
};

} // namespace wspool
