// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "stream/message_splitter.hpp"

#include <system_error>

namespace wspool::cli {

/// Reads messages from a file descriptor, block by block. Whoever reads decides when: `read` may
/// block unless the descriptor was polled. Thread contract: one thread.
class message_source {
public:
  message_source(int fd, message_splitter splitter) : fd_(fd), splitter_(std::move(splitter)) {}

  [[nodiscard]] int fd() const noexcept { return fd_; }
  /// Reads one block. An error is an end of the stream, too.
  std::error_code read();
  std::size_t take(message_batch& batch, std::size_t max_messages, std::size_t max_bytes) {
    return splitter_.take(batch, max_messages, max_bytes);
  }
  [[nodiscard]] bool at_end() const noexcept { return at_end_; }
  [[nodiscard]] const message_splitter& splitter() const noexcept { return splitter_; }

private:
  static constexpr std::size_t block_bytes = 128 * 1024;

  int fd_;
  message_splitter splitter_;
  bool at_end_ = false;
};

} // namespace wspool::cli
