// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

// How CAF saves, loads and prints the values of brokers, backplanes and sessions.

#include <wspool/caf_generation.hpp>
#include <wspool/inspect.hpp>
#include <wspool/messaging_events.hpp>
#include <wspool/server_inspect.hpp>

namespace wspool {

WSPOOL_INSPECT_ENUM(backplane_event::what)

template <class Inspector>
WSPOOL_INSPECT_RESULT(Inspector)
inspect(Inspector& f, channel_ref& x) {
  return compat::inspect_fields(f, x, "channel_ref", compat::field("space", x.space),
                                compat::field("name", x.name));
}

template <class Inspector>
WSPOOL_INSPECT_RESULT(Inspector)
inspect(Inspector& f, channel_place& x) {
  return compat::inspect_fields(f, x, "channel_place", compat::field("epoch", x.epoch),
                                compat::field("offset", x.offset));
}

template <class Inspector>
WSPOOL_INSPECT_RESULT(Inspector)
inspect(Inspector& f, channel_person& x) {
  return compat::inspect_fields(f, x, "channel_person", compat::field("connection", x.connection),
                                compat::field("identity", x.identity));
}

template <class Inspector>
WSPOOL_INSPECT_RESULT(Inspector)
inspect(Inspector& f, content& x) {
  return compat::inspect_fields(f, x, "content", compat::field("data", x.data),
                                compat::field("kind", x.kind));
}

template <class Inspector>
WSPOOL_INSPECT_RESULT(Inspector)
inspect(Inspector& f, publication_key& x) {
  return compat::inspect_fields(f, x, "publication_key", compat::field("publisher", x.publisher),
                                compat::field("id", x.id));
}

template <class Inspector>
WSPOOL_INSPECT_RESULT(Inspector)
inspect(Inspector& f, publish_order& x) {
  return compat::inspect_fields(f, x, "publish_order", compat::field("channel", x.channel),
                                compat::field("body", x.body), compat::field("key", x.key));
}

template <class Inspector>
WSPOOL_INSPECT_RESULT(Inspector)
inspect(Inspector& f, publish_batch& x) {
  return compat::inspect_fields(f, x, "publish_batch", compat::field("orders", x.orders));
}

template <class Inspector>
WSPOOL_INSPECT_RESULT(Inspector)
inspect(Inspector& f, publish_outcome& x) {
  return compat::inspect_fields(f, x, "publish_outcome", compat::field("why", x.why),
                                compat::field("place", x.place),
                                compat::field("duplicate", x.duplicate));
}

template <class Inspector>
WSPOOL_INSPECT_RESULT(Inspector)
inspect(Inspector& f, publish_outcomes& x) {
  return compat::inspect_fields(f, x, "publish_outcomes", compat::field("outcomes", x.outcomes));
}

template <class Inspector>
WSPOOL_INSPECT_RESULT(Inspector)
inspect(Inspector& f, history_entry_text& x) {
  return compat::inspect_fields(f, x, "history_entry_text", compat::field("offset", x.offset),
                                compat::field("body", x.body));
}

template <class Inspector>
WSPOOL_INSPECT_RESULT(Inspector)
inspect(Inspector& f, history_page& x) {
  return compat::inspect_fields(f, x, "history_page", compat::field("latest", x.latest),
                                compat::field("recovered", x.recovered),
                                compat::field("missed", x.missed));
}

template <class Inspector>
WSPOOL_INSPECT_RESULT(Inspector)
inspect(Inspector& f, presence_page& x) {
  return compat::inspect_fields(f, x, "presence_page", compat::field("people", x.people),
                                compat::field("total", x.total));
}

template <class Inspector>
WSPOOL_INSPECT_RESULT(Inspector)
inspect(Inspector& f, channel_list& x) {
  return compat::inspect_fields(f, x, "channel_list", compat::field("channels", x.channels));
}

template <class Inspector>
WSPOOL_INSPECT_RESULT(Inspector)
inspect(Inspector& f, backplane_event& x) {
  return compat::inspect_fields(
    f, x, "backplane_event", compat::field("kind", x.kind), compat::field("channel", x.channel),
    compat::field("place", x.place), compat::field("body", x.body), compat::field("who", x.who));
}

template <class Inspector>
WSPOOL_INSPECT_RESULT(Inspector)
inspect(Inspector& f, backplane_events& x) {
  return compat::inspect_fields(f, x, "backplane_events", compat::field("events", x.events));
}

template <class Inspector>
WSPOOL_INSPECT_RESULT(Inspector)
inspect(Inspector& f, backplane_stats& x) {
  return compat::inspect_fields(
    f, x, "backplane_stats", compat::field("kind", x.kind), compat::field("connected", x.connected),
    compat::field("channels", x.channels), compat::field("published", x.published),
    compat::field("received", x.received), compat::field("duplicates", x.duplicates),
    compat::field("failed", x.failed), compat::field("reconnects", x.reconnects),
    compat::field("gaps", x.gaps), compat::field("lag", x.lag));
}

template <class Inspector>
WSPOOL_INSPECT_RESULT(Inspector)
inspect(Inspector& f, claim_report& x) {
  return compat::inspect_fields(f, x, "claim_report", compat::field("mine", x.mine),
                                compat::field("settled", x.settled), compat::field("text", x.text));
}

template <class Inspector>
WSPOOL_INSPECT_RESULT(Inspector)
inspect(Inspector& f, client_call& x) {
  return compat::inspect_fields(f, x, "client_call", compat::field("client", x.client),
                                compat::field("identity", x.identity),
                                compat::field("name", x.name), compat::field("data", x.data));
}

template <class Inspector>
WSPOOL_INSPECT_RESULT(Inspector)
inspect(Inspector& f, broker_stats& x) {
  return compat::inspect_fields(
    f, x, "broker_stats", compat::field("clients", x.clients),
    compat::field("dialects", x.dialects), compat::field("channels", x.channels),
    compat::field("memberships", x.memberships), compat::field("requests", x.requests),
    compat::field("rejected", x.rejected), compat::field("published", x.published),
    compat::field("duplicates", x.duplicates), compat::field("events", x.events),
    compat::field("gaps", x.gaps), compat::field("queries", x.queries),
    compat::field("abusers", x.abusers), compat::field("recovered", x.recovered),
    compat::field("not_recovered", x.not_recovered),
    compat::field("query_outcomes", x.query_outcomes));
}

template <class Inspector>
WSPOOL_INSPECT_RESULT(Inspector)
inspect(Inspector& f, channel_event& x) {
  return compat::inspect_fields(f, x, "channel_event", compat::field("channel", x.channel),
                                compat::field("data", x.data), compat::field("meta", x.meta),
                                compat::field("place", x.place), compat::field("from", x.from));
}

template <class Inspector>
WSPOOL_INSPECT_RESULT(Inspector)
inspect(Inspector& f, channel_gap_event& x) {
  return compat::inspect_fields(f, x, "channel_gap_event", compat::field("channel", x.channel),
                                compat::field("place", x.place));
}

template <class Inspector>
WSPOOL_INSPECT_RESULT(Inspector)
inspect(Inspector& f, channel_presence_event& x) {
  return compat::inspect_fields(f, x, "channel_presence_event", compat::field("channel", x.channel),
                                compat::field("who", x.who), compat::field("entered", x.entered));
}

template <class Inspector>
WSPOOL_INSPECT_RESULT(Inspector)
inspect(Inspector& f, session_open_event& x) {
  return compat::inspect_fields(f, x, "session_open_event", compat::field("session", x.session),
                                compat::field("connection", x.connection),
                                compat::field("identity", x.identity));
}

template <class Inspector>
WSPOOL_INSPECT_RESULT(Inspector)
inspect(Inspector& f, session_lost_event& x) {
  return compat::inspect_fields(f, x, "session_lost_event", compat::field("reason", x.reason));
}

template <class Inspector>
WSPOOL_INSPECT_RESULT(Inspector)
inspect(Inspector& f, session_command_event& x) {
  return compat::inspect_fields(f, x, "session_command_event", compat::field("name", x.name),
                                compat::field("data", x.data));
}

template <class Inspector>
WSPOOL_INSPECT_RESULT(Inspector)
inspect(Inspector& f, subscribe_order& x) {
  return compat::inspect_fields(f, x, "subscribe_order", compat::field("channel", x.channel),
                                compat::field("presence", x.presence),
                                compat::field("from", x.from));
}

template <class Inspector>
WSPOOL_INSPECT_RESULT(Inspector)
inspect(Inspector& f, subscribe_report& x) {
  return compat::inspect_fields(f, x, "subscribe_report", compat::field("place", x.place),
                                compat::field("recovered", x.recovered));
}

template <class Inspector>
WSPOOL_INSPECT_RESULT(Inspector)
inspect(Inspector& f, session_stats& x) {
  return compat::inspect_fields(
    f, x, "session_stats", compat::field("open", x.open),
    compat::field("connections", x.connections), compat::field("channels", x.channels),
    compat::field("pending", x.pending), compat::field("published", x.published),
    compat::field("resent", x.resent), compat::field("events", x.events),
    compat::field("gaps", x.gaps));
}

} // namespace wspool
