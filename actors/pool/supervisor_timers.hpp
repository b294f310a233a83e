// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <chrono>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <set>
#include <unordered_map>
#include <vector>

namespace wspool {

/// When a supervisor has to do what, over all its slots: one time for each slot and purpose, all of
/// them ordered, so that thousands of slots need one timer and no scan. Pure.
class supervisor_timers {
public:
  using time_point = std::chrono::steady_clock::time_point;

  enum class purpose : std::uint8_t {
    attempt, ///< begin the slot's next attempt
    settle,  ///< its connection has lasted the minimum uptime
    rotate,  ///< its connection has reached its age
    reap,    ///< a life that was asked to end must have ended
    stop,    ///< of the whole pool: closing took too long
  };

  /// For what concerns no slot in particular.
  static constexpr std::uint32_t no_slot = std::numeric_limits<std::uint32_t>::max();

  struct entry {
    time_point at{};
    std::uint32_t slot = no_slot;
    purpose what = purpose::attempt;
    friend auto operator<=>(const entry&, const entry&) = default;
  };

  /// Replaces the time that was set before.
  void set(std::uint32_t slot, purpose what, time_point at);
  void cancel(std::uint32_t slot, purpose what);
  void cancel_all(std::uint32_t slot);

  [[nodiscard]] std::optional<time_point> find(std::uint32_t slot, purpose what) const;
  [[nodiscard]] std::optional<time_point> earliest() const;
  /// Removes and returns the earliest entry, if it is due.
  [[nodiscard]] std::optional<entry> take(time_point now);
  [[nodiscard]] std::size_t size() const noexcept { return ordered_.size(); }

  /// Of the delayed messages under way, none of which can be called back: whether another one is
  /// needed for the earliest entry, and for when. Every one that is needed is earlier than all
  /// under way, so they stay few.
  [[nodiscard]] std::optional<time_point> arm();
  /// Such a message came.
  void fired(time_point now);

private:
  static std::uint64_t key(std::uint32_t slot, purpose what) noexcept {
    return (std::uint64_t{slot} << 8) | static_cast<std::uint64_t>(what);
  }

  std::set<entry> ordered_;
  std::unordered_map<std::uint64_t, time_point> times_;
  std::vector<time_point> under_way_; ///< descending
};

} // namespace wspool
