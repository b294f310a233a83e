// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "pool/message_run.hpp"
#include "pool/router.hpp"
#include "pool/send_queue.hpp"

#include <wspool/pool_options.hpp>
#include <wspool/scheduler.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace wspool::detail {

/// All messages that are bound to one connection, in the order in which they reach it:
///
///     backlog -> staged --hand_over--> handed over --wrote--> unconfirmed --confirmed--> forgotten
///       held (of keys that may not follow while the connection is retiring)
///
/// The window covers what is staged and handed over until nothing of it need be remembered: until
/// it is written, or, of a batch that wants a barrier, until it is confirmed. So the window bounds
/// what the lane holds outside the queue.
///
/// The lane is the `member` that the scheduler knows; its load is kept current here. It only keeps
/// the order, the numbers and the window: what becomes of messages is the router's.
class lane : public member {
public:
  /// Messages with consecutive numbers of this connection's life.
  struct flight {
    message_run run;
    std::uint64_t first = 0; ///< number of the first message
    [[nodiscard]] std::uint64_t end() const noexcept { return first + run.size(); }
  };

  lane(connection_id name, const member_info& info, const window_options& window,
       queue_level& level);
  lane(const lane&) = delete;
  lane& operator=(const lane&) = delete;

  // -- the window --------------------------------------------------------------------------------
  /// Whether the window has room for a message. A single larger one may go alone.
  [[nodiscard]] bool admits(std::size_t bytes) const noexcept {
    return pending_messages == 0
           || (pending_messages < window_.max_messages && pending_bytes < window_.max_bytes
               && bytes <= window_.max_bytes - pending_bytes);
  }
  /// How many leading messages of a run the window admits, of at most so many and (but for a
  /// single larger one) so many bytes.
  [[nodiscard]] std::uint32_t fit(const message_run& x, std::size_t max_messages,
                                  std::size_t max_bytes) const noexcept;

  // -- on their way to the connection ------------------------------------------------------------
  void stage(message_run x);
  void stage(const single& x);
  [[nodiscard]] bool has_staged() const noexcept { return !staged_.empty(); }
  /// Numbers what is staged, and returns it for the connection.
  [[nodiscard]] std::vector<segment> hand_over();
  /// Takes out of what is staged whatever expires: see `run_list::expire`.
  [[nodiscard]] std::vector<message_run> expire_staged(std::int64_t now_ns, std::int64_t& next_ns);

  void put_back(const single& x);
  void put_back(message_run x, bool returned);
  /// Moves messages from the backlog to the window; returns how many.
  std::size_t refill();
  /// To be called after any change to `backlog` from outside.
  void backlog_changed() noexcept { update_full(); }

  // -- what the connection reports ---------------------------------------------------------------
  /// The next messages that a report of `written` covers; `count` is 0 if there are none.
  struct step {
    const flight* of = nullptr;
    std::uint32_t count = 0; ///< the first messages of that flight
    explicit operator bool() const noexcept { return count > 0; }
  };
  [[nodiscard]] step next_written(std::uint64_t written) const noexcept;
  /// They were written (or refused): the window is released, or they wait for confirmation.
  void wrote(const step& s);
  [[nodiscard]] step next_confirmed(std::uint64_t confirmed) const noexcept;
  void was_confirmed(const step& s);
  /// Remembers a message that waits for confirmation although it has its outcome.
  void note_refused(std::uint64_t number) { refused_.push_back(number); }
  [[nodiscard]] bool was_refused(std::uint64_t number) const noexcept {
    return !refused_.empty() && std::binary_search(refused_.begin(), refused_.end(), number);
  }

  // -- the state ---------------------------------------------------------------------------------
  /// Below it, everything was written or refused.
  [[nodiscard]] std::uint64_t written() const noexcept { return written_; }
  /// Number of the next message to be handed over.
  [[nodiscard]] std::uint64_t handed_over() const noexcept { return next_; }
  /// Nothing is on the way to the connection, or in it, or waits for its peer.
  [[nodiscard]] bool idle() const noexcept { return !in_flight() && !has_backlog(); }
  [[nodiscard]] bool has_backlog() const noexcept { return !backlog.empty() || !held.empty(); }
  [[nodiscard]] bool in_flight() const noexcept {
    return !staged_.empty() || !flights_.empty() || !unconfirmed_.empty();
  }
  /// A message with a key needs no more watching: it was confirmed or refused.
  void key_left() noexcept { --keyed_in_flight_; }
  /// Whether a message with a key is staged, handed over or unconfirmed.
  [[nodiscard]] bool has_keys_in_flight() const noexcept { return keyed_in_flight_ > 0; }

  using flight_list = boost::container::deque<flight>;
  struct content {
    flight_list unconfirmed; ///< written
    flight_list flights;     ///< handed over, not written
    run_list::container staged;
  };
  /// Takes everything out of the window, in order. Later reports of it are ignored.
  [[nodiscard]] content release();

  send_queue backlog; ///< waits for the window: messages with keys, and pinned ones
  send_queue held;    ///< waits, while retiring, until no key is in flight; then goes elsewhere
  bool retiring = false;
  bool ramping = false;     ///< slow start
  time_point ramps_since{}; ///< since when
  bool dirty = false;       ///< in the router's list of lanes that `flush` must visit
  bool has_waiting = false; ///< in the router's list of lanes with a backlog

private:
  void release_window(const message_run& x) noexcept;
  void count_in(const message_run& x) noexcept;
  void update_full() noexcept {
    full = pending_messages >= window_.max_messages || pending_bytes >= window_.max_bytes
           || !backlog.empty();
  }

  window_options window_;
  run_list staged_;
  flight_list flights_;
  flight_list unconfirmed_;
  std::vector<std::uint64_t> refused_; ///< numbers within `unconfirmed_`, ascending
  std::uint64_t next_ = 0;
  std::uint64_t written_ = 0;
  std::size_t keyed_in_flight_ = 0;
};

} // namespace wspool::detail
