// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

namespace wspool::bench {

/// A program in a process of its own, on one core, that is killed with us.
///
/// Thread contract: one thread, which must live as long as the process.
class worker_process {
public:
  /// Finds `program` as a shell would; "" is this program once more.
  /// @param core see `pin_to`.
  /// @throws std::system_error
  worker_process(const std::string& program, std::vector<std::string> arguments, std::size_t core);
  worker_process(const worker_process&) = delete;
  worker_process& operator=(const worker_process&) = delete;
  /// Kills it.
  ~worker_process();

  /// Its next line on stdout; none if it ended without one.
  /// @throws std::runtime_error if nothing came in time.
  [[nodiscard]] std::optional<std::string> read_line(std::chrono::milliseconds timeout);

  [[nodiscard]] pid_t pid() const noexcept { return pid_; }
  /// Whether it ended by itself.
  [[nodiscard]] bool has_ended() noexcept;

  /// All that it wrote to stderr until now, at most some KiB.
  [[nodiscard]] std::string complaints();

private:
  pid_t pid_ = -1;
  int out_ = -1;
  int err_ = -1;
  std::string buffered_;
};

} // namespace wspool::bench
