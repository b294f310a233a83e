// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

// How CAF saves, loads and prints the library's values.

#include <wspool/caf_generation.hpp>
#include <wspool/events.hpp>
#include <wspool/histogram.hpp>
#include <wspool/message.hpp>
#include <wspool/outcomes.hpp>
#include <wspool/pool_options.hpp>
#include <wspool/stats.hpp>

namespace wspool {

WSPOOL_INSPECT_ENUM(errc)
WSPOOL_INSPECT_ENUM(message_kind)
WSPOOL_INSPECT_ENUM(delivery)
WSPOOL_INSPECT_ENUM(compression)
WSPOOL_INSPECT_ENUM(initiator)
WSPOOL_INSPECT_ENUM(slot_state)
WSPOOL_INSPECT_ENUM(until)

template <class Inspector>
WSPOOL_INSPECT_RESULT(Inspector)
inspect(Inspector& f, connection_id& x) {
  return compat::inspect_fields(f, x, "connection_id", compat::field("slot", x.slot),
                                compat::field("generation", x.generation));
}

template <class Inspector>
WSPOOL_INSPECT_RESULT(Inspector)
inspect(Inspector& f, send_options& x) {
  return compat::inspect_fields(
    f, x, "send_options", compat::field("kind", x.kind), compat::field("compress", x.compress),
    compat::field("policy", x.policy), compat::field("time_to_live", x.time_to_live),
    compat::field("key", x.key));
}

template <class Inspector>
WSPOOL_INSPECT_RESULT(Inspector)
inspect(Inspector& f, outgoing& x) {
  return compat::inspect_fields(f, x, "outgoing", compat::field("data", x.data),
                                compat::field("options", x.options));
}

template <class Inspector>
WSPOOL_INSPECT_RESULT(Inspector)
inspect(Inspector& f, message_batch::entry& x) {
  return compat::inspect_fields(f, x, "message_batch::entry", compat::field("key", x.key),
                                compat::field("expires_ns", x.expires_ns),
                                compat::field("offset", x.offset), compat::field("size", x.size),
                                compat::field("ticket", x.ticket), compat::field("kind", x.kind),
                                compat::field("compress", x.compress),
                                compat::field("policy", x.policy), compat::field("flags", x.flags));
}

template <class Inspector>
auto inspect_batch(Inspector& f, message_batch& x) {
  return compat::inspect_fields(f, x, "message_batch", compat::field("bytes", x.bytes_),
                                compat::field("entries", x.entries_));
}
template <class Inspector>
WSPOOL_INSPECT_RESULT(Inspector)
inspect(Inspector& f, message_batch& x) {
  return inspect_batch(f, x);
}

template <class Inspector>
WSPOOL_INSPECT_RESULT(Inspector)
inspect(Inspector& f, header& x) {
  return compat::inspect_fields(f, x, "header", compat::field("name", x.name),
                                compat::field("value", x.value));
}

template <class Inspector>
WSPOOL_INSPECT_RESULT(Inspector)
inspect(Inspector& f, upgrade_response& x) {
  return compat::inspect_fields(f, x, "upgrade_response", compat::field("status", x.status),
                                compat::field("reason", x.reason),
                                compat::field("headers", x.headers), compat::field("body", x.body));
}

template <class Inspector>
WSPOOL_INSPECT_RESULT(Inspector)
inspect(Inspector& f, endpoint_options& x) {
  return compat::inspect_fields(f, x, "endpoint_options", compat::field("url", x.url),
                                compat::field("connections", x.connections),
                                compat::field("weight", x.weight), compat::field("group", x.group));
}

template <class Inspector>
WSPOOL_INSPECT_RESULT(Inspector)
inspect(Inspector& f, subscription& x) {
  return compat::inspect_fields(f, x, "subscription", compat::field("events", x.events),
                                compat::field("batches", x.batches));
}

template <class Inspector>
WSPOOL_INSPECT_RESULT(Inspector)
inspect(Inspector& f, receipt& x) {
  return compat::inspect_fields(f, x, "receipt", compat::field("connection", x.connection));
}

template <class Inspector>
WSPOOL_INSPECT_RESULT(Inspector)
inspect(Inspector& f, batch_receipt& x) {
  return compat::inspect_fields(f, x, "batch_receipt", compat::field("sent", x.sent),
                                compat::field("failed", x.failed),
                                compat::field("first_failure", x.first_failure));
}

template <class Inspector>
WSPOOL_INSPECT_RESULT(Inspector)
inspect(Inspector& f, broadcast_outcome& x) {
  return compat::inspect_fields(f, x, "broadcast_outcome",
                                compat::field("connection", x.connection),
                                compat::field("outcome", x.outcome));
}

template <class Inspector>
WSPOOL_INSPECT_RESULT(Inspector)
inspect(Inspector& f, ping_outcome& x) {
  return compat::inspect_fields(f, x, "ping_outcome", compat::field("connection", x.connection),
                                compat::field("outcome", x.outcome),
                                compat::field("round_trip", x.round_trip));
}

template <class Inspector>
WSPOOL_INSPECT_RESULT(Inspector)
inspect(Inspector& f, close_report& x) {
  return compat::inspect_fields(f, x, "close_report", compat::field("accepted", x.accepted),
                                compat::field("sent", x.sent), compat::field("failed", x.failed),
                                compat::field("resent", x.resent),
                                compat::field("received", x.received));
}

template <class Inspector>
WSPOOL_INSPECT_RESULT(Inspector)
inspect(Inspector& f, message_event& x) {
  return compat::inspect_fields(f, x, "message_event", compat::field("connection", x.connection),
                                compat::field("data", x.data), compat::field("kind", x.kind));
}

template <class Inspector>
WSPOOL_INSPECT_RESULT(Inspector)
inspect(Inspector& f, messages_event& x) {
  return compat::inspect_fields(f, x, "messages_event", compat::field("connection", x.connection),
                                compat::field("messages", x.messages));
}

template <class Inspector>
WSPOOL_INSPECT_RESULT(Inspector)
inspect(Inspector& f, open_event& x) {
  return compat::inspect_fields(f, x, "open_event", compat::field("connection", x.connection),
                                compat::field("endpoint", x.endpoint),
                                compat::field("subprotocol", x.subprotocol),
                                compat::field("peer", x.peer));
}

template <class Inspector>
WSPOOL_INSPECT_RESULT(Inspector)
inspect(Inspector& f, close_event& x) {
  return compat::inspect_fields(f, x, "close_event", compat::field("connection", x.connection),
                                compat::field("endpoint", x.endpoint),
                                compat::field("code", x.code), compat::field("reason", x.reason),
                                compat::field("began", x.began), compat::field("clean", x.clean),
                                compat::field("why", x.why));
}

template <class Inspector>
WSPOOL_INSPECT_RESULT(Inspector)
inspect(Inspector& f, error_event& x) {
  return compat::inspect_fields(f, x, "error_event", compat::field("connection", x.connection),
                                compat::field("endpoint", x.endpoint),
                                compat::field("code", x.code), compat::field("text", x.text));
}

template <class Inspector>
WSPOOL_INSPECT_RESULT(Inspector)
inspect(Inspector& f, unexpected_response_event& x) {
  return compat::inspect_fields(
    f, x, "unexpected_response_event", compat::field("connection", x.connection),
    compat::field("endpoint", x.endpoint), compat::field("response", x.response));
}

template <class Inspector>
WSPOOL_INSPECT_RESULT(Inspector)
inspect(Inspector& f, upgrade_event& x) {
  return compat::inspect_fields(f, x, "upgrade_event", compat::field("connection", x.connection),
                                compat::field("endpoint", x.endpoint),
                                compat::field("response", x.response));
}

template <class Inspector>
WSPOOL_INSPECT_RESULT(Inspector)
inspect(Inspector& f, ping_event& x) {
  return compat::inspect_fields(f, x, "ping_event", compat::field("connection", x.connection),
                                compat::field("payload", x.payload));
}

template <class Inspector>
WSPOOL_INSPECT_RESULT(Inspector)
inspect(Inspector& f, pong_event& x) {
  return compat::inspect_fields(f, x, "pong_event", compat::field("connection", x.connection),
                                compat::field("payload", x.payload),
                                compat::field("round_trip", x.round_trip));
}

template <class Inspector>
WSPOOL_INSPECT_RESULT(Inspector)
inspect(Inspector& f, drain_event& x) {
  return compat::inspect_fields(f, x, "drain_event", compat::field("flushed", x.flushed));
}

template <class Inspector>
WSPOOL_INSPECT_RESULT(Inspector)
inspect(Inspector& f, ready_event& x) {
  return compat::inspect_fields(f, x, "ready_event", compat::field("open", x.open));
}

template <class Inspector>
WSPOOL_INSPECT_RESULT(Inspector)
inspect(Inspector& f, empty_event& x) {
  return compat::inspect_fields(f, x, "empty_event");
}

template <class Inspector>
WSPOOL_INSPECT_RESULT(Inspector)
inspect(Inspector& f, retry_event& x) {
  return compat::inspect_fields(f, x, "retry_event", compat::field("slot", x.slot),
                                compat::field("endpoint", x.endpoint),
                                compat::field("attempt", x.attempt),
                                compat::field("delay", x.delay), compat::field("why", x.why));
}

template <class Inspector>
WSPOOL_INSPECT_RESULT(Inspector)
inspect(Inspector& f, given_up_event& x) {
  return compat::inspect_fields(f, x, "given_up_event", compat::field("slot", x.slot),
                                compat::field("endpoint", x.endpoint),
                                compat::field("attempts", x.attempts), compat::field("why", x.why),
                                compat::field("text", x.text));
}

template <class Inspector>
WSPOOL_INSPECT_RESULT(Inspector)
inspect(Inspector& f, ejected_event& x) {
  return compat::inspect_fields(f, x, "ejected_event", compat::field("endpoint", x.endpoint),
                                compat::field("duration", x.duration));
}

template <class Inspector>
WSPOOL_INSPECT_RESULT(Inspector)
inspect(Inspector& f, water_event& x) {
  return compat::inspect_fields(f, x, "water_event", compat::field("high", x.high),
                                compat::field("messages", x.messages),
                                compat::field("bytes", x.bytes));
}

template <class Inspector>
WSPOOL_INSPECT_RESULT(Inspector)
inspect(Inspector& f, traffic& x) {
  return compat::inspect_fields(
    f, x, "traffic", compat::field("messages_out", x.messages_out),
    compat::field("bytes_out", x.bytes_out), compat::field("messages_in", x.messages_in),
    compat::field("bytes_in", x.bytes_in), compat::field("pings_in", x.pings_in),
    compat::field("pongs_in", x.pongs_in), compat::field("binary_out", x.binary_out),
    compat::field("binary_in", x.binary_in));
}

template <class Inspector>
WSPOOL_INSPECT_RESULT(Inspector)
inspect(Inspector& f, close_count& x) {
  return compat::inspect_fields(f, x, "close_count", compat::field("code", x.code),
                                compat::field("began", x.began), compat::field("count", x.count));
}

template <class Inspector>
auto inspect_histogram(Inspector& f, histogram& x) {
  return compat::inspect_fields(
    f, x, "histogram", compat::field("buckets", x.buckets_), compat::field("count", x.count_),
    compat::field("sum_ns", x.sum_ns_), compat::field("max_ns", x.max_ns_));
}
template <class Inspector>
WSPOOL_INSPECT_RESULT(Inspector)
inspect(Inspector& f, histogram& x) {
  return inspect_histogram(f, x);
}

template <class Inspector>
WSPOOL_INSPECT_RESULT(Inspector)
inspect(Inspector& f, connection_stats& x) {
  return compat::inspect_fields(
    f, x, "connection_stats", compat::field("id", x.id), compat::field("endpoint", x.endpoint),
    compat::field("state", x.state), compat::field("total", x.total),
    compat::field("pending_messages", x.pending_messages),
    compat::field("pending_bytes", x.pending_bytes), compat::field("age", x.age),
    compat::field("round_trip", x.round_trip), compat::field("reconnects", x.reconnects));
}

template <class Inspector>
WSPOOL_INSPECT_RESULT(Inspector)
inspect(Inspector& f, endpoint_stats& x) {
  return compat::inspect_fields(f, x, "endpoint_stats", compat::field("endpoint", x.endpoint),
                                compat::field("attempts", x.attempts),
                                compat::field("connect_duration", x.connect_duration));
}

template <class Inspector>
WSPOOL_INSPECT_RESULT(Inspector)
inspect(Inspector& f, pool_stats& x) {
  return compat::inspect_fields(
    f, x, "pool_stats", compat::field("pool", x.pool), compat::field("time", x.time),
    compat::field("accepted", x.accepted), compat::field("sent", x.sent),
    compat::field("failed", x.failed), compat::field("pending", x.pending),
    compat::field("resent", x.resent), compat::field("received", x.received),
    compat::field("failures", x.failures), compat::field("queued_messages", x.queued_messages),
    compat::field("queued_bytes", x.queued_bytes), compat::field("total", x.total),
    compat::field("open", x.open), compat::field("connecting", x.connecting),
    compat::field("closed", x.closed), compat::field("connects", x.connects),
    compat::field("reconnects", x.reconnects), compat::field("closes", x.closes),
    compat::field("total_traffic", x.total_traffic),
    compat::field("messages_out_rate", x.messages_out_rate),
    compat::field("messages_in_rate", x.messages_in_rate),
    compat::field("bytes_out_rate", x.bytes_out_rate),
    compat::field("bytes_in_rate", x.bytes_in_rate), compat::field("round_trip", x.round_trip),
    compat::field("send_wait", x.send_wait),
    compat::field("connection_duration", x.connection_duration),
    compat::field("reconnect_delay", x.reconnect_delay), compat::field("endpoints", x.endpoints),
    compat::field("connections", x.connections));
}

} // namespace wspool
