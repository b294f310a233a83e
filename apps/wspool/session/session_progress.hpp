// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "process/wakeup.hpp"

#include <atomic>
#include <cstdint>

namespace wspool::cli {

/// What the actors of `wspool session` have got done, for the main thread, which `changes` wakes.
/// Thread-safe.
struct session_progress {
  wakeup changes;
  std::atomic<std::uint64_t> received{0};
  std::atomic<std::uint64_t> gaps{0};
  std::atomic<std::uint64_t> asked{0};      ///< requests
  std::atomic<std::uint64_t> done{0};       ///< of these, with their outcome
  std::atomic<std::uint64_t> failed{0};     ///< of these
  std::atomic<std::uint64_t> untold{0};     ///< of these, without a line of their own on stderr
  std::atomic<std::uint64_t> duplicates{0}; ///< publications that had been published before
  std::atomic<int> output_error{0};
  std::atomic<bool> output_flushed{false};
  std::atomic<bool> connected{false};
  std::atomic<bool> closed{false}; ///< the session, as it was told to
  std::atomic<bool> ended{false};  ///< the session, by itself

  [[nodiscard]] std::uint64_t outstanding() const noexcept { return asked - done; }

  void settle(bool good) noexcept {
    if (!good)
      ++failed;
    ++done;
    changes.notify();
  }
  void raise(std::atomic<bool>& flag) noexcept { set(flag, true); }
  void set(std::atomic<bool>& flag, bool value) noexcept {
    flag = value;
    changes.notify();
  }
};

} // namespace wspool::cli
