// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

namespace wspool::cli {

/// Wakes a thread that polls. Thread contract: `notify` from any thread, the rest from the one
/// that polls.
class wakeup {
public:
  wakeup();
  ~wakeup();
  wakeup(const wakeup&) = delete;
  wakeup& operator=(const wakeup&) = delete;

  /// Readable after `notify`, until `clear`.
  [[nodiscard]] int fd() const noexcept { return fd_; }
  void notify() noexcept;
  void clear() noexcept;

private:
  int fd_;
};

} // namespace wspool::cli
