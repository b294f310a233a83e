// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "process/app_system.hpp"
#include "process/signals.hpp"
#include "session/session_actors.hpp"
#include "stream/message_source.hpp"

#include <functional>
#include <memory>
#include <string>
#include <unistd.h>
#include <vector>

namespace wspool::cli {

/// One session and what a person wants of it. The main thread polls for input, signals and news;
/// actors do the rest. Thread contract: the main thread only.
class session_run {
public:
  session_run(app_system& apps, signal_inbox& signals, session_actor session, session_desk desk);
  session_run(const session_run&) = delete;
  session_run& operator=(const session_run&) = delete;
  /// Ends the actors.
  ~session_run();

  // Each runs to the end and returns the exit status.
  int subscribe(const std::vector<subscribe_order>& orders);
  int publish(const std::string& channel, message_source& input);
  int query(const std::string& name, const content& data);

private:
  using condition = std::function<bool()>;

  void close();
  /// Gives up what has no outcome: nobody waits for it any more.
  void abandon(const char* what);
  /// Told to end while there is nobody to end with.
  [[nodiscard]] bool is_alone() const noexcept;
  bool publish_some(message_source& input, const caf::actor& publisher);
  [[nodiscard]] bool is_over() const noexcept;
  [[nodiscard]] int status() const;
  void wait_until(const condition& done);
  /// Sleeps until something happens. @returns whether there is input.
  bool wait_once(int input_fd);

  app_system& apps_;
  signal_inbox& signals_;
  session_actor session_;
  session_desk desk_;
  session_progress& progress_;
  caf::actor watcher_; ///< tells when the session has ended
  std::shared_ptr<background_writer> output_ = std::make_shared<background_writer>(STDOUT_FILENO);
  std::uint64_t lines_ = 0; ///< read of the input, but for those that are too large
  int interrupted_ = 0;     ///< the signal's number
  bool abandoned_ = false;
  bool input_failed_ = false;
  bool ended_by_itself_ = false;
};

} // namespace wspool::cli
