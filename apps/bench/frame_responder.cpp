// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "frame_responder.hpp"

#include <algorithm>
#include <cstring>

namespace wspool::bench {

namespace {

// RFC 6455 §5.2
constexpr unsigned char fin = 0x80;
constexpr unsigned char opcode_bits = 0x0f;
constexpr unsigned char masked = 0x80;
constexpr unsigned char length_bits = 0x7f;
constexpr unsigned char length_16 = 126;
constexpr unsigned char length_64 = 127;
constexpr unsigned char opcode_close = 8;
constexpr unsigned char opcode_ping = 9;
constexpr unsigned char opcode_pong = 10;

constexpr std::size_t extended_bytes(unsigned char second) noexcept {
  switch (second & length_bits) {
    case length_16:
      return 2;
    case length_64:
      return 8;
    default:
      return 0;
  }
}

constexpr bool is_control(unsigned char first) noexcept {
  return (first & opcode_bits) >= opcode_close;
}

} // namespace

void append_head(std::string& out, unsigned char first, std::uint64_t size) {
  out.push_back(static_cast<char>(first));
  std::size_t extended = 0;
  if (size < length_16) {
    out.push_back(static_cast<char>(size));
  } else {
    extended = size <= 0xffff ? 2 : 8;
    out.push_back(static_cast<char>(extended == 2 ? length_16 : length_64));
  }
  for (auto i = extended; i > 0; --i)
    out.push_back(static_cast<char>(size >> (8 * (i - 1))));
}

void frame_responder::take(std::string_view bytes, std::string& out) {
  while (!bytes.empty() && !closed_)
    bytes.remove_prefix(payload_left_ > 0 ? take_payload(bytes, out) : take_head(bytes, out));
}

std::size_t frame_responder::take_head(std::string_view bytes, std::string& out) {
  std::size_t taken = 0;
  std::size_t wanted = 2;
  for (;;) {
    auto n = std::min(wanted - std::min(wanted, head_bytes_), bytes.size() - taken);
    std::memcpy(head_.data() + head_bytes_, bytes.data() + taken, n);
    head_bytes_ += n;
    taken += n;
    if (head_bytes_ < wanted)
      return taken;
    auto whole = 2 + extended_bytes(head_[1]) + ((head_[1] & masked) != 0 ? 4u : 0u);
    if (wanted == whole)
      break;
    wanted = whole;
  }
  begin_frame(out);
  return taken;
}

void frame_responder::begin_frame(std::string& out) {
  auto extended = extended_bytes(head_[1]);
  payload_left_ = extended == 0 ? head_[1] & length_bits : 0;
  for (std::size_t i = 0; i < extended; ++i)
    payload_left_ = payload_left_ << 8 | head_[2 + i];
  mask_ = {};
  if ((head_[1] & masked) != 0)
    std::copy_n(head_.begin() + 2 + static_cast<std::ptrdiff_t>(extended), 4, mask_.begin());
  mask_at_ = 0;
  head_bytes_ = 0;
  auto first = head_[0];
  auto opcode = first & opcode_bits;
  if (opcode == opcode_ping)
    first = fin | opcode_pong;
  answers_ = opcode == opcode_ping || opcode == opcode_close || (echo_ && !is_control(first));
  if (answers_)
    append_head(out, first, payload_left_);
  if (payload_left_ == 0)
    end_frame();
}

std::size_t frame_responder::take_payload(std::string_view bytes, std::string& out) {
  auto n = static_cast<std::size_t>(std::min<std::uint64_t>(payload_left_, bytes.size()));
  if (answers_) {
    auto begin = out.size();
    out.append(bytes.data(), n);
    for (auto i = begin; i < out.size(); ++i, ++mask_at_)
      out[i] = static_cast<char>(out[i] ^ static_cast<char>(mask_[mask_at_ % 4]));
  }
  payload_left_ -= n;
  if (payload_left_ == 0)
    end_frame();
  return n;
}

void frame_responder::end_frame() noexcept {
  if ((head_[0] & opcode_bits) == opcode_close)
    closed_ = true;
  else if (!is_control(head_[0]) && (head_[0] & fin) != 0)
    ++messages_;
}

} // namespace wspool::bench
