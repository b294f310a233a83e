// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "options/command_options.hpp"

#include <wspool/message.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace wspool::cli {

/// Cuts a stream of bytes into messages. Pure: bytes in, messages out.
///
/// A line ends at '\n', which is not part of it; a '\r' before it is. What stands behind the last
/// '\n' is a line, too. Messages larger than the limit are passed over and counted, and never held
/// in memory as a whole.
class message_splitter {
public:
  /// Which key a message has; 0: none.
  using key_function = std::function<std::uint64_t(std::string_view)>;

  message_splitter(framing format, std::size_t max_message_bytes, key_function key = {});

  /// Where to read to: at least `minimum` bytes, of which `commit` says how many were used.
  char* prepare(std::size_t minimum);
  void commit(std::size_t bytes);
  /// No more bytes will come.
  void finish();

  /// Moves whole messages to the batch until it has `max_messages` or would exceed `max_bytes`
  /// (an empty batch takes one of any size). @returns how many.
  std::size_t take(message_batch& batch, std::size_t max_messages, std::size_t max_bytes);

  /// Messages that were too large, so far.
  [[nodiscard]] std::uint64_t oversized() const noexcept { return oversized_; }
  /// The stream ended within a length-prefixed message.
  [[nodiscard]] bool truncated() const noexcept { return truncated_; }
  /// `finish` was called and nothing is left.
  [[nodiscard]] bool done() const noexcept { return finished_ && begin_ == end_ && !is_open_; }

private:
  struct piece {
    std::size_t skip = 0;  ///< bytes before the message
    std::size_t size = 0;  ///< of the message
    std::size_t after = 0; ///< bytes behind it
  };
  /// Finds the next whole message. @returns whether there is one.
  bool find(piece& result);
  bool find_line(piece& result);
  bool find_prefixed(piece& result);
  bool find_whole(piece& result);
  void skip(std::size_t bytes) noexcept;
  [[nodiscard]] std::size_t available() const noexcept { return end_ - begin_; }

  framing format_;
  std::size_t max_message_bytes_;
  key_function key_;
  std::string buffer_;
  std::size_t begin_ = 0;   ///< of what is not yet taken
  std::size_t end_ = 0;     ///< of what was read
  std::size_t scanned_ = 0; ///< behind `begin_`: known to hold no line end
  /// Bytes of an oversized message that are still to come; with lines, how many is not known.
  std::uint64_t skipping_ = 0;
  bool skipping_line_ = false;
  bool is_open_ = false; ///< `whole`: the one message was not given out yet
  bool finished_ = false;
  bool truncated_ = false;
  std::uint64_t oversized_ = 0;
};

} // namespace wspool::cli
