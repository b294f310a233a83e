// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <chrono>
#include <string>
#include <sys/types.h>
#include <vector>

namespace wspool::cli {

/// This program once more, in a process of its own that does not outlive us.
/// Start it before any thread. Thread contract: the main thread.
class child_process {
public:
  /// @throws std::system_error
  explicit child_process(std::vector<std::string> arguments);
  child_process(const child_process&) = delete;
  child_process& operator=(const child_process&) = delete;
  /// Ends it with SIGTERM, after a while with SIGKILL.
  ~child_process();

  /// Its next line on stdout. @throws std::runtime_error if none came in time.
  [[nodiscard]] std::string read_line(std::chrono::milliseconds timeout);
  /// Whether it ended by itself.
  [[nodiscard]] bool has_ended();

private:
  pid_t pid_ = -1;
  int out_ = -1;
};

} // namespace wspool::cli
