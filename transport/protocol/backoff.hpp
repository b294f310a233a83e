// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <wspool/retry_policy.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <random>

namespace wspool {

/// The delays of one slot's attempts: full jitter, drawn afresh for each one from 0 to a ceiling
/// that grows. A value without a clock; its owner waits and tells it how the connection fared.
class backoff {
public:
  using milliseconds = std::chrono::milliseconds;

  /// 1013 (try again later) starts at this many times the first ceiling.
  static constexpr double long_factor = 10.0;

  /// Values that `validate` would refuse are put right: no negative time, no shrinking.
  explicit backoff(const reconnect_options& options) noexcept;

  /// The delay before the next attempt, on top of `at_least` (a peer's hint, which wins over the
  /// ceiling too): those who got the same hint must not come back in the same instant. Counts the
  /// attempt and lets the ceiling grow.
  template <class Engine>
  [[nodiscard]] milliseconds next(Engine& engine, milliseconds at_least = milliseconds{0}) {
    auto drawn = draw(engine, ceiling_);
    count_attempt();
    grow();
    return at_least + drawn;
  }

  /// The same for a peer that restarts and advertised a window (1012): the first attempt's delay
  /// is drawn from the window and the ceiling stays. Later attempts back off as ever, so that a
  /// server that says so to everyone at once still sees growing intervals.
  template <class Engine>
  [[nodiscard]] milliseconds next_within(Engine& engine, milliseconds window) {
    if (attempts_ > 0)
      return next(engine);
    count_attempt();
    return draw(engine, window);
  }

  /// What the next delay is drawn up to.
  [[nodiscard]] milliseconds ceiling() const noexcept { return ceiling_; }
  /// Attempts drawn since the last reset.
  [[nodiscard]] std::uint32_t attempts() const noexcept { return attempts_; }
  /// No attempt is left: the slot is to be given up.
  [[nodiscard]] bool exhausted() const noexcept { return limit_ && attempts_ >= *limit_; }

  /// Lifts the ceiling to `factor` times the initial one, if it is lower; not above the maximum.
  void raise_to(double factor) noexcept;
  /// The connection had stayed open for the minimum uptime: everything starts anew.
  void reset() noexcept;
  /// The same for one that ended with 1012, which does not reset the ceiling.
  void reset_attempts() noexcept { attempts_ = 0; }

private:
  template <class Engine>
  static milliseconds draw(Engine& engine, milliseconds highest) {
    if (highest <= milliseconds{0})
      return milliseconds{0};
    std::uniform_int_distribution<milliseconds::rep> jitter(0, highest.count());
    return milliseconds{jitter(engine)};
  }

  void grow() noexcept { ceiling_ = scaled(ceiling_, multiplier_); }
  void count_attempt() noexcept;
  [[nodiscard]] milliseconds scaled(milliseconds value, double factor) const noexcept;

  milliseconds initial_;
  milliseconds maximum_;
  milliseconds ceiling_;
  double multiplier_;
  std::optional<std::uint32_t> limit_;
  std::uint32_t attempts_ = 0;
};

/// The delay that a decision of the policy asks for. Not to be asked for `give_up`.
template <class Engine>
[[nodiscard]] std::chrono::milliseconds delay_for(const retry_decision& decision, backoff& delays,
                                                  Engine& engine) {
  switch (decision.action) {
    case retry_action::restart_window:
      return delays.next_within(engine, decision.window);
    case retry_action::long_backoff:
      delays.raise_to(backoff::long_factor);
      break;
    case retry_action::reconnect:
    case retry_action::refresh_once:
    case retry_action::give_up:
      break;
  }
  return delays.next(engine, decision.at_least);
}

} // namespace wspool
