// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "pool/internal_messages.hpp"

#include <wspool/stats.hpp>

#include <chrono>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>

namespace wspool {

void add(traffic& to, const traffic& what);

/// Whose decision an end without a closing handshake was.
[[nodiscard]] initiator initiator_of(errc why);

/// Who is there: slots, open connections, and the counts of those that are gone. Pure.
///
/// Ready and empty are transitions: ready when the last wanted slot opened, empty when the last
/// open connection closed. A slot that the supervisor calls draining is not wanted any more: it
/// finishes what it holds, and counts only for `empty`.
class pool_census {
public:
  using time_point = std::chrono::steady_clock::time_point;
  enum class transition { none, ready, empty };

  transition opened(const internal::opened& news, time_point now);
  transition ended(const internal::ended& news);
  transition slot_changed(const internal::slots& news);
  void failed(errc why, std::uint64_t count);
  void waited(std::chrono::nanoseconds how_long, std::uint64_t count);
  /// A live connection's own counts. They stand until newer ones come, so no counter ever falls.
  void sampled(const internal::sample& counts);

  /// Wanted slots that have an open connection.
  [[nodiscard]] std::uint32_t open() const noexcept { return sums_.open; }
  /// There are wanted slots, and each was given up.
  [[nodiscard]] bool hopeless() const noexcept {
    return sums_.wanted > 0 && sums_.given_up == sums_.wanted;
  }

  /// Everything but the account and the queue.
  void fill(pool_stats& into, time_point now) const;

private:
  /// Of an endpoint, shared by all its slots; kept for good, as its numbers are.
  using origin_ref = const std::string*;

  struct slot {
    origin_ref origin = nullptr;
    slot_state state = slot_state::connecting;
    std::uint32_t generation = 0;
    std::uint32_t reconnects = 0;
  };
  struct live {
    origin_ref origin = nullptr;
    time_point opened_at;
    std::uint32_t reconnects = 0;
    traffic total; ///< as last heard
    std::chrono::nanoseconds smoothed{0};
  };
  /// Of wanted slots.
  struct sums {
    std::uint32_t wanted = 0;
    std::uint32_t open = 0;
    std::uint32_t given_up = 0;
  };

  [[nodiscard]] origin_ref shared(const std::string& origin) {
    return &*origins_.insert(origin).first;
  }
  [[nodiscard]] sums share_of(std::uint32_t number) const;
  template <class F>
  void change(std::uint32_t number, F f);
  transition check_ready();
  void count_close(const ending& how);
  void fill_connections(pool_stats& into, time_point now) const;

  std::set<std::string> origins_;
  std::map<std::uint32_t, slot> slots_;
  std::map<connection_id, live> live_;
  std::map<std::uint32_t, std::uint32_t> open_slots_; ///< slot to number of its open connections
  std::map<std::uint32_t, std::uint32_t> openings_;   ///< slot to number of lives that opened
  sums sums_;
  bool ready_ = false;

  std::map<std::string, std::uint64_t> failures_;
  std::map<std::string, endpoint_stats> endpoints_; ///< by origin
  std::map<std::pair<std::uint16_t, initiator>, std::uint64_t> closes_;
  std::uint64_t connects_ = 0;
  std::uint64_t reconnects_ = 0;
  traffic gone_; ///< of connections that ended
  histogram round_trip_;
  histogram send_wait_;
  histogram connection_duration_;
  histogram reconnect_delay_;
};

} // namespace wspool
