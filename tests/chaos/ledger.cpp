// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "chaos/ledger.hpp"

#include <string>

namespace wspool::chaos {

namespace {

std::string describe(std::uint64_t number, const note& m) {
  auto text = "message " + std::to_string(number);
  text += m.policy == delivery::at_most_once ? " (at most once" : " (at least once";
  if (m.key >= 0)
    text += ", key " + std::to_string(m.key);
  if (m.pinned)
    text += ", pinned";
  return text + ")";
}

} // namespace

std::uint64_t ledger::begin(const note& what) {
  std::lock_guard guard{mutex_};
  notes_.push_back(what);
  return notes_.size() - 1;
}

void ledger::settle(std::uint64_t number, fate outcome, errc why) {
  std::lock_guard guard{mutex_};
  auto& m = notes_.at(number);
  if (m.outcome != fate::open)
    verdict_.blame(describe(number, m) + " was answered twice");
  m.outcome = outcome;
  m.why = why;
}

void ledger::arrived(std::uint32_t attempt, std::uint64_t number, bool late) {
  std::lock_guard guard{mutex_};
  ++arrivals_;
  if (number >= notes_.size())
    return verdict_.blame("message " + std::to_string(number) + " came, but was never sent");
  auto& m = notes_[number];
  ++m.arrivals;
  if (m.arrivals > 1 && (m.policy == delivery::at_most_once || m.pinned))
    verdict_.blame(describe(number, m) + " came " + std::to_string(m.arrivals) + " times");
  if (m.arrivals > 1 && m.last_attempt == attempt)
    verdict_.blame(describe(number, m) + " came twice on connection " + std::to_string(attempt));
  m.last_attempt = attempt;
  check_order(number, m, late);
}

// What a dead connection leaves behind in the server's buffers is read when newer messages may
// have come already. All others, for the first time each, must come in order.
void ledger::check_order(std::uint64_t number, note& m, bool late) {
  if (late || m.came_in_time)
    return;
  m.came_in_time = true;
  if (m.key < 0)
    return;
  auto [latest, is_new] = latest_of_key_.try_emplace(m.key, number);
  if (!is_new && number < latest->second)
    return verdict_.blame(describe(number, m) + " came behind message "
                          + std::to_string(latest->second) + " of its key");
  latest->second = number;
}

void ledger::check(const excuses& allowed) {
  std::lock_guard guard{mutex_};
  for (std::uint64_t number = 0; number < notes_.size(); ++number) {
    const auto& m = notes_[number];
    if (m.outcome == fate::open && !allowed.unheard)
      verdict_.blame(describe(number, m) + " has no outcome");
    else if (m.outcome == fate::sent)
      check_sent(number, m, allowed);
    else if (m.outcome == fate::failed)
      check_failed(number, m, allowed);
  }
  if (too_big_ > allowed.too_big)
    verdict_.blame(std::to_string(too_big_) + " messages failed as too big, but the server said so "
                   + std::to_string(allowed.too_big) + " times");
}

void ledger::check_sent(std::uint64_t number, const note& m, const excuses& allowed) {
  const bool was_read = m.policy == delivery::at_least_once || m.confirmed || allowed.no_loss;
  if (was_read && m.arrivals == 0)
    verdict_.blame(describe(number, m) + " is called sent, but never came");
}

void ledger::check_failed(std::uint64_t number, const note& m, const excuses& allowed) {
  const auto blame = [&](const char* what) {
    verdict_.blame(describe(number, m) + " failed as " + to_string(m.why) + ", " + what);
  };
  const bool certain =
    m.why == errc::queue_full || m.why == errc::dropped || m.why == errc::expired;
  if (certain && m.arrivals > 0 && m.policy == delivery::at_most_once)
    blame("but came");
  switch (m.why) {
    case errc::queue_full:
    case errc::dropped:
      return allowed.overflow ? void() : blame("but the queue had room");
    case errc::expired:
      return m.limited ? void() : blame("but may live for ever");
    case errc::unreachable:
      return allowed.unreachable ? void() : blame("but there were slots");
    case errc::too_big:
      ++too_big_;
      return;
    case errc::connection_lost:
      if (allowed.no_loss && !m.pinned) // a reply may come when its connection says good-bye
        return blame("but no connection died");
      return m.policy == delivery::at_most_once || m.pinned ? void() : blame("at least once");
    case errc::no_connection:
      return m.pinned ? void() : blame("but was not a reply");
    case errc::pool_closed:
    case errc::io_error: // CAF's own, for a pool that is gone
      return allowed.closed ? void() : blame("but the pool was not closed");
    default:
      return blame("which is no outcome");
  }
}

std::uint64_t ledger::count() const {
  std::lock_guard guard{mutex_};
  return notes_.size();
}

std::uint64_t ledger::arrivals() const {
  std::lock_guard guard{mutex_};
  return arrivals_;
}

} // namespace wspool::chaos
