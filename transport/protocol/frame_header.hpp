// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <wspool/message.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace wspool::detail {

/// Opcodes of RFC 6455 §5.2, as far as they are told apart here.
enum class opcode : std::uint8_t {
  continuation = 0,
  text = 1,
  binary = 2,
  close = 8,
  ping = 9,
  pong = 10,
};

/// The first byte of a frame that is a message by itself, or a control frame.
constexpr std::uint8_t final_frame(opcode op) noexcept {
  return static_cast<std::uint8_t>(0x80u | static_cast<unsigned>(op));
}

/// The same of a message that is compressed (RFC 7692 §6): RSV1 is set.
constexpr std::uint8_t compressed_frame(opcode op) noexcept {
  return static_cast<std::uint8_t>(0x40u | final_frame(op));
}

constexpr opcode opcode_of(message_kind kind) noexcept {
  return kind == message_kind::binary ? opcode::binary : opcode::text;
}

/// A frame's header (RFC 6455 §5.2), read only as far as is needed to know where the frame ends
/// and who must see it. Whether it is valid is Beast's to say.
struct frame_header {
  static constexpr std::size_t max_bytes = 14;
  static constexpr std::size_t max_control_payload = 125; // §5.5

  std::uint64_t payload = 0; ///< bytes of the payload
  std::uint8_t head = 0;     ///< bytes of the header, mask included
  std::uint8_t first = 0;    ///< FIN, RSV1 to RSV3, opcode
  bool masked = false;

  bool fin() const noexcept { return (first & 0x80) != 0; }
  bool rsv1() const noexcept { return (first & 0x40) != 0; }
  bool rsv_other() const noexcept { return (first & 0x30) != 0; }
  opcode op() const noexcept { return static_cast<opcode>(first & 0x0f); }
  bool is_control() const noexcept { return (first & 0x08) != 0; }
  bool is_continuation() const noexcept { return (first & 0x0f) == 0; }
  bool starts_message() const noexcept { return op() == opcode::text || op() == opcode::binary; }
  /// Whether the length is in the header's second byte, as it must be in a control frame (§5.5).
  bool short_length() const noexcept { return head == (masked ? 6 : 2); }
  std::uint64_t total() const noexcept { return head + payload; }
};

/// How many bytes the header has that begins with the two bytes at `p`.
inline std::size_t header_size(const char* p) noexcept {
  const auto second = static_cast<unsigned char>(p[1]);
  const auto length = second & 0x7f;
  return 2u + (length == 126 ? 2u : length == 127 ? 8u : 0u) + ((second & 0x80) != 0 ? 4u : 0u);
}

/// Reads a header of which `header_size` bytes are at `p`.
inline frame_header read_header(const char* p) noexcept {
  frame_header h;
  h.head = static_cast<std::uint8_t>(header_size(p));
  h.first = static_cast<std::uint8_t>(p[0]);
  h.masked = (p[1] & 0x80) != 0;
  h.payload = static_cast<unsigned char>(p[1]) & 0x7fu;
  if (h.payload >= 126) {
    const std::size_t extended = h.payload == 126 ? 2 : 8;
    h.payload = 0;
    for (std::size_t i = 0; i < extended; ++i)
      h.payload = h.payload << 8 | static_cast<unsigned char>(p[2 + i]);
    // A length with the highest bit set is invalid; `total` must not wrap around because of it.
    h.payload = std::min(h.payload, UINT64_MAX - frame_header::max_bytes);
  }
  return h;
}

/// How many bytes must be there before the frame that begins with `bytes` can be acted upon: all
/// of a control frame, a data frame's header and one byte of its payload. A control frame that is
/// too long is acted upon (refused) as soon as its header is there.
std::size_t bytes_needed(std::string_view bytes) noexcept;

/// The payload of a frame that is entirely in `frame`, unmasked (RFC 6455 §5.3).
std::string unmasked_payload(const frame_header& h, std::string_view frame);

} // namespace wspool::detail
