// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "beast_stream.hpp"
#include "codec.hpp"
#include "codec_deflate.hpp"
#include "frame_header.hpp"
#include "message_deflater.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace wspool::detail {

/// What a codec has of Beast: frames to be sent, and what those mean that came in.
///
/// A connection that compresses has a stream of its own, with the context of what comes in. Any
/// other one holds one only while a message is coming in: Beast's stream would be a third of what
/// an idle connection takes. The context of what goes out is there from the first message that the
/// connection compresses by itself, and only for as long as the next one may refer to it.
class codec_engine {
public:
  using error_code = beast_stream::error_code;

  /// `options` stay where they are.
  codec_engine(role r, const codec_options& options);

  // -- opening

  /// Client: the Sec-WebSocket-Extensions to be offered, maybe none.
  [[nodiscard]] std::string offer();
  /// Client: what the server agreed to. @returns false if Beast does not take it.
  [[nodiscard]] bool open(const deflate_agreement& agreed);
  /// Server: what is agreed. @returns the Sec-WebSocket-Extensions of the answer, maybe none.
  [[nodiscard]] std::string accept(const deflate_agreement& agreed);
  [[nodiscard]] bool deflate() const noexcept { return deflate_; }
  [[nodiscard]] deflate_terms terms() const noexcept {
    return {sends_.window_bits, options_.deflate.level};
  }

  // -- open

  std::string& output() noexcept { return output_; }

  void write(std::string_view data, message_kind kind, bool compress);
  /// Appends a frame that was compressed by itself.
  void write_deflated(std::string_view frame);
  void ping(std::string_view payload);
  void pong(std::string_view payload);
  /// Appends a close frame of our own, after which nothing may be written any more: what Beast
  /// would like to answer is dropped. `close_code::no_status` sends an empty one (RFC 6455
  /// §5.5.1). Precondition: at most 123 bytes of valid UTF-8.
  void write_close(std::uint16_t code, std::string_view reason);
  [[nodiscard]] bool close_written() const noexcept { return close_written_; }
  /// Whether Beast's answer to the peer's close frame is still at the end of the output. What is
  /// written then goes before it.
  [[nodiscard]] bool answer_waits() const noexcept { return output_.size() > answer_at_; }

  /// Gives Beast bytes to read. At most `max_read_bytes` are handed out at a time.
  void input(std::string_view bytes, std::size_t max_read_bytes = std::string_view::npos);
  /// Reads payload of the current message. Precondition: the input holds what Beast will ask for.
  [[nodiscard]] std::size_t read(char* into, std::size_t size, error_code& ec);
  [[nodiscard]] bool message_done() const noexcept { return stream_->message_done(); }
  /// After `websocket::error::closed`: the peer's code (or 1005) and reason.
  [[nodiscard]] close_info peer_close() const { return stream_->peer_close(); }

  /// Nothing more is to be read now, and no message is coming in.
  void rest();
  /// Nothing will be read any more.
  void end() noexcept { stream_.reset(); }

private:
  void append(std::uint8_t first, std::string_view payload);

  role side_;
  bool deflate_ = false;
  bool close_written_ = false;
  const codec_options& options_;
  sender_terms sends_; ///< of this side
  std::unique_ptr<beast_stream> stream_;
  std::unique_ptr<message_deflater> deflater_;
  std::size_t answer_at_ = std::string::npos; ///< in the output, to the peer's close frame
  std::string output_;
};

} // namespace wspool::detail
