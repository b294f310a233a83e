// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "pool/internal_messages.hpp"

#include <wspool/stats.hpp>

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace wspool {

/// Who is there: slots, open connections, and the counts of those that are gone. Pure.
///
/// Ready and empty are transitions: ready when the last wanted slot opened, empty when the last
/// open connection closed.
class pool_census {
public:
  using time_point = std::chrono::steady_clock::time_point;
  enum class transition { none, ready, empty };

  transition opened(const internal::opened& news, time_point now);
  transition ended(const internal::ended& news);
  transition slot_changed(const internal::slots& news);
  void failed(errc why, std::uint64_t count);
  void waited(std::chrono::nanoseconds how_long, std::uint64_t count);

  /// Slots that have an open connection.
  [[nodiscard]] std::uint32_t open() const noexcept {
    return static_cast<std::uint32_t>(open_slots_.size());
  }
  /// There are slots, and each was given up.
  [[nodiscard]] bool hopeless() const noexcept { return !slots_.empty() && given_up_ == slots_.size(); }

  /// Everything but the account, the queue and what only live connections know.
  void fill(pool_stats& into, time_point now) const;
  /// A live connection's own counts.
  void add_live(pool_stats& into, const internal::sample& counts) const;

private:
  struct slot {
    std::string origin;
    slot_state state = slot_state::connecting;
    std::uint32_t generation = 0;
    std::uint32_t reconnects = 0;
  };
  struct live {
    std::string origin;
    time_point opened_at;
  };

  transition check_ready();

  std::map<std::uint32_t, slot> slots_;
  std::map<connection_id, live> live_;
  std::map<std::uint32_t, std::uint32_t> open_slots_; ///< slot to number of its open connections
  std::size_t given_up_ = 0;
  bool ready_ = false;

  std::map<std::string, std::uint64_t> failures_;
  std::map<std::string, endpoint_stats> endpoints_; ///< by origin
  std::map<std::uint16_t, std::uint64_t> closes_;
  std::uint64_t connects_ = 0;
  std::uint64_t reconnects_ = 0;
  traffic gone_; ///< of connections that ended
  histogram round_trip_;
  histogram send_wait_;
  histogram connection_duration_;
  histogram reconnect_delay_;
};

} // namespace wspool
