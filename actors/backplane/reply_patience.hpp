// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <algorithm>
#include <chrono>

namespace wspool {

/// How long to wait for the oldest of many commands. One that answers, though it is behind with
/// what we gave it to do at once (all channels and members, after a reconnect), is not dead: to
/// give it up would make us begin all over again. A value that takes the time as an argument.
class reply_patience {
public:
  using time_point = std::chrono::steady_clock::time_point;
  /// A command may take so many times its limit, as long as others are answered.
  static constexpr int longest_factor = 6;

  explicit reply_patience(std::chrono::milliseconds limit) : limit_(limit) {}

  void answered(time_point now) { latest_ = now; }

  /// When the link is to be given up for the command that was sent then.
  [[nodiscard]] time_point until(time_point sent) const {
    return std::clamp(latest_ + limit_, sent + limit_, sent + longest_factor * limit_);
  }

private:
  std::chrono::milliseconds limit_;
  time_point latest_{};
};

} // namespace wspool
