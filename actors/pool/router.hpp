// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "pool/segment.hpp"

#include <wspool/pool_options.hpp>
#include <wspool/scheduler.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace wspool {

/// The account of a pool. At every moment accepted = sent + failed + pending.
struct account {
  std::uint64_t accepted = 0;
  std::uint64_t sent = 0;
  std::uint64_t failed = 0;
  std::uint64_t resent = 0; ///< how often a message went to a further connection after a death
  [[nodiscard]] std::uint64_t pending() const noexcept { return accepted - sent - failed; }
};

/// What the router wants done. Implemented by the dispatcher actor, and by tests. It must not call
/// the router back from within.
class router_effects {
public:
  virtual ~router_effects() = default;
  /// Hands segments to a connection, in order.
  virtual void hand_over(connection_id to, std::vector<segment> segments) = 0;
  /// `count` messages reached their outcome (`errc::none`: sent).
  virtual void settled(errc outcome, std::uint64_t count) = 0;
  /// A message with a ticket reached its outcome.
  virtual void answered(std::uint32_t ticket, errc outcome, connection_id by) = 0;
  /// A message whose request asked for `written` was written; its outcome comes later, in
  /// `answered`. Told again if the message is sent again.
  virtual void written(std::uint32_t ticket, connection_id by) = 0;
  /// The time from acceptance until the kernel took a message, for `count` messages.
  virtual void waited(std::chrono::nanoseconds how_long, std::uint64_t count) = 0;
  /// The queue rose above its high-water mark, or fell below the low one.
  virtual void water(bool high, std::size_t messages, std::size_t bytes) = 0;
  /// The queue became empty, after `flushed` messages had left it for connections.
  virtual void drained(std::uint64_t flushed) = 0;
};

/// How the messages of an `accept` are to be treated.
struct accept_mode {
  std::uint32_t ticket = 0;    ///< who waits; 0: nobody
  bool is_delivery = false;    ///< a `deliver` request: may use the waiting room of `block`
  bool want_written = false;   ///< answer when written, even if the outcome comes later
  bool want_confirmed = false; ///< the outcome is the peer's confirmation, whatever the policy
};

/// What a connection is to the scheduler and to slow start.
struct member_info {
  std::uint64_t identity = 0;
  std::uint32_t weight = 1;
  std::uint32_t group = 0;
};

/// The pool's brain: which message goes to which connection when, and what became of it.
/// Pure: no clock, socket, thread or actor inside. All times are steady-clock times.
///
///     accept -> [queue] -> lane of a connection -> handed over -> written -> (confirmed) -> sent
///                  ^              |    the connection died     |
///                  '--------------'----- unsent, unconfirmed --'          or failed(reason)
///
/// Order: messages without a key leave in the order of acceptance, spread by the scheduler. All
/// outstanding messages of one key are in one place (the queue, or one connection), so they keep
/// their order; a key moves to another connection only when the peer confirmed its messages on the
/// old one, or the old one is dead.
///
/// A batch without keys is spread in runs of up to `run_messages` (or `run_bytes`) consecutive
/// messages; single messages are spread one by one and coalesced per connection until `flush`.
///
/// What came back from a dead connection is at the queue's front. It does not count against the
/// queue's bounds and is not pushed out: there is never more of it than fitted into the windows.
class router {
public:
  using time_point = std::chrono::steady_clock::time_point;
  static constexpr std::size_t run_messages = 256;
  static constexpr std::size_t run_bytes = 64 * 1024;

  /// `options` is read for queue, window, policy, limits, slow start and seed.
  router(const pool_options& options, std::unique_ptr<scheduler> sched, router_effects& effects);
  ~router();

  // -- connections -----------------------------------------------------------------------------
  /// A connection takes messages from now on. `slow_start`: its share
  /// of messages without a key grows to full within `ejection.slow_start`.
  void opened(connection_id id, const member_info& info, bool slow_start, time_point now);
  /// The scheduler chooses it no more; what its window holds goes on, and pinned messages still
  /// reach it. What else waits for it goes elsewhere, but for keys with messages in its window:
  /// these wait until its peer confirmed them. So it becomes `idle` in the end, unless new pinned
  /// messages keep coming.
  void retire(connection_id id);
  /// All it was ever given reached an outcome (keys' barriers included), and nothing waits for it.
  /// True of an unknown one, too.
  [[nodiscard]] bool idle(connection_id id) const;
  [[nodiscard]] bool has(connection_id id) const;
  /// Its round-trip time, smoothed, for the scheduler.
  void measured(connection_id id, std::chrono::nanoseconds round_trip);
  /// It died; it is forgotten. Unsent messages go elsewhere, in order; what is in doubt fails or is
  /// sent again as its policy says. `message_fault`: the peer found a message too big; the largest
  /// one that was written (also in part) and not confirmed, and has no outcome yet, fails with
  /// `errc::too_big` instead of being sent again.
  void ended(connection_id id, const progress& last, bool message_fault, time_point now);
  /// It got on. `report.refused` may hold what is new, or all since the connection opened.
  void advanced(connection_id id, const progress& report, time_point now);

  // -- messages --------------------------------------------------------------------------------
  // Batches must be valid. Each message is counted as accepted, also if it is refused at once.
  void accept(const outgoing& message, const accept_mode& mode, time_point now);
  void accept(outgoing&& message, const accept_mode& mode, time_point now);
  void accept(message_batch batch, const accept_mode& mode, time_point now);
  /// For one connection only, which may be retiring; `errc::no_connection` if it is not there.
  /// Keys are ignored: there is no order to keep across connections.
  void accept_for(connection_id id, message_batch batch, const accept_mode& mode, time_point now);

  /// Ends a turn: moves queued messages into free windows and hands over what was staged.
  void flush(time_point now);
  /// Fails what has expired while queued or staged.
  void expire(time_point now);
  /// When `expire` should be called next: perhaps too early, never too late.
  [[nodiscard]] std::optional<time_point> next_expiry() const;

  /// Refuses all new messages from now on with `why`.
  void refuse_new(errc why);
  /// Fails everything that has no outcome yet.
  void fail_all(errc why);

  // -- numbers ---------------------------------------------------------------------------------
  [[nodiscard]] const account& totals() const noexcept;
  /// What waits for room in a connection's window, and its payloads' bytes.
  [[nodiscard]] std::size_t queued_messages() const noexcept;
  [[nodiscard]] std::size_t queued_bytes() const noexcept;
  [[nodiscard]] const member* find(connection_id id) const;
  /// The connections that take messages: all but retiring ones.
  [[nodiscard]] std::vector<connection_id> members() const;
  /// A connection for something that is no message (a ping); null if there is none.
  [[nodiscard]] const member* any();

private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

} // namespace wspool
