// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <wspool/pool_options.hpp>

#include <algorithm>
#include <chrono>
#include <optional>

namespace wspool {

/// Whether an open connection's peer still lives, from the times at which frames came in. Pure.
///
///     quiet for `interval` -> ping -> nothing for `timeout` -> dead
///
/// Any inbound frame proves the peer alive. While the owner does not read (its subscribers are
/// behind), silence proves nothing, so no verdict is given on that. Who is not read because it was
/// too fast is not idle either.
class liveness {
public:
  using clock = std::chrono::steady_clock;
  enum class verdict { none, ping_due, dead, idle };

  liveness(const heartbeat_options& heartbeat, std::chrono::milliseconds idle,
           clock::time_point now)
    : heartbeat_(heartbeat), idle_(idle), last_inbound_(now), last_message_(now) {}

  void inbound(clock::time_point now) {
    last_inbound_ = now;
    pinged_.reset();
  }
  /// A message went in or out.
  void message(clock::time_point when) { last_message_ = std::max(last_message_, when); }
  /// A ping of any purpose was written: its answer, too, proves the peer alive.
  void pinged(clock::time_point now) {
    if (!pinged_)
      pinged_ = now;
  }
  void reading(bool on, clock::time_point now) {
    if (on && !reading_)
      inbound(now);
    reading_ = on;
  }
  /// The owner does not read because the peer was too fast (`on`), or no longer.
  void throttled(bool on, clock::time_point now) {
    if (!on && throttled_)
      message(now);
    throttled_ = on;
  }

  [[nodiscard]] verdict check(clock::time_point now) const;
  /// When to check again; none if nothing is ever due.
  [[nodiscard]] std::optional<clock::time_point> next() const;

private:
  heartbeat_options heartbeat_;
  std::chrono::milliseconds idle_;
  clock::time_point last_inbound_;
  clock::time_point last_message_;
  std::optional<clock::time_point> pinged_;
  bool reading_ = true;
  bool throttled_ = false;
};

} // namespace wspool
