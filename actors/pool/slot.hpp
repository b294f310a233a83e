// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "protocol/backoff.hpp"

#include <wspool/retry_policy.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <random>
#include <vector>

namespace wspool {

/// What comes of an ending, as far as the slot's own history goes.
struct comeback_plan {
  bool give_up = false;
  std::chrono::milliseconds delay{0}; ///< until the next attempt
  /// Consecutive: 1 for the first attempt after a connection that lasted the minimum uptime.
  std::uint32_t attempt = 0;
  bool endpoint_fault = false; ///< it counts toward ejecting the endpoint
};

/// Decides when a slot tries again, from ending to ending. Time and randomness are arguments.
class comeback {
public:
  using milliseconds = std::chrono::milliseconds;
  using engine = std::mt19937_64;

  /// Clients whose credentials all were refused at once come back within this time.
  static constexpr milliseconds refresh_spread{250};

  explicit comeback(const reconnect_options& options)
    : delays_(options), initial_(options.initial), minimum_uptime_(options.minimum_uptime) {}

  /// A connection ended that had been open for `uptime` (none: never).
  [[nodiscard]] comeback_plan after(const ending& how, std::optional<milliseconds> uptime,
                                    const retry_policy& policy, engine& random);

  /// A connection was open for `uptime` and is to be replaced by plan.
  void reset_if_lasting(milliseconds uptime) noexcept;

  /// Consecutive attempts that were planned, at least 1.
  [[nodiscard]] std::uint32_t attempts() const noexcept;

  /// Whether the next attempt needs other credentials; asking takes the answer back.
  [[nodiscard]] bool take_refresh() noexcept;

private:
  [[nodiscard]] bool is_lasting(milliseconds uptime) const noexcept {
    return uptime >= minimum_uptime_;
  }

  backoff delays_;
  milliseconds initial_;
  milliseconds minimum_uptime_;
  bool refreshed_ = false;    ///< the one refresh was used since a connection lasted
  bool refresh_next_ = false; ///< and the attempt that is to use it has not begun
};

/// One connection of a slot, as its slot sees it.
struct slot_life {
  using time_point = std::chrono::steady_clock::time_point;
  std::uint32_t generation = 0;
  bool open = false;
  bool retiring = false; ///< was asked to end: its end is no failure
  bool overdue = false;  ///< and did not within the time it was given first
  time_point opened_at{};
  time_point deadline = time_point::max(); ///< if retiring
};

/// What is to be done after a life ended.
enum class slot_move : std::uint8_t {
  none,      ///< not one of the slot's lives, or an old one that nothing depended on
  reconnect, ///< at once: it ended on purpose
  wait,      ///< for the plan's delay, then make an attempt
  give_up,   ///< no attempt is left, or none would help
  put_off,   ///< the successor gave up; the old life goes on until its next rotation
  exposed,   ///< the old life is gone before its successor opened, whose attempts are what is left
  gone,      ///< a leaving slot lost its last life: forget it
};

struct slot_step {
  slot_move move = slot_move::none;
  comeback_plan plan; ///< of `wait`, `give_up`, `put_off`; `endpoint_fault` of all
};

/// A slot's lives: pure, without a clock. Each attempt is a life with a generation of its own, and
/// what an older generation still says is ignored.
///
///                .-----------------------------------------.
///                v                                          |  ended
///     (new) -> waiting --begin_attempt--> connecting --opened--> open --begin_rotation--.
///                ^  |                         |                   ^                     |
///                |  '--------------------- give up --> given_up   '-- successor opened -+
///                '------------------------------------------------------ (old serves) --'
///
/// At most one life serves. While a rotation is under way, the old life serves and the attempts of
/// its successor are hidden from the outside; once the successor is open, the old one retires.
class slot {
public:
  using time_point = slot_life::time_point;
  using milliseconds = std::chrono::milliseconds;
  enum class phase : std::uint8_t { waiting, connecting, open, given_up };

  slot(std::uint32_t number, const reconnect_options& options)
    : number_(number), comeback_(options) {}

  [[nodiscard]] std::uint32_t number() const noexcept { return number_; }
  /// Of the newest attempt; 0 before the first.
  [[nodiscard]] std::uint32_t generation() const noexcept { return generation_; }
  /// How many lives opened.
  [[nodiscard]] std::uint32_t openings() const noexcept { return openings_; }
  /// Of the newest life.
  [[nodiscard]] phase state() const noexcept { return phase_; }
  /// An old life serves while its successor is made.
  [[nodiscard]] bool rotating() const noexcept { return rotating_; }
  [[nodiscard]] bool leaving() const noexcept { return leaving_; }
  [[nodiscard]] bool lifeless() const noexcept { return !newest_ && !old_; }
  [[nodiscard]] const slot_life* find(std::uint32_t generation) const noexcept;
  [[nodiscard]] bool is_newest(std::uint32_t generation) const noexcept {
    return newest_ && newest_->generation == generation;
  }
  [[nodiscard]] bool has_open() const noexcept {
    return (newest_ && newest_->open) || (old_ && old_->open);
  }
  /// Its lives, the newest one last.
  [[nodiscard]] std::vector<slot_life> lives() const;

  struct attempt {
    std::uint32_t generation = 0;
    std::uint32_t number = 0; ///< 1 for the first since the slot was last open
    bool refresh = false;
  };
  /// A new life begins. Only while waiting.
  attempt begin_attempt();

  /// @returns false if it is not the life that was waited for.
  bool opened(std::uint32_t generation, time_point now);
  /// The old life that the newest one has replaced, if that is open and the old one not yet told.
  [[nodiscard]] std::optional<std::uint32_t> replaced() const noexcept;

  slot_step ended(std::uint32_t generation, const ending& how, bool on_purpose, time_point now,
                  const retry_policy& policy, comeback::engine& random);

  /// Lets the open life serve on as the old one while a successor is made.
  /// @returns false if this is not the time: not open, leaving, or a rotation is under way.
  bool begin_rotation(time_point now);

  /// That life was asked to finish and end by `deadline`.
  void retire(std::uint32_t generation, time_point deadline = time_point::max());

  struct overdue_life {
    std::uint32_t generation = 0;
    bool again = false; ///< it had its last respite
  };
  /// Retiring lives that are past their deadline. Each is told twice at most: the first time it
  /// gets `respite` to end at once, the second time it is beyond hope.
  [[nodiscard]] std::vector<overdue_life> take_overdue(time_point now, milliseconds respite);
  /// The earliest deadline that `take_overdue` has not told.
  [[nodiscard]] std::optional<time_point> next_deadline() const;

  /// No attempt follows any more; it is to be forgotten once it is lifeless.
  void leave() noexcept { leaving_ = true; }

private:
  slot_step newest_ended(const slot_life& life, const ending& how, bool on_purpose, time_point now,
                         const retry_policy& policy, comeback::engine& random);
  slot_step old_ended(const ending& how, const retry_policy& policy, bool was_told);
  slot_life* find_mutable(std::uint32_t generation) noexcept;

  std::uint32_t number_;
  std::uint32_t generation_ = 0;
  std::uint32_t openings_ = 0;
  std::uint32_t attempts_ = 0; ///< since it was last open
  phase phase_ = phase::waiting;
  bool rotating_ = false;
  bool leaving_ = false;
  std::optional<slot_life> newest_;
  std::optional<slot_life> old_;
  comeback comeback_;
};

} // namespace wspool
