// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <boost/asio/io_context.hpp>

#include <cstddef>
#include <functional>
#include <memory>

namespace wspool {

/// The threads that all sockets of a process share.
///
/// Each thread runs an `io_context` of its own, so whatever lives on one `io_context` never runs
/// twice at the same time (an implicit strand): connections are spread over them.
///
/// Thread contract: all members may be called from any thread, except that `stop()` and the
/// destructor must not run on one of the pool's own threads.
class io_pool {
public:
  /// @param threads how many; 0: half the cores, at least one, at most four.
  explicit io_pool(std::size_t threads = 0);

  /// A pool that runs nothing by itself: tests drive it with `poll()`.
  struct manual_t {};
  static constexpr manual_t manual{};
  explicit io_pool(manual_t);

  io_pool(const io_pool&) = delete;
  io_pool& operator=(const io_pool&) = delete;
  /// Calls `stop()`.
  ~io_pool();

  /// The `io_context` for the next connection, taken in turn.
  [[nodiscard]] std::shared_ptr<boost::asio::io_context> next();

  [[nodiscard]] std::size_t threads() const noexcept;
  [[nodiscard]] bool is_manual() const noexcept;
  /// Whether the calling thread is one of the pool's.
  [[nodiscard]] bool runs_in_this_thread() const noexcept;

  /// Runs what is ready on a manual pool, on the calling thread. @returns how many handlers ran.
  std::size_t poll();

  /// Registers something that must end before the threads do; `stop()` calls it once.
  /// @returns a token for `forget`.
  std::size_t on_stop(std::function<void()> hook);
  void forget(std::size_t token);

  /// Calls the hooks, lets the threads finish what is left, and joins them. Idempotent.
  void stop();

private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

} // namespace wspool
