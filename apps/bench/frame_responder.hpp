// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace wspool::bench {

/// What the peer does with the frames of a client (RFC 6455 §5): counts messages and, if it is an
/// echo, sends them back; answers pings and the close. It looks at no more than it must, so that
/// the client is what is measured.
///
/// No protocol checks: its clients are known.
class frame_responder {
public:
  explicit frame_responder(bool echo) : echo_(echo) {}

  /// Takes bytes from the client, in any pieces; appends what is to be sent to `out`.
  void take(std::string_view bytes, std::string& out);

  /// Whether the close frame was answered: no more bytes are taken.
  [[nodiscard]] bool closed() const noexcept { return closed_; }
  /// Whole messages so far.
  [[nodiscard]] std::uint64_t messages() const noexcept { return messages_; }

private:
  std::size_t take_head(std::string_view bytes, std::string& out);
  std::size_t take_payload(std::string_view bytes, std::string& out);
  void begin_frame(std::string& out);
  void end_frame() noexcept;

  bool echo_;
  bool closed_ = false;
  bool answers_ = false; ///< the frame under way goes into `out`
  std::uint64_t messages_ = 0;
  std::array<unsigned char, 14> head_{};
  std::size_t head_bytes_ = 0;
  std::uint64_t payload_left_ = 0;
  std::array<unsigned char, 4> mask_{};
  std::size_t mask_at_ = 0;
};

/// Appends the head of an unmasked frame. @param first FIN, reserved bits and opcode.
void append_head(std::string& out, unsigned char first, std::uint64_t size);

} // namespace wspool::bench
