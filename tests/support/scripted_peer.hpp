// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "protocol/codec.hpp"
#include "support/memory_stream.hpp"

#include <wspool/close_code.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace wspool::test {

/// A server on the test's end of a stream in memory: by itself it accepts the upgrade, answers
/// pings and closing handshakes, and writes down what it sees. The test tells it what else to do.
///
/// Nothing happens outside of `pump()`, which the pool's fixture calls.
class scripted_peer {
public:
  explicit scripted_peer(memory_stream& stream, const codec_options& options = {});

  /// Takes what came in, and sends what there is to send. @returns whether anything happened.
  bool pump();
  /// What it would send stays behind what is sent later.
  bool pump_without_sending();

  // -- the script ------------------------------------------------------------------------------

  /// What it answers to the upgrade. Without one of these, it accepts.
  void on_upgrade_accept(accept_options options);
  void on_upgrade_refuse(unsigned status, std::vector<header> headers = {}, std::string body = {});
  void on_upgrade_wait() { answer_ = answer::none; }
  /// Accepts, and closes at once.
  void close_after_upgrade(std::uint16_t code) { close_at_once_ = code; }
  /// Answers an upgrade that waits.
  void accept_now() { answer_ = answer::accept; }

  void send_text(std::string_view text);
  void send_binary(std::string_view bytes);
  void send_ping(std::string_view payload);
  void send_pong(std::string_view payload);
  void send_raw(std::string_view bytes) { stream_->send(bytes); }
  void close(std::uint16_t code, std::string_view reason = {});
  /// Ends the TCP connection, by a reset on demand.
  void drop(bool reset = false) { stream_->close(reset); }

  /// Pongs are kept back until `release_pongs` (all of them, or the oldest few).
  void hold_pongs() { holding_ = true; }
  void release_pongs();
  void release_pongs(std::size_t count);
  /// Reads on, but sends nothing any more: no pong, no close frame.
  void fall_silent() { silent_ = true; }
  /// Reads nothing any more; `window_bytes` still fit into the buffers on the way.
  void stop_reading(std::size_t window_bytes = 0);
  void go_on_reading();

  // -- what it saw -----------------------------------------------------------------------------

  struct seen_message {
    std::string data;
    message_kind kind = message_kind::text;
    /// Grows from message to message of all peers together.
    std::uint64_t order = 0;
    /// Read from what was left in the buffers after the other side had gone.
    bool late = false;
  };
  struct seen_ping {
    std::string payload;
    std::size_t messages_before = 0;
  };

  /// The next message that was not asked for yet; none if there is none.
  std::optional<std::string> next_text();
  [[nodiscard]] const std::vector<seen_message>& messages() const noexcept { return messages_; }
  /// The data of all messages, in order.
  [[nodiscard]] std::vector<std::string> texts() const;
  [[nodiscard]] const std::vector<seen_ping>& pings() const noexcept { return pings_; }
  [[nodiscard]] const std::vector<std::string>& pongs() const noexcept { return pongs_; }
  [[nodiscard]] const upgrade_request& request() const { return codec_.request(); }
  [[nodiscard]] std::string header(std::string_view name) const {
    return std::string{codec_.request().header_value(name)};
  }
  [[nodiscard]] codec::phase state() const noexcept { return codec_.state(); }
  [[nodiscard]] bool is_open() const noexcept { return codec_.state() == codec::phase::open; }
  /// Code and reason of the other side's close frame, once it came.
  [[nodiscard]] std::optional<close_info> closed() const;
  /// The other side closed its end of the stream.
  [[nodiscard]] bool is_gone() const noexcept {
    return stream_->peer_closed() || stream_->peer_shut_down();
  }
  [[nodiscard]] std::size_t held_pongs() const noexcept { return held_.size(); }
  [[nodiscard]] memory_stream& stream() noexcept { return *stream_; }

private:
  enum class answer { accept, refuse, none, given };

  void feed(std::string_view bytes);
  void feed_frame_part(std::string_view bytes);
  void take_decoded();
  bool answer_upgrade();
  bool flush();

  memory_stream* stream_;
  codec codec_;
  decoded decoded_;
  answer answer_ = answer::accept;
  accept_options accept_;
  std::optional<std::uint16_t> close_at_once_;
  unsigned status_ = 0;
  std::vector<wspool::header> refusal_headers_;
  std::string refusal_body_;

  std::string input_;      ///< a frame's header that is not complete yet
  std::uint64_t left_ = 0; ///< bytes of the current frame that did not come yet
  std::vector<std::string> held_;
  bool holding_ = false;
  bool silent_ = false;
  bool reading_ = true;
  bool finished_ = false;

  std::vector<seen_message> messages_;
  std::vector<seen_ping> pings_;
  std::vector<std::string> pongs_;
  std::size_t asked_ = 0;
};

} // namespace wspool::test
