// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <optional>
#include <signal.h>

namespace wspool::cli {

/// SIGINT and SIGTERM as something to poll for, so that they are seen while a program waits for
/// its input. The first is taken by `take`; from then on the next one ends the process at once, by
/// the signal's own default. A broken pipe is an error of `write`, not a signal. With
/// `with_hangup`, SIGHUP can be taken as well, any number of times.
///
/// Make it before any thread starts: all threads inherit that the signals are held back.
/// Thread contract: the main thread only.
class signal_inbox {
public:
  explicit signal_inbox(bool with_hangup = false);
  ~signal_inbox();
  signal_inbox(const signal_inbox&) = delete;
  signal_inbox& operator=(const signal_inbox&) = delete;

  /// Readable when a signal waits.
  [[nodiscard]] int fd() const noexcept { return fd_; }
  /// The signal that waits, if any; the next one is deadly.
  std::optional<int> take() noexcept;

  /// Waits without end. @returns the signal.
  int wait() noexcept;

  /// While it exists, any signal ends the process at once: for calls that block.
  class deadly {
  public:
    explicit deadly(const signal_inbox& inbox) noexcept;
    ~deadly();
    deadly(const deadly&) = delete;
    deadly& operator=(const deadly&) = delete;

  private:
    const sigset_t& set_;
  };

private:
  sigset_t set_{};
  int fd_ = -1;
};

} // namespace wspool::cli
