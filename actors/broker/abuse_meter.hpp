// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "messaging/message_errc.hpp"

#include <chrono>
#include <cstddef>
#include <vector>

namespace wspool {

/// Whether a refusal speaks against the client: it could have known better, and goes on at its own
/// risk. What the server cannot do at the moment is not held against anybody.
[[nodiscard]] constexpr bool is_clients_fault(message_errc code) noexcept {
  switch (code) {
    case message_errc::conflict: // may be a repetition in good faith
    case message_errc::deadline_exceeded:
    case message_errc::cancelled:
    case message_errc::unavailable:
    case message_errc::internal:
      return false;
    default:
      return true;
  }
}

/// Counts a client's refused messages within the last ten seconds. A value that takes the time as
/// an argument; time must not run backwards. Remembers one time more than are allowed.
class abuse_meter {
public:
  using time_point = std::chrono::steady_clock::time_point;
  static constexpr std::chrono::seconds window{10};

  /// @returns whether that was one too many: there were more than `most` (0: any number will do).
  [[nodiscard]] bool refuse(time_point now, std::size_t most) {
    if (most == 0)
      return false;
    std::erase_if(times_, [now](time_point t) { return now - t >= window; });
    times_.push_back(now);
    if (times_.size() <= most)
      return false;
    times_.erase(times_.begin());
    return true;
  }

private:
  std::vector<time_point> times_; ///< no deque: most clients have none
};

} // namespace wspool
