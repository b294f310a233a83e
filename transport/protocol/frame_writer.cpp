// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "frame_writer.hpp"

#include "frame_header.hpp"
#include "random_bytes.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstring>

namespace wspool::detail {

namespace {

using masking_key = std::array<char, 4>;

/// The owner of a buffer takes it away and leaves an empty one: growing from nothing again should
/// take few steps.
constexpr std::size_t min_growth_bytes = 256;

masking_key new_key() {
  masking_key key;
  fill_random(key.data(), key.size());
  return key;
}

void mask(char* data, std::size_t size, masking_key key) noexcept {
  std::array<char, 8> twice;
  std::memcpy(twice.data(), key.data(), 4);
  std::memcpy(twice.data() + 4, key.data(), 4);
  std::uint64_t wide;
  std::memcpy(&wide, twice.data(), sizeof wide);
  std::size_t i = 0;
  for (; i + sizeof wide <= size; i += sizeof wide) {
    std::uint64_t word;
    std::memcpy(&word, data + i, sizeof word);
    word ^= wide;
    std::memcpy(data + i, &word, sizeof word);
  }
  for (; i < size; ++i)
    data[i] = static_cast<char>(data[i] ^ key[i % 4]);
}

/// Payload length as RFC 6455 §5.2 wants it: in its shortest form, most significant byte first.
std::size_t put_length(char* to, std::uint64_t length, bool masked) noexcept {
  const auto mask_bit = masked ? 0x80u : 0u;
  const std::size_t extended = length < 126 ? 0 : length <= 0xffff ? 2 : 8;
  const auto short_form = extended == 0 ? length : extended == 2 ? 126u : 127u;
  *to++ = static_cast<char>(short_form | mask_bit);
  for (auto shift = 8 * extended; shift > 0;)
    *to++ = static_cast<char>(length >> (shift -= 8) & 0xff);
  return 1 + extended;
}

} // namespace

void append_frame(std::string& to, std::uint8_t first, std::string_view payload, bool masked) {
  std::array<char, 14> head;
  head[0] = static_cast<char>(first);
  auto head_bytes = 1 + put_length(head.data() + 1, payload.size(), masked);
  masking_key key{};
  if (masked) {
    key = new_key();
    std::memcpy(head.data() + head_bytes, key.data(), key.size());
    head_bytes += key.size();
  }
  const auto size = to.size() + head_bytes + payload.size();
  if (size > to.capacity())
    to.reserve(std::max(size + min_growth_bytes, 2 * to.capacity()));
  to.append(head.data(), head_bytes).append(payload);
  if (masked)
    mask(to.data() + to.size() - payload.size(), payload.size(), key);
}

void renew_masks(std::string& frames, std::size_t at) {
  while (at < frames.size()) {
    const auto h = read_header(frames.data() + at);
    auto* const payload = frames.data() + at + h.head;
    auto* const key = payload - sizeof(masking_key);
    const auto renewed = new_key();
    masking_key change;
    for (std::size_t i = 0; i < change.size(); ++i)
      change[i] = static_cast<char>(key[i] ^ renewed[i]);
    std::memcpy(key, renewed.data(), renewed.size());
    mask(payload, static_cast<std::size_t>(h.payload), change);
    at += static_cast<std::size_t>(h.total());
  }
}

} // namespace wspool::detail
