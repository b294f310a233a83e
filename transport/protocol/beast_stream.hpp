// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "codec.hpp"
#include "codec_deflate.hpp"

#include <boost/system/error_code.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace wspool::detail {

/// Beast's WebSocket stream over a `memory_layer`: the only place that sees it, and where all of
/// its templates are instantiated. Nothing here waits.
///
/// It shakes hands with nobody: what goes over the wire is the codec's, and Beast is told about it.
/// So a stream that does not compress is like any other one between two messages, and a connection
/// borrows one only while it reads (see `borrow_stream`).
class beast_stream {
public:
  using error_code = boost::system::error_code;

  beast_stream(role r, const deflate_options& deflate);
  ~beast_stream();

  // -- opening

  /// Client, first: begins. @returns the Sec-WebSocket-Extensions to be offered, maybe none.
  [[nodiscard]] std::string offer();
  /// Client, then: what was agreed. @returns false if Beast does not take it.
  [[nodiscard]] bool open(const deflate_agreement& agreed);
  /// Server: what was agreed. @returns the Sec-WebSocket-Extensions of the answer, maybe none.
  [[nodiscard]] std::string accept(const deflate_agreement& agreed);

  // -- open

  /// What Beast writes is appended to `output` from now on.
  void attach(std::string& output, std::size_t max_message_bytes);
  void detach() noexcept;

  /// Gives Beast bytes to read. At most `max_read_bytes` are handed out at a time.
  void input(std::string_view bytes, std::size_t max_read_bytes) noexcept;
  /// Reads payload of the current message. Precondition: the input holds what Beast will ask for.
  [[nodiscard]] std::size_t read(char* into, std::size_t size, error_code& ec);
  [[nodiscard]] bool message_done() const noexcept;
  /// After `websocket::error::closed`: the peer's code (or 1005) and reason.
  [[nodiscard]] close_info peer_close() const;

private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

/// An open stream without compression, which is in no message. A thread keeps a few.
[[nodiscard]] std::unique_ptr<beast_stream> borrow_stream(role r);
/// Precondition: it was borrowed for `r`, is in no message, saw no error, and nothing is attached.
void give_stream_back(role r, std::unique_ptr<beast_stream> stream);

/// What an error of `beast_stream::read` means: the error, with the rule that was broken, and the
/// code of the close frame that tells the peer so (RFC 6455 §7.4.1).
struct violation {
  failure error;
  std::uint16_t code = close_code::protocol_error;
};
[[nodiscard]] violation explain(const boost::system::error_code& ec, const message_limits& limits);
/// Whether the error says that the peer's close frame was read.
[[nodiscard]] bool is_peer_close(const boost::system::error_code& ec) noexcept;

} // namespace wspool::detail
