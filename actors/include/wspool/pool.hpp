// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <wspool/io_pool.hpp>
#include <wspool/pool_options.hpp>
#include <wspool/type_ids.hpp>

#include <stdexcept>
#include <string>
#include <vector>

namespace wspool {

/// The address of a pool: what `spawn_pool` returns, here or, published by the middleman, on
/// another node. Any actor may use it: event-based, typed, blocking, `scoped_actor`.
///
/// | message | answer |
/// |---|---|
/// | `send_atom, text` / `outgoing` / `message_batch` | none |
/// | `deliver_atom, outgoing[, until]` | `receipt`, or an error that says why it failed |
/// | `deliver_atom, message_batch[, until]` | `batch_receipt`, once each has its outcome |
/// | `reply_atom, connection_id, message_batch` | `batch_receipt`; for that connection only |
/// | `broadcast_atom, outgoing` | each open connection's outcome |
/// | `ping_atom[, payload]` | one connection's round trip |
/// | `broadcast_ping_atom[, payload]` | each open connection's round trip |
/// | `stats_atom` | `pool_stats` |
/// | `history_atom` | snapshots of the last minutes, oldest first |
/// | `metrics_atom` | Prometheus text |
/// | `subscribe_atom, subscriber, subscription` | ends with the subscriber or `unsubscribe` |
/// | `await_open_atom[, count]` | how many are open, once `count` (default 1) are; an error if
///   every slot is given up first |
/// | `add_atom, endpoint_options` / `remove_atom, url` / `resize_atom, url, count` | when done |
/// | `restart_atom, connection_id` | closes that connection; its slot reconnects |
/// | `close_atom[, deadline]` | `close_report`, when all is flushed (or failed) and closed |
/// | `destroy_atom` | when ended; what was pending fails with `errc::pool_closed` |
///
/// Requests are answered by the pool itself in bounded time, so `caf::infinite` is a safe timeout,
/// except for deliveries, which wait as long as the message may (see `time_to_live`).
using pool_actor = compat::typed_actor<
  caf::result<void>(send_atom, std::string), caf::result<void>(send_atom, outgoing),
  caf::result<void>(send_atom, message_batch), caf::result<receipt>(deliver_atom, outgoing),
  caf::result<receipt>(deliver_atom, outgoing, until),
  caf::result<batch_receipt>(deliver_atom, message_batch),
  caf::result<batch_receipt>(deliver_atom, message_batch, until),
  caf::result<batch_receipt>(reply_atom, connection_id, message_batch),
  caf::result<broadcast_report>(broadcast_atom, outgoing), caf::result<ping_outcome>(ping_atom),
  caf::result<ping_outcome>(ping_atom, std::string), caf::result<ping_report>(broadcast_ping_atom),
  caf::result<ping_report>(broadcast_ping_atom, std::string), caf::result<pool_stats>(stats_atom),
  caf::result<std::vector<pool_stats>>(history_atom), caf::result<std::string>(metrics_atom),
  caf::result<void>(subscribe_atom, caf::actor, subscription),
  caf::result<void>(unsubscribe_atom, caf::actor), caf::result<std::uint32_t>(await_open_atom),
  caf::result<std::uint32_t>(await_open_atom, std::uint32_t),
  caf::result<void>(add_atom, endpoint_options), caf::result<void>(remove_atom, std::string),
  caf::result<void>(resize_atom, std::string, std::uint32_t),
  caf::result<void>(restart_atom, connection_id), caf::result<close_report>(close_atom),
  caf::result<close_report>(close_atom, caf::timespan), caf::result<void>(destroy_atom)>;

/// Thrown by `spawn_pool` for options that `validate` rejects; `what()` names the field.
class invalid_options : public std::invalid_argument {
public:
  explicit invalid_options(const failure& why)
    : std::invalid_argument(why.message()), code_(why.code) {}
  [[nodiscard]] errc code() const noexcept { return code_; }

private:
  errc code_;
};

/// Starts a pool: its actors live on the threads of `io`, its connections are opened at once and
/// asynchronously. A subscriber that must see the first of their events, too, is told of before
/// there is any: spawn without endpoints, subscribe, and `add_atom` them.
///
/// The pool ends by `close_atom` or `destroy_atom`, with `io` (its `stop()` or destructor), or with
/// the system: in whichever order these end, nothing hangs, and what was pending fails with
/// `errc::pool_closed`.
///
/// Needs the library's message types: see `prepare`.
/// @throws invalid_options
[[nodiscard]] pool_actor spawn_pool(caf::actor_system& system, io_pool& io, pool_options options);

/// Registers the library's message types and errors. Call it in the constructor of a
/// configuration: `config() { wspool::prepare(*this); }`. On CAF 1.x types must be known before any
/// configuration is made: `WSPOOL_MAIN()` in place of `CAF_MAIN()` sees to that, on both of CAF's
/// generations.
void prepare(caf::actor_system_config& cfg);

/// Which of the library's errors this is; `errc::io_error` for one of CAF's own (a dead node, a
/// timeout).
[[nodiscard]] errc error_of(const caf::error& e) noexcept;

/// The text of an outcome's error, for people: "connection_lost: …".
[[nodiscard]] std::string render(const caf::actor_system& system, const caf::error& e);

} // namespace wspool
