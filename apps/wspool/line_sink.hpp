// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "command_options.hpp"
#include "stream_state.hpp"

#include <wspool/pool.hpp>

#include <memory>
#include <string>
#include <system_error>

namespace wspool::cli {

/// Received messages on their way to a file descriptor, gathered into large writes.
/// Thread contract: one thread. Blocks while the reader of the other end does not read.
class output_buffer {
public:
  output_buffer(int fd, framing format) : fd_(fd), format_(format) {}

  /// Adds a message as the framing has it, and writes when there is much.
  void add(message_view message);
  /// Writes what there is.
  void flush();
  [[nodiscard]] bool empty() const noexcept { return buffer_.empty(); }
  /// Why nothing is written any more, if so.
  [[nodiscard]] std::error_code error() const noexcept { return error_; }

private:
  int fd_;
  framing format_;
  std::string buffer_;
  std::error_code error_;
};

/// Spawns the actor to subscribe to messages, in batches: it writes them to stdout, and answers a
/// batch when it is written or buffered, so a reader that is slow holds back the peers.
/// `finish_atom`: write the rest and tell `state`.
/// With `events`, each message is also an event on stderr.
[[nodiscard]] caf::actor spawn_line_sink(caf::actor_system& system, framing format, bool events,
                                         std::shared_ptr<stream_state> state);

} // namespace wspool::cli
