// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <sys/types.h>

namespace wspool::test {

/// A program that a test starts, listens to, and ends: this one and no other.
///
/// Its standard output is read all the time, line by line, so that it never waits for us; the last
/// lines are kept.
class peer_process {
public:
  static constexpr std::chrono::seconds patience{20};

  /// @throws std::runtime_error if it cannot be started.
  explicit peer_process(const std::vector<std::string>& command);
  peer_process(const peer_process&) = delete;
  peer_process& operator=(const peer_process&) = delete;
  /// Kills it.
  ~peer_process();

  /// Waits for a line for which this is true, old ones included. @returns it; empty if none came in
  /// time.
  std::string wait_for_line(const std::function<bool(std::string_view)>& matches,
                            std::chrono::milliseconds limit = patience);
  /// How many lines contain `text`.
  [[nodiscard]] std::size_t count_lines(std::string_view text);

  void send_signal(int number);
  /// Asks it to end and waits for that; kills it if it takes too long. @returns its exit status, or
  /// 128 and the signal.
  int stop();
  /// Without a question.
  void kill();
  [[nodiscard]] bool running() const noexcept { return pid_ > 0; }
  [[nodiscard]] pid_t pid() const noexcept { return pid_; }

private:
  static constexpr std::size_t max_lines = 10'000;

  void read_lines();
  int wait_for_end(std::chrono::milliseconds limit);

  pid_t pid_ = -1;
  int output_ = -1;
  std::thread reader_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::string> lines_;
  bool ended_ = false;
};

/// A server of tests/peers: which way it behaves is chosen by the path.
class peer_server {
public:
  /// Starts `server.js` on a free port.
  /// @throws std::runtime_error if there is no Node, or `config/bootstrap` did not install `ws`.
  explicit peer_server(std::vector<std::string> arguments = {});

  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
  /// `ws://127.0.0.1:PORT` and the path; `wss://localhost…` if it was started with TLS.
  [[nodiscard]] std::string url(std::string_view path) const;
  [[nodiscard]] peer_process& process() noexcept { return *process_; }

  /// Ends without a word to any client.
  void kill() { process_->kill(); }
  /// Starts again on the same port.
  void start();

private:
  std::vector<std::string> arguments_;
  bool tls_ = false;
  std::uint16_t port_ = 0;
  std::unique_ptr<peer_process> process_;
};

} // namespace wspool::test
