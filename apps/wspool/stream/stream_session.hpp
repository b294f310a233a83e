// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "account/stream_state.hpp"
#include "options/command_options.hpp"
#include "process/signals.hpp"
#include "stream/background_writer.hpp"
#include "stream/message_source.hpp"

#include <wspool/pool.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <unistd.h>

namespace spdlog {
class logger;
}

namespace wspool::cli {

/// How much may be with the pool and not yet settled: what keeps memory flat.
struct stream_window {
  std::size_t messages = 1;
  std::size_t bytes = 1;
};

/// Lines in, lines out, through a pool. The main thread polls for input, signals and news; actors
/// do the rest.
///
///     opening -> reading -> draining -> lingering -> closing
///
/// The end of stdin, the first signal, the loss of all connections and a reader of stdout that
/// went away each end the reading. Thread contract: the main thread only.
class stream_session {
public:
  struct setup {
    pool_actor pool;
    bool owns_pool = true; ///< close it in the end
    stream_options options;
    bool events = false; ///< on stderr, as JSON
    stream_window window;
    std::chrono::milliseconds close_timeout{0};
    std::shared_ptr<stream_state> state;
    std::shared_ptr<spdlog::logger> logger;
  };

  stream_session(caf::actor_system& system, signal_inbox& signals, message_source& input,
                 setup what);
  stream_session(const stream_session&) = delete;
  stream_session& operator=(const stream_session&) = delete;
  /// Ends the actors.
  ~stream_session();

  /// Runs to the end. @returns the exit status.
  int run();

private:
  using clock = std::chrono::steady_clock;
  using condition = std::function<bool()>;

  void await_open();
  void read_input();
  void drain();
  void linger();
  void close();
  void report_failures() const;
  [[nodiscard]] int status() const;

  bool send_some();
  void count_oversized();
  [[nodiscard]] bool has_room() const noexcept;
  /// No use in going on: interrupted, or nowhere to send to, or nobody to read.
  [[nodiscard]] bool is_over() const noexcept;

  /// Sleeps until `done`, or the deadline. @returns whether it is done.
  bool wait_until(const condition& done, std::optional<clock::duration> timeout);
  /// Sleeps until something happens. @returns whether there is input.
  bool wait_once(bool for_input, std::optional<clock::time_point> deadline);

  caf::actor_system& system_;
  signal_inbox& signals_;
  message_source& input_;
  setup what_;
  stream_state& state_;
  std::shared_ptr<background_writer> output_ = std::make_shared<background_writer>(STDOUT_FILENO);
  caf::actor observer_;
  caf::actor sink_;
  caf::actor sender_;
  bool interrupted_ = false;
  bool input_failed_ = false;
  std::uint64_t oversized_ = 0; ///< counted so far
};

} // namespace wspool::cli
