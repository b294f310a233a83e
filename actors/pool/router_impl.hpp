// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "pool/key_table.hpp"
#include "pool/lane.hpp"
#include "pool/message_run.hpp"
#include "pool/router.hpp"
#include "pool/send_queue.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <vector>

namespace wspool {

/// What `router` is made of. Where messages go stands in router_flow.cpp, what becomes of them in
/// router_outcomes.cpp, connections and acceptance in router.cpp.
struct router::impl {
  using lane = detail::lane;
  using message_run = detail::message_run;
  using single = detail::single;
  using entry = message_batch::entry;

  impl(const pool_options& options, std::unique_ptr<scheduler> s, router_effects& e);

  // -- connections (router.cpp) ------------------------------------------------------------------
  [[nodiscard]] lane* find(connection_id id) const;
  /// The lane behind what a scheduler chose.
  [[nodiscard]] static lane* own(const member* m) noexcept {
    return static_cast<lane*>(const_cast<member*>(m));
  }
  void retire(lane& l);
  /// The keys of messages that were bound to a lane are so no more.
  void unbind(const detail::send_queue::content& content);
  void forget(lane& l);
  void mark_dirty(lane& l);

  // -- acceptance (router.cpp) -------------------------------------------------------------------
  /// Makes an entry what it is to the pool from its acceptance on.
  void resolve(entry& e, const accept_mode& mode, time_point now) const noexcept;
  [[nodiscard]] bool is_too_big(std::size_t bytes) const noexcept { return bytes > max_bytes; }
  /// `owned`: the message's bytes, if they may be moved from.
  void accept(const outgoing& message, std::string* owned, const accept_mode& mode, time_point now);
  /// Resolves all entries and sums up their bytes; `pinned`: they are for one connection.
  struct sealing {
    std::shared_ptr<const sealed_batch> batch;
    std::size_t bytes = 0;
    bool any_too_big = false;
  };
  [[nodiscard]] sealing seal(message_batch batch, const accept_mode& mode, bool pinned,
                             time_point now) const;
  /// Accepts all messages of a batch; `only`: for this connection.
  void accept_all(message_batch batch, const accept_mode& mode, lane* only, bool pinned,
                  time_point now);

  // -- places (router_flow.cpp) ------------------------------------------------------------------
  void place(const single& x, bool waiting_room);
  void place_with_key(const single& x, bool waiting_room);
  void place_one_by_one(const message_run& run, bool waiting_room);
  void place(message_run x, bool waiting_room);
  void place_pinned(lane& l, message_run x, bool waiting_room);
  /// Whether a new message may be queued; makes room for it if the policy is to drop the oldest.
  [[nodiscard]] bool make_room(std::size_t bytes, bool waiting_room);
  void drop_oldest();
  /// Puts a single message at the end of the main queue, or of a lane's backlog.
  void enqueue(lane* l, const single& x, bool waiting_room);
  void enqueue(lane* l, message_run x, bool waiting_room);
  /// A connection with room for a message without a key; null if there is none.
  [[nodiscard]] lane* choose(std::size_t bytes, time_point now);
  [[nodiscard]] bool is_ramped_up(lane& l, time_point now);
  [[nodiscard]] double random_share() noexcept;
  /// The connection of a key: that of its outstanding messages, else the scheduler's choice.
  [[nodiscard]] lane* choose(const entry& e);
  /// Puts messages that had left the main queue, or never were in it, to its front.
  void give_back(detail::send_queue::content content);
  void note_waiting(lane& l);
  void note_expiry(std::int64_t at_ns) noexcept {
    if (at_ns != 0 && at_ns < next_expiry_ns)
      next_expiry_ns = at_ns;
  }

  void note_expiry(const message_run& x) noexcept;

  void flush(time_point now);
  void refill(lane& l);
  void release_held(lane& l);
  /// Moves messages from the main queue to connections with room.
  void drain(time_point now);
  [[nodiscard]] bool drain_keyed();
  [[nodiscard]] bool drain_unkeyed(time_point now);

  // -- outcomes (router_outcomes.cpp) ------------------------------------------------------------
  void advanced(lane& l, const progress& report, time_point now);
  /// Settles messages that were written or refused; `next` is the first refusal not yet looked at.
  void settle_written(lane& l, const lane::step& s, const progress& report, std::size_t& next,
                      time_point now);
  void settle_confirmed(lane& l, const lane::step& s);
  void ended(lane& l, const progress& last, bool message_fault);
  struct salvage;
  void expire(time_point now);
  void fail_all(errc why);

  void settle(errc why, std::uint64_t count);
  void outcome(const entry& e, errc why, connection_id by);
  /// Fails all messages of a run that is in no place any more.
  void fail(const message_run& x, errc why, connection_id by);
  void fail_queued(const message_run& x, errc why);
  void fail_bound(const message_run& x, errc why, lane& l);
  /// To be called at the end of each call from outside: reports what gathered in it.
  void finish() {
    if (settled_count > 0 || flushed > 0 || is_high || level.messages() > 0)
      report();
  }
  void report();

  // -- options
  delivery policy;
  window_options window;
  std::size_t max_bytes; ///< of one message
  std::chrono::milliseconds slow_start;

  std::unique_ptr<scheduler> sched;
  router_effects& effects;
  account totals;
  errc refusal = errc::none; ///< of new messages

  detail::queue_level level;
  detail::send_queue queue{level};
  detail::key_table keys;
  std::map<connection_id, std::unique_ptr<lane>> lanes;
  std::vector<lane*> dirty;   ///< lanes that `flush` must look at
  std::vector<lane*> waiting; ///< lanes that may have a backlog, for `drop_oldest`
  std::int64_t next_expiry_ns = detail::never_ns; ///< of anything queued or staged; may be early
  std::uint64_t flushed = 0; ///< left the queue for connections since it was empty
  std::uint64_t random_state;
  bool is_high = false;

  // outcomes of one kind, not yet reported
  errc settled_why = errc::none;
  std::uint64_t settled_count = 0;
};

} // namespace wspool
