// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "utf8.hpp"

#include <cstdint>
#include <cstring>

namespace wspool::detail {

namespace {

using byte_ptr = const unsigned char*;

bool is_tail(unsigned char c) noexcept { return (c & 0xc0) == 0x80; }

// RFC 3629 §4: behind the character at `p`, or null if it is not valid. Precondition: p < end.
byte_ptr next_character(byte_ptr p, byte_ptr end) noexcept {
  const unsigned char lead = *p;
  const auto left = end - p;
  if (lead < 0x80)
    return p + 1;
  if (lead < 0xc2) // a tail byte, or the overlong forms of ASCII
    return nullptr;
  if (lead < 0xe0)
    return left >= 2 && is_tail(p[1]) ? p + 2 : nullptr;
  if (lead < 0xf0) {
    if (left < 3 || !is_tail(p[1]) || !is_tail(p[2]))
      return nullptr;
    const bool overlong = lead == 0xe0 && p[1] < 0xa0;
    const bool surrogate = lead == 0xed && p[1] > 0x9f;
    return overlong || surrogate ? nullptr : p + 3;
  }
  if (lead > 0xf4 || left < 4 || !is_tail(p[1]) || !is_tail(p[2]) || !is_tail(p[3]))
    return nullptr;
  const bool overlong = lead == 0xf0 && p[1] < 0x90;
  const bool beyond = lead == 0xf4 && p[1] > 0x8f;
  return overlong || beyond ? nullptr : p + 4;
}

// Behind the last byte known to be ASCII: whole words first, then single bytes.
byte_ptr skip_ascii(byte_ptr p, byte_ptr end) noexcept {
  constexpr std::uint64_t high_bits = 0x8080808080808080;
  std::uint64_t a = 0;
  std::uint64_t b = 0;
  while (end - p >= 16) {
    std::memcpy(&a, p, 8);
    std::memcpy(&b, p + 8, 8);
    if (((a | b) & high_bits) != 0)
      break;
    p += 16;
  }
  while (p != end && *p < 0x80)
    ++p;
  return p;
}

// Behind the last valid character.
byte_ptr skip_valid(byte_ptr p, byte_ptr end) noexcept {
  while ((p = skip_ascii(p, end)) != end) {
    // Where one character is not ASCII its neighbours seldom are.
    do {
      const auto next = next_character(p, end);
      if (!next)
        return p;
      p = next;
    } while (p != end && *p >= 0x80);
  }
  return p;
}

byte_ptr bytes_of(std::string_view text) noexcept {
  return reinterpret_cast<byte_ptr>(text.data());
}

} // namespace

bool valid_utf8(std::string_view text) noexcept {
  const auto end = bytes_of(text) + text.size();
  return skip_valid(bytes_of(text), end) == end;
}

std::string_view utf8_prefix(std::string_view text, std::size_t max_bytes) noexcept {
  text = text.substr(0, max_bytes);
  const auto begin = bytes_of(text);
  return text.substr(0, static_cast<std::size_t>(skip_valid(begin, begin + text.size()) - begin));
}

bool ends_inside_character(std::string_view text) noexcept {
  // A character has four bytes at most: its lead byte is one of the last three, if it is cut off.
  for (std::size_t back = 1; back <= 3 && back <= text.size(); ++back) {
    const auto c = static_cast<unsigned char>(text[text.size() - back]);
    if (is_tail(c))
      continue;
    const std::size_t length = c < 0x80 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
    return length > back;
  }
  return false;
}

} // namespace wspool::detail
