// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE codec_utf8

#include "support/unit_test.hpp"

#include "protocol/utf8.hpp"

#include <rapidcheck.h>

#include <cstdint>
#include <string>

namespace codec_utf8_test {

using wspool::detail::ends_inside_character;
using wspool::detail::utf8_prefix;
using wspool::detail::valid_utf8;

namespace {

// RFC 3629 §3, from the number to the bytes: the other way round than the code under test.
std::string encode(std::uint32_t c) {
  const auto tail = [c](int shift) { return static_cast<char>(0x80 | (c >> shift & 0x3f)); };
  if (c < 0x80)
    return {static_cast<char>(c)};
  if (c < 0x800)
    return {static_cast<char>(0xc0 | c >> 6), tail(0)};
  if (c < 0x10000)
    return {static_cast<char>(0xe0 | c >> 12), tail(6), tail(0)};
  return {static_cast<char>(0xf0 | c >> 18), tail(12), tail(6), tail(0)};
}

bool is_scalar(std::uint32_t c) { return c <= 0x10ffff && (c < 0xd800 || c > 0xdfff); }

rc::Gen<std::uint32_t> any_scalar() {
  return rc::gen::suchThat(rc::gen::oneOf(rc::gen::inRange<std::uint32_t>(0, 0x80),
                                          rc::gen::inRange<std::uint32_t>(0, 0x800),
                                          rc::gen::inRange<std::uint32_t>(0, 0x10000),
                                          rc::gen::inRange<std::uint32_t>(0, 0x110000)),
                           is_scalar);
}

} // namespace

CAF_TEST(every_character_is_valid_at_every_place_and_no_other_number_is) {
  std::size_t wrong = 0;
  for (std::uint32_t c = 0; c < 0x1fffff; c += c < 0x11000 ? 1 : 61)
    for (const std::size_t before : {0, 15, 16, 21})
      wrong += valid_utf8(std::string(before, 'a') + encode(c) + "bc") != is_scalar(c);
  CAF_CHECK_EQUAL(wrong, 0u);
}

CAF_TEST(characters_in_more_bytes_than_they_need_are_invalid) {
  for (const auto* text :
       {"\xc0\x80", "\xc1\xbf", "\xe0\x80\x80", "\xe0\x9f\xbf", "\xf0\x80\x80\x80",
        "\xf0\x8f\xbf\xbf", "\xf8\x88\x80\x80\x80", "\x80", "\xfe", "\xff"})
    CAF_CHECK(!valid_utf8(text));
}

CAF_TEST(a_text_is_valid_up_to_where_it_is_broken) {
  CAF_CHECK(rc::check("prefix", [] {
    const auto characters = *rc::gen::container<std::vector<std::uint32_t>>(any_scalar());
    std::string text;
    for (const auto c : characters)
      text += encode(c);
    RC_ASSERT(valid_utf8(text));
    RC_ASSERT(!ends_inside_character(text));
    const auto broken = text
                        + *rc::gen::elementOf(std::vector<std::string>{
                          "\xff", "\xc3", "\xe2\x82", "\xed\xa0\x80", "\xf0\x9f\x98"})
                        + *rc::gen::elementOf(std::vector<std::string>{"", "more"});
    RC_ASSERT(!valid_utf8(broken));
    RC_ASSERT(utf8_prefix(broken, std::string::npos) == text);
    // A cut never splits a character, and loses three bytes at most.
    const auto max = *rc::gen::inRange<std::size_t>(0, text.size() + 1);
    const auto prefix = utf8_prefix(text, max);
    RC_ASSERT(valid_utf8(prefix));
    RC_ASSERT(prefix.size() <= max && prefix.size() + 3 >= max);
    const auto cut = std::string_view{text}.substr(0, max);
    RC_ASSERT(ends_inside_character(cut) == (prefix.size() < max));
  }));
}

} // namespace codec_utf8_test
