// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "protocol/codec.hpp"
#include "support/memory_stream.hpp"

#include <wspool/close_code.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace wspool::test {

/// A client on the test's end of a stream in memory: by itself it answers pings and closing
/// handshakes, and writes down what it sees. Nothing happens outside of `pump()`.
class scripted_client {
public:
  explicit scripted_client(memory_stream::pointer stream, const codec_options& options = {});

  void start(const handshake_request& request) { codec_.start_handshake(request); }

  /// Takes what came in, and sends what there is to send. @returns whether anything happened.
  bool pump();

  void send_text(std::string_view text) { (void)codec_.write(text, message_kind::text); }
  void send_binary(std::string_view bytes) { (void)codec_.write(bytes, message_kind::binary); }
  void send_ping(std::string_view payload) { (void)codec_.ping(payload); }
  void send_raw(std::string_view bytes) { stream_->send(bytes); }
  void close(std::uint16_t code, std::string_view reason = {}) { codec_.close(code, reason); }
  /// Ends the TCP connection, by a reset on demand.
  void drop(bool reset = false) { stream_->close(reset); }
  /// Reads on, but sends nothing any more.
  void fall_silent() { silent_ = true; }
  /// Reads nothing any more; `window_bytes` still fit into the buffers on the way.
  void stop_reading(std::size_t window_bytes = 0);
  void go_on_reading();

  [[nodiscard]] bool is_open() const noexcept { return codec_.state() == codec::phase::open; }
  /// The status of the answer to the upgrade; 0: none yet.
  [[nodiscard]] unsigned status() const noexcept { return codec_.response().status; }
  [[nodiscard]] const upgrade_response& response() const noexcept { return codec_.response(); }
  [[nodiscard]] const std::string& subprotocol() const noexcept { return codec_.subprotocol(); }
  [[nodiscard]] const std::vector<std::string>& texts() const noexcept { return texts_; }
  [[nodiscard]] std::size_t pings() const noexcept { return pings_; }
  /// Code and reason of the server's close frame, once it came.
  [[nodiscard]] std::optional<close_info> closed() const;
  /// The server closed its end of the stream.
  [[nodiscard]] bool is_gone() const noexcept {
    return stream_->peer_closed() || stream_->peer_shut_down();
  }
  [[nodiscard]] memory_stream& stream() noexcept { return *stream_; }

private:
  memory_stream::pointer stream_;
  codec codec_;
  decoded decoded_;
  std::vector<std::string> texts_;
  std::size_t pings_ = 0;
  bool reading_ = true;
  bool silent_ = false;
  bool finished_ = false;
};

} // namespace wspool::test
