// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "chaos/verdict.hpp"

#include <wspool/error.hpp>
#include <wspool/message.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <vector>

namespace wspool::chaos {

/// What became of a message as its sender was told.
enum class fate : std::uint8_t {
  open,    ///< not yet told
  sent,    ///< its outcome was "sent"
  failed,  ///< its outcome was a failure
  unknown, ///< nobody asked, or the answer does not tell
};

/// What is known of one numbered message.
struct note {
  delivery policy = delivery::at_most_once;
  std::int32_t key = -1;  ///< ordering key; -1: none
  bool pinned = false;    ///< bound to one connection
  bool limited = false;   ///< has a time to live
  bool confirmed = false; ///< "sent" means that the peer has read it, whatever the policy
  fate outcome = fate::open;
  errc why = errc::none;
  std::uint32_t arrivals = 0;
  std::uint32_t last_attempt = 0; ///< the connection on which it came last
  bool came_in_time = false;      ///< from a connection that its client had not given up
};

/// What the failures of a phase may be.
struct excuses {
  bool overflow = false;     ///< the queue may run over
  bool unreachable = false;  ///< all slots may have been given up
  bool closed = false;       ///< the pool ended before everything had its outcome
  bool unheard = false;      ///< senders ended before they were answered
  bool no_loss = false;      ///< no connection died: at most once, too, loses nothing
  std::uint64_t too_big = 0; ///< so many may have been refused as too big
};

/// The numbers of all messages of one phase: what was sent, what arrived, and whether the promises
/// of the delivery policies were kept. Thread contract: any thread.
class ledger {
public:
  explicit ledger(verdict& judge) : verdict_(judge) {}

  /// A new message. Numbers rise in the order of these calls.
  std::uint64_t begin(const note& what);
  void settle(std::uint64_t number, fate outcome, errc why = errc::none);

  /// The server has read the message. `late`: its client had given up the connection before.
  void arrived(std::uint32_t attempt, std::uint64_t number, bool late);

  /// At the end: every outcome against what arrived.
  void check(const excuses& allowed);

  [[nodiscard]] std::uint64_t count() const;
  [[nodiscard]] std::uint64_t arrivals() const;

private:
  void check_order(std::uint64_t number, note& m, bool late);
  void check_sent(std::uint64_t number, const note& m, const excuses& allowed);
  void check_failed(std::uint64_t number, const note& m, const excuses& allowed);

  verdict& verdict_;
  mutable std::mutex mutex_;
  std::vector<note> notes_;
  std::map<std::int32_t, std::uint64_t> latest_of_key_;
  std::uint64_t arrivals_ = 0;
  std::uint64_t too_big_ = 0;
};

} // namespace wspool::chaos
