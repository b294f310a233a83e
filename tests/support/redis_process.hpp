// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "support/peer_process.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace wspool::test {

/// A Redis of the test's own: on a free port, in a directory that goes with it, and ended with it.
class redis_process {
public:
  struct setup {
    std::string password{};
    bool tls = false; ///< with the test authority's certificate; plain connections are refused then
    bool keep_data = false; ///< what was written is on disk before it is answered
  };

  /// @throws std::runtime_error if there is no redis-server, or it does not listen.
  redis_process() : redis_process(setup{}) {}
  explicit redis_process(setup how);
  ~redis_process();

  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
  /// "redis://[:password@]host:port/", with what is to follow.
  [[nodiscard]] std::string url(const std::string& database = "") const;

  /// SIGKILL: without a word to anybody.
  void kill() { process_->kill(); }
  /// On the same port, after `kill`; empty unless it keeps its data.
  void start();
  /// Stops and continues the process: it is there, but does not answer.
  void send_signal(int number) { process_->send_signal(number); }
  /// Runs `redis-cli` with these words. @returns its first line of output.
  std::string run(const std::vector<std::string>& words);

private:
  setup how_;
  std::uint16_t port_ = 0;
  std::string directory_;
  std::unique_ptr<peer_process> process_;
};

} // namespace wspool::test
