// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <system_error>
#include <thread>

namespace wspool::cli {

/// Writes to a file descriptor in a thread of its own, as writing may block. What comes in while it
/// writes goes out in the next write, all in one. Whoever writes bounds what is not written yet, by
/// waiting for the reports.
///
/// Thread contract: any member from any thread.
class background_writer {
public:
  /// How many calls of `write` are written since the report before, or why nothing is any more.
  /// Runs in the writer's thread.
  using report = std::function<void(std::uint64_t calls, std::error_code why)>;

  explicit background_writer(int fd);
  background_writer(const background_writer&) = delete;
  background_writer& operator=(const background_writer&) = delete;
  ~background_writer() { stop(); }

  /// Whom to tell. Before the first `write`.
  void on_written(report done);
  /// After an error, what comes is taken and forgotten, and reported with that error.
  void write(std::string_view bytes);
  /// Waits for the write under way, and neither writes nor reports any more. Not in a report.
  void stop();

private:
  void run();

  int fd_;
  std::mutex mutex_;
  std::condition_variable changed_;
  report done_;
  std::string waiting_;
  std::uint64_t calls_ = 0; ///< that `waiting_` is made of
  bool stopped_ = false;
  std::thread thread_; // last: it uses all of the above
};

} // namespace wspool::cli
