// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

// How CAF saves, loads and prints a server's values.

#include <wspool/caf_generation.hpp>
#include <wspool/inspect.hpp>
#include <wspool/server_events.hpp>

namespace wspool {

WSPOOL_INSPECT_ENUM(audience::reach)

template <class Inspector>
WSPOOL_INSPECT_RESULT(Inspector)
inspect(Inspector& f, client_ref& x) {
  return compat::inspect_fields(f, x, "client_ref", compat::field("space", x.space),
                                compat::field("id", x.id));
}

template <class Inspector>
WSPOOL_INSPECT_RESULT(Inspector)
inspect(Inspector& f, audience& x) {
  return compat::inspect_fields(f, x, "audience", compat::field("whom", x.whom),
                                compat::field("space", x.space), compat::field("name", x.name),
                                compat::field("except", x.except));
}

template <class Inspector>
WSPOOL_INSPECT_RESULT(Inspector)
inspect(Inspector& f, close_order& x) {
  return compat::inspect_fields(f, x, "close_order", compat::field("code", x.code),
                                compat::field("reason", x.reason));
}

template <class Inspector>
WSPOOL_INSPECT_RESULT(Inspector)
inspect(Inspector& f, client_info& x) {
  return compat::inspect_fields(
    f, x, "client_info", compat::field("client", x.client), compat::field("identity", x.identity),
    compat::field("peer", x.peer), compat::field("target", x.target),
    compat::field("subprotocol", x.subprotocol), compat::field("rooms", x.rooms));
}

template <class Inspector>
WSPOOL_INSPECT_RESULT(Inspector)
inspect(Inspector& f, client_page& x) {
  return compat::inspect_fields(f, x, "client_page", compat::field("clients", x.clients),
                                compat::field("more", x.more));
}

template <class Inspector>
WSPOOL_INSPECT_RESULT(Inspector)
inspect(Inspector& f, listen_report& x) {
  return compat::inspect_fields(f, x, "listen_report", compat::field("addresses", x.addresses));
}

template <class Inspector>
WSPOOL_INSPECT_RESULT(Inspector)
inspect(Inspector& f, drain_order& x) {
  return compat::inspect_fields(
    f, x, "drain_order", compat::field("max_per_second", x.max_per_second),
    compat::field("close", x.close), compat::field("deadline", x.deadline));
}

template <class Inspector>
WSPOOL_INSPECT_RESULT(Inspector)
inspect(Inspector& f, drain_report& x) {
  return compat::inspect_fields(f, x, "drain_report", compat::field("closed", x.closed),
                                compat::field("cut_off", x.cut_off), compat::field("left", x.left),
                                compat::field("duration", x.duration));
}

template <class Inspector>
WSPOOL_INSPECT_RESULT(Inspector)
inspect(Inspector& f, auth_request& x) {
  return compat::inspect_fields(
    f, x, "auth_request", compat::field("space", x.space), compat::field("target", x.target),
    compat::field("headers", x.headers), compat::field("peer", x.peer),
    compat::field("certificate", x.certificate), compat::field("token", x.token));
}

template <class Inspector>
WSPOOL_INSPECT_RESULT(Inspector)
inspect(Inspector& f, auth_verdict& x) {
  return compat::inspect_fields(f, x, "auth_verdict", compat::field("status", x.status),
                                compat::field("headers", x.headers), compat::field("body", x.body),
                                compat::field("identity", x.identity),
                                compat::field("expires", x.expires));
}

template <class Inspector>
WSPOOL_INSPECT_RESULT(Inspector)
inspect(Inspector& f, client_arrived_event& x) {
  return compat::inspect_fields(f, x, "client_arrived_event", compat::field("info", x.info));
}

template <class Inspector>
WSPOOL_INSPECT_RESULT(Inspector)
inspect(Inspector& f, client_message_event& x) {
  return compat::inspect_fields(f, x, "client_message_event", compat::field("client", x.client),
                                compat::field("data", x.data), compat::field("kind", x.kind));
}

template <class Inspector>
WSPOOL_INSPECT_RESULT(Inspector)
inspect(Inspector& f, client_messages_event& x) {
  return compat::inspect_fields(f, x, "client_messages_event", compat::field("client", x.client),
                                compat::field("messages", x.messages));
}

template <class Inspector>
WSPOOL_INSPECT_RESULT(Inspector)
inspect(Inspector& f, client_left_event& x) {
  return compat::inspect_fields(f, x, "client_left_event", compat::field("client", x.client),
                                compat::field("identity", x.identity),
                                compat::field("code", x.code), compat::field("reason", x.reason),
                                compat::field("began", x.began), compat::field("clean", x.clean),
                                compat::field("why", x.why));
}

template <class Inspector>
WSPOOL_INSPECT_RESULT(Inspector)
inspect(Inspector& f, space_empty_event& x) {
  return compat::inspect_fields(f, x, "space_empty_event", compat::field("space", x.space));
}

template <class Inspector>
WSPOOL_INSPECT_RESULT(Inspector)
inspect(Inspector& f, server_stats& x) {
  return compat::inspect_fields(
    f, x, "server_stats", compat::field("server", x.server), compat::field("draining", x.draining),
    compat::field("sockets", x.sockets), compat::field("clients", x.clients),
    compat::field("spaces", x.spaces), compat::field("rooms", x.rooms),
    compat::field("arrived", x.arrived), compat::field("refused", x.refused),
    compat::field("turned_away", x.turned_away), compat::field("failed", x.failed),
    compat::field("http", x.http), compat::field("closes", x.closes), compat::field("ends", x.ends),
    compat::field("total_traffic", x.total_traffic),
    compat::field("dropped_messages", x.dropped_messages),
    compat::field("waiting_messages", x.waiting_messages),
    compat::field("waiting_bytes", x.waiting_bytes));
}

} // namespace wspool
