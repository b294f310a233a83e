// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

// All message types and atoms of the library, in one place.

#include <wspool/caf_generation.hpp>
#include <wspool/events.hpp>
#include <wspool/inspect.hpp>
#include <wspool/outcomes.hpp>
#include <wspool/pool_options.hpp>
#include <wspool/server_events.hpp>
#include <wspool/server_inspect.hpp>
#include <wspool/stats.hpp>

#include <caf/all.hpp>

#include <memory>
#include <vector>

namespace wspool {

struct mail; // hub -> courier: what the clients of its thread get

} // namespace wspool

namespace wspool::internal {

/// A message between the actors of one pool: never leaves the process, so it travels as a pointer
/// to something that only the library's own sources know.
template <class T>
struct parcel {
  std::shared_ptr<T> content;
  T* operator->() const noexcept { return content.get(); }
  T& operator*() const noexcept { return *content; }
};

struct hand_over;   // dispatcher -> connection: messages to write
struct opened;      // connection -> dispatcher, supervisor
struct advanced;    // connection -> dispatcher: what was written and confirmed
struct ended;       // connection -> dispatcher, supervisor: the last word
struct subscribers; // dispatcher -> connections
struct slots;       // supervisor -> dispatcher: what became of a slot
struct sample;      // connection -> dispatcher: its counts
struct publication; // anybody of the pool -> dispatcher: an event for the subscribers

struct listening;     // spawn_server -> gate: the listeners
struct arrival;       // listener -> gate: a socket
struct entering;      // client -> hub: a request that may be let in
struct admission;     // hub -> client: it is
struct handed;        // client -> itself: frames to write, behind what waits in its mailbox
struct refused;       // client -> gate: the upgrade was refused
struct left;          // client -> hub, gate: the last word
struct client_sample; // client -> hub: its counts
struct gate_counts;   // gate -> hub

} // namespace wspool::internal

// The block starts well behind the first custom id, so that an application's own block may start
// there. It has room for 200 types.
CAF_BEGIN_TYPE_ID_BLOCK(wspool, first_custom_type_id + 1000)

  // -- values
  CAF_ADD_TYPE_ID(wspool, (wspool::errc))
  CAF_ADD_TYPE_ID(wspool, (wspool::message_kind))
  CAF_ADD_TYPE_ID(wspool, (wspool::delivery))
  CAF_ADD_TYPE_ID(wspool, (wspool::compression))
  CAF_ADD_TYPE_ID(wspool, (wspool::initiator))
  CAF_ADD_TYPE_ID(wspool, (wspool::slot_state))
  CAF_ADD_TYPE_ID(wspool, (wspool::until))
  CAF_ADD_TYPE_ID(wspool, (wspool::connection_id))
  CAF_ADD_TYPE_ID(wspool, (wspool::send_options))
  CAF_ADD_TYPE_ID(wspool, (wspool::outgoing))
  CAF_ADD_TYPE_ID(wspool, (wspool::message_batch))
  CAF_ADD_TYPE_ID(wspool, (wspool::header))
  CAF_ADD_TYPE_ID(wspool, (wspool::upgrade_response))
  CAF_ADD_TYPE_ID(wspool, (wspool::endpoint_options))
  CAF_ADD_TYPE_ID(wspool, (wspool::subscription))
  CAF_ADD_TYPE_ID(wspool, (wspool::histogram))

  // -- outcomes
  CAF_ADD_TYPE_ID(wspool, (wspool::receipt))
  CAF_ADD_TYPE_ID(wspool, (wspool::batch_receipt))
  CAF_ADD_TYPE_ID(wspool, (wspool::broadcast_outcome))
  CAF_ADD_TYPE_ID(wspool, (wspool::broadcast_report))
  CAF_ADD_TYPE_ID(wspool, (wspool::ping_outcome))
  CAF_ADD_TYPE_ID(wspool, (wspool::ping_report))
  CAF_ADD_TYPE_ID(wspool, (wspool::close_report))
  CAF_ADD_TYPE_ID(wspool, (wspool::traffic))
  CAF_ADD_TYPE_ID(wspool, (wspool::connection_stats))
  CAF_ADD_TYPE_ID(wspool, (wspool::endpoint_stats))
  CAF_ADD_TYPE_ID(wspool, (wspool::pool_stats))
  CAF_ADD_TYPE_ID(wspool, (std::vector<wspool::pool_stats>))

  // -- events
  CAF_ADD_TYPE_ID(wspool, (wspool::message_event))
  CAF_ADD_TYPE_ID(wspool, (wspool::messages_event))
  CAF_ADD_TYPE_ID(wspool, (wspool::open_event))
  CAF_ADD_TYPE_ID(wspool, (wspool::close_event))
  CAF_ADD_TYPE_ID(wspool, (wspool::error_event))
  CAF_ADD_TYPE_ID(wspool, (wspool::unexpected_response_event))
  CAF_ADD_TYPE_ID(wspool, (wspool::upgrade_event))
  CAF_ADD_TYPE_ID(wspool, (wspool::ping_event))
  CAF_ADD_TYPE_ID(wspool, (wspool::pong_event))
  CAF_ADD_TYPE_ID(wspool, (wspool::drain_event))
  CAF_ADD_TYPE_ID(wspool, (wspool::ready_event))
  CAF_ADD_TYPE_ID(wspool, (wspool::empty_event))
  CAF_ADD_TYPE_ID(wspool, (wspool::retry_event))
  CAF_ADD_TYPE_ID(wspool, (wspool::given_up_event))
  CAF_ADD_TYPE_ID(wspool, (wspool::ejected_event))
  CAF_ADD_TYPE_ID(wspool, (wspool::water_event))

  // -- between the actors of one pool; never leaves the process
  CAF_ADD_TYPE_ID(wspool, (wspool::internal::parcel<wspool::internal::hand_over>))
  CAF_ADD_TYPE_ID(wspool, (wspool::internal::parcel<wspool::internal::opened>))
  CAF_ADD_TYPE_ID(wspool, (wspool::internal::parcel<wspool::internal::advanced>))
  CAF_ADD_TYPE_ID(wspool, (wspool::internal::parcel<wspool::internal::ended>))
  CAF_ADD_TYPE_ID(wspool, (wspool::internal::parcel<wspool::internal::subscribers>))
  CAF_ADD_TYPE_ID(wspool, (wspool::internal::parcel<wspool::internal::slots>))
  CAF_ADD_TYPE_ID(wspool, (wspool::internal::parcel<wspool::internal::sample>))
  CAF_ADD_TYPE_ID(wspool, (wspool::internal::parcel<wspool::internal::publication>))

  // -- a server's values and events
  CAF_ADD_TYPE_ID(wspool, (wspool::client_ref))
  CAF_ADD_TYPE_ID(wspool, (wspool::audience::reach))
  CAF_ADD_TYPE_ID(wspool, (wspool::audience))
  CAF_ADD_TYPE_ID(wspool, (wspool::close_order))
  CAF_ADD_TYPE_ID(wspool, (wspool::client_info))
  CAF_ADD_TYPE_ID(wspool, (wspool::client_page))
  CAF_ADD_TYPE_ID(wspool, (wspool::listen_report))
  CAF_ADD_TYPE_ID(wspool, (wspool::drain_order))
  CAF_ADD_TYPE_ID(wspool, (wspool::drain_report))
  CAF_ADD_TYPE_ID(wspool, (wspool::client_arrived_event))
  CAF_ADD_TYPE_ID(wspool, (wspool::client_message_event))
  CAF_ADD_TYPE_ID(wspool, (wspool::client_messages_event))
  CAF_ADD_TYPE_ID(wspool, (wspool::client_left_event))
  CAF_ADD_TYPE_ID(wspool, (wspool::space_empty_event))
  CAF_ADD_TYPE_ID(wspool, (wspool::server_stats))

  CAF_ADD_TYPE_ID(wspool, (wspool::auth_request))
  CAF_ADD_TYPE_ID(wspool, (wspool::auth_verdict))

  // -- between the actors of one server; never leaves the process
  CAF_ADD_TYPE_ID(wspool, (wspool::internal::parcel<wspool::internal::listening>))
  CAF_ADD_TYPE_ID(wspool, (wspool::internal::parcel<wspool::internal::arrival>))
  CAF_ADD_TYPE_ID(wspool, (wspool::internal::parcel<wspool::internal::entering>))
  CAF_ADD_TYPE_ID(wspool, (wspool::internal::parcel<wspool::internal::admission>))
  CAF_ADD_TYPE_ID(wspool, (wspool::internal::parcel<wspool::mail>))
  CAF_ADD_TYPE_ID(wspool, (wspool::internal::parcel<wspool::internal::handed>))
  CAF_ADD_TYPE_ID(wspool, (wspool::internal::parcel<wspool::internal::refused>))
  CAF_ADD_TYPE_ID(wspool, (wspool::internal::parcel<wspool::internal::left>))
  CAF_ADD_TYPE_ID(wspool, (wspool::internal::parcel<wspool::internal::client_sample>))
  CAF_ADD_TYPE_ID(wspool, (wspool::internal::parcel<wspool::internal::gate_counts>))

  // -- atoms of the pool's interface
  CAF_ADD_ATOM(wspool, wspool, send_atom, "send")
  CAF_ADD_ATOM(wspool, wspool, deliver_atom, "deliver")
  CAF_ADD_ATOM(wspool, wspool, reply_atom, "reply")
  CAF_ADD_ATOM(wspool, wspool, broadcast_atom, "broadcast")
  CAF_ADD_ATOM(wspool, wspool, ping_atom, "ping")
  CAF_ADD_ATOM(wspool, wspool, broadcast_ping_atom, "ping_all")
  CAF_ADD_ATOM(wspool, wspool, stats_atom, "stats")
  CAF_ADD_ATOM(wspool, wspool, history_atom, "history")
  CAF_ADD_ATOM(wspool, wspool, metrics_atom, "metrics")
  CAF_ADD_ATOM(wspool, wspool, subscribe_atom, "subscribe")
  CAF_ADD_ATOM(wspool, wspool, unsubscribe_atom, "unsubscrib")
  CAF_ADD_ATOM(wspool, wspool, await_open_atom, "await_open")
  CAF_ADD_ATOM(wspool, wspool, add_atom, "add")
  CAF_ADD_ATOM(wspool, wspool, remove_atom, "remove")
  CAF_ADD_ATOM(wspool, wspool, resize_atom, "resize")
  CAF_ADD_ATOM(wspool, wspool, restart_atom, "restart")
  CAF_ADD_ATOM(wspool, wspool, close_atom, "close")
  CAF_ADD_ATOM(wspool, wspool, destroy_atom, "destroy")

  // -- atoms of a server's interface, besides some of the pool's
  CAF_ADD_ATOM(wspool, wspool, join_atom, "join")
  CAF_ADD_ATOM(wspool, wspool, leave_atom, "leave")
  CAF_ADD_ATOM(wspool, wspool, find_atom, "find")
  CAF_ADD_ATOM(wspool, wspool, list_atom, "list")
  CAF_ADD_ATOM(wspool, wspool, count_atom, "count")
  CAF_ADD_ATOM(wspool, wspool, address_atom, "address")
  CAF_ADD_ATOM(wspool, wspool, drain_atom, "drain")
  CAF_ADD_ATOM(wspool, wspool, authenticate_atom, "auth")
  CAF_ADD_ATOM(wspool, wspool, reload_atom, "reload")

  // -- atoms between the actors of one pool
  CAF_ADD_ATOM(wspool, wspool, tick_atom, "tick")
  CAF_ADD_ATOM(wspool, wspool, retire_atom, "retire")
  CAF_ADD_ATOM(wspool, wspool, sample_atom, "sample")

CAF_END_TYPE_ID_BLOCK(wspool)

WSPOOL_ERROR_CODE_ENUM(wspool::errc, "wspool")

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(wspool::internal::parcel<wspool::internal::hand_over>)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(wspool::internal::parcel<wspool::internal::opened>)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(wspool::internal::parcel<wspool::internal::advanced>)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(wspool::internal::parcel<wspool::internal::ended>)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(wspool::internal::parcel<wspool::internal::subscribers>)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(wspool::internal::parcel<wspool::internal::slots>)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(wspool::internal::parcel<wspool::internal::sample>)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(wspool::internal::parcel<wspool::internal::publication>)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(wspool::internal::parcel<wspool::internal::listening>)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(wspool::internal::parcel<wspool::internal::arrival>)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(wspool::internal::parcel<wspool::internal::entering>)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(wspool::internal::parcel<wspool::internal::admission>)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(wspool::internal::parcel<wspool::mail>)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(wspool::internal::parcel<wspool::internal::handed>)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(wspool::internal::parcel<wspool::internal::refused>)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(wspool::internal::parcel<wspool::internal::left>)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(wspool::internal::parcel<wspool::internal::client_sample>)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(wspool::internal::parcel<wspool::internal::gate_counts>)
