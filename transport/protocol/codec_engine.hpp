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
class codec_engine {
public:
  using error_code = boost::system::error_code;

  codec_engine(role r, const codec_options& options);
  ~codec_engine();

  // -- opening

  /// Client: writes the request. Precondition: the headers are free of line breaks.
  void start_handshake(const handshake_request& request);
  /// Client: what the server answered, checked up to `accept_key`, which Beast checks.
  [[nodiscard]] failure finish_handshake(std::string_view accept_key,
                                         const deflate_agreement& agreed);
  /// Server: writes the 101 answer. Precondition: `key` is a valid Sec-WebSocket-Key, the headers
  /// are free of line breaks.
  void accept(std::string_view key, const accept_options& options, const deflate_agreement& agreed);
  [[nodiscard]] bool deflate() const noexcept;

  // -- open

  std::string& output() noexcept;

  void write(std::string_view data, bool binary, bool compress);
  void ping(std::string_view payload);
  void pong(std::string_view payload);
  /// Appends a close frame of our own, after which nothing may be written any more: what Beast
  /// would like to answer is dropped. `close_code::no_status` sends an empty one (RFC 6455
  /// §5.5.1). Precondition: at most 123 bytes of valid UTF-8.
  void write_close(std::uint16_t code, std::string_view reason);
  [[nodiscard]] bool close_written() const noexcept;

  /// Gives Beast bytes to read. At most `max_read_bytes` are handed out at a time.
  void input(std::string_view bytes, std::size_t max_read_bytes = std::string_view::npos) noexcept;
  /// Reads payload of the current message. Precondition: the input holds what Beast will ask for.
  [[nodiscard]] std::size_t read(char* into, std::size_t size, error_code& ec);
  [[nodiscard]] bool message_done() const noexcept;
  /// After `websocket::error::closed`: the peer's code (or 1005) and reason.
  [[nodiscard]] close_info peer_close() const;

private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

/// What an error of `codec_engine::read` means: the error, with the rule that was broken, and the
/// code of the close frame that tells the peer so (RFC 6455 §7.4.1).
struct violation {
  failure error;
  std::uint16_t code = close_code::protocol_error;
};
[[nodiscard]] violation explain(const boost::system::error_code& ec, const message_limits& limits);
/// Whether the error says that the peer's close frame was read.
[[nodiscard]] bool is_peer_close(const boost::system::error_code& ec) noexcept;

} // namespace wspool::detail
