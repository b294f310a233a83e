// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE conformance_utf8

#include "support/unit_test.hpp"

#include "case_table.hpp"

namespace utf8_conformance_test {

using namespace wspool;
using namespace wspool::test;
using namespace std::string_literals;

// Group 6: text is UTF-8 (RFC 6455 §8.1, RFC 3629), whole and in fragments, and what is not is
// refused at once.

namespace {

/// The Greek word of the well-known decoder stress test: two- and three-byte characters.
const std::string kosme = "\xce\xba\xe1\xbd\xb9\xcf\x83\xce\xbc\xce\xb5";

struct sequence {
  const char* id;
  std::string bytes;
  bool valid;
};

std::vector<sent_frame> byte_by_byte(const std::string& payload) {
  std::vector<sent_frame> frames;
  for (std::size_t i = 0; i < payload.size(); ++i)
    frames.push_back({static_cast<unsigned char>((i == 0 ? text : continuation)
                                                 | (i + 1 == payload.size() ? fin : 0)),
                      payload.substr(i, 1)});
  return frames;
}

void check_row(const conformance_case& row) { CAF_CHECK_EQUAL(run_case(row).value_or(""), ""); }

/// Alone, between other characters, and with each byte in a fragment of its own.
void check_sequence(const sequence& s) {
  const auto end = s.valid ? still_open : fails(1007);
  const auto expected = [&](const std::string& payload) {
    return s.valid ? std::vector<std::string>{"text:" + payload} : std::vector<std::string>{};
  };
  const auto within = "a" + s.bytes + "\xe2\x82\xac";
  check_row({s.id, "alone", {{fin | text, s.bytes}}, expected(s.bytes), {}, end});
  check_row({s.id, "among others", {{fin | text, within}}, expected(within), {}, end});
  for (const auto r : {role::client, role::server}) {
    // Where the ending is due depends on the byte, so only that it comes is checked here.
    conformance_case row{s.id, "byte by byte", byte_by_byte(within), expected(within), {}, end};
    CAF_CHECK_EQUAL(run_case(row, r, {}).value_or(""), "");
    CAF_CHECK_EQUAL(run_case(row, r, {3}).value_or(""), "");
  }
}

} // namespace

CAF_TEST(group_6_1_empty_text) {
  check_row({"6.1.1", "an empty message", {{fin | text, ""}}, {"text:"}, {}});
  check_row({"6.1.2",
             "three empty fragments",
             {{text, ""}, {continuation, ""}, {fin | continuation, ""}},
             {"text:"},
             {}});
  check_row({"6.1.3",
             "a full one between empty ones",
             {{text, ""}, {continuation, "middle"}, {fin | continuation, ""}},
             {"text:middle"},
             {}});
}

CAF_TEST(group_6_2_valid_text_however_it_is_split) {
  const auto word = "Hello-\xc2\xb5@\xc3\x9f\xc3\xb6\xc3\xa4\xc3\xbc\xc3\xa0\xc3\xa1-UTF-8!!"s;
  check_row({"6.2.1", "in one frame", {{fin | text, word}}, {"text:" + word}, {}});
  check_row({"6.2.3", "byte by byte", byte_by_byte(word), {"text:" + word}, {}});
  for (std::size_t i = 0; i <= kosme.size(); ++i)
    check_row({"6.2.2",
               "in two, at every place",
               {{text, kosme.substr(0, i)}, {fin | continuation, kosme.substr(i)}},
               {"text:" + kosme},
               {}});
}

CAF_TEST(group_6_3_and_6_4_invalid_text_fails_at_its_first_wrong_byte) {
  // A surrogate behind good text, and good text behind it.
  const auto bad = kosme + "\xed\xa0\x80" + "edited";
  check_row({"6.3.1", "in one frame", {{fin | text, bad}}, {}, {}, fails(1007)});
  // \xed may begin a character, \xa0 cannot follow it.
  check_row({"6.3.2", "byte by byte", byte_by_byte(bad), {}, {}, fails(1007), kosme.size() + 2});
  const auto beyond = "\xf4\x90"s; // above U+10FFFF
  check_row({"6.4.1",
             "in the second of three fragments",
             {{text, kosme}, {continuation, beyond + "\x80\x80"}, {fin | continuation, "edited"}},
             {},
             {},
             fails(1007),
             2});
  check_row({"6.4.2",
             "as soon as no character can come of it",
             {{text, kosme + "\xf4"}, {continuation, "\x90"}, {fin | continuation, "\x80\x80"}},
             {},
             {},
             fails(1007),
             2});
}

CAF_TEST(group_6_4_invalid_text_fails_within_a_frame) {
  for (const auto r : {role::client, role::server})
    for (const std::string& good : {kosme, kosme + "\xf4"}) {
      const bool cut = good.size() > kosme.size();
      const auto bad = (cut ? "\x90"s : "\xf4\x90"s) + "\x80\x80";
      const auto payload = good + bad + std::string(2'000, 'x');
      const auto wire = frame(opposite(r), fin | text, payload);
      const auto head = wire.size() - payload.size();
      auto c = opened(r);
      decoded out;
      c.feed(wire.substr(0, head + good.size()), out);
      CAF_CHECK_EQUAL(c.state(), codec::phase::open);
      c.feed(wire.substr(head + good.size(), 2), out);
      CAF_CHECK_EQUAL(c.state(), codec::phase::failed);
      CAF_CHECK_EQUAL(c.closed_by().code, 1007);
    }
}

CAF_TEST(group_6_6_text_may_end_only_between_characters) {
  const bool whole[] = {true,  false, true,  false, false, true,
                        false, true,  false, true,  false, true};
  for (std::size_t n = 0; n <= kosme.size(); ++n) {
    const auto begin = kosme.substr(0, n);
    const auto expected =
      whole[n] ? std::vector<std::string>{"text:" + begin} : std::vector<std::string>{};
    const auto end = whole[n] ? still_open : fails(1007);
    check_row({"6.6", "whole", {{fin | text, begin}}, expected, {}, end});
    check_row({"6.6",
               "with an empty final fragment",
               {{text, begin}, {fin | continuation, ""}},
               expected,
               {},
               end});
  }
}

CAF_TEST(group_6_7_to_6_11_borders_of_the_encoding) {
  const sequence rows[] = {
    {"6.7.1", "\x00"s, true},
    {"6.7.2", "\xc2\x80", true},
    {"6.7.3", "\xe0\xa0\x80", true},
    {"6.7.4", "\xf0\x90\x80\x80", true},
    {"6.8.1", "\xf8\x88\x80\x80\x80", false},
    {"6.8.2", "\xfc\x84\x80\x80\x80\x80", false},
    {"6.9.1", "\x7f", true},
    {"6.9.2", "\xdf\xbf", true},
    {"6.9.3", "\xef\xbf\xbf", true},
    {"6.9.4", "\xf4\x8f\xbf\xbf", true},
    {"6.10.1", "\xf7\xbf\xbf\xbf", false},
    {"6.10.2", "\xfb\xbf\xbf\xbf\xbf", false},
    {"6.10.3", "\xfd\xbf\xbf\xbf\xbf\xbf", false},
    {"6.11.1", "\xed\x9f\xbf", true},
    {"6.11.2", "\xee\x80\x80", true},
    {"6.11.3", "\xef\xbf\xbd", true},
    {"6.11.4", "\xf4\x8f\xbf\xbf", true},
    {"6.11.5", "\xf4\x90\x80\x80", false},
  };
  for (const auto& row : rows)
    check_sequence(row);
}

CAF_TEST(group_6_12_to_6_16_bytes_out_of_place) {
  std::vector<sequence> rows{
    {"6.12.1", "\x80", false},
    {"6.12.2", "\xbf", false},
    {"6.12.3", "\x80\xbf", false},
    {"6.12.8", "\x80\xbf\x80\xbf\x80\xbf\x80", false},
    {"6.13.1", "\xc0 \xc1 \xdf ", false},
    {"6.13.2", "\xe0 \xe1 \xef ", false},
    {"6.13.3", "\xf0 \xf1 \xf7 ", false},
    {"6.14.1", "\xc0", false},
    {"6.14.2", "\xe0\x80", false},
    {"6.14.3", "\xf0\x80\x80", false},
    {"6.14.6", "\xdf", false},
    {"6.14.7", "\xef\xbf", false},
    {"6.14.8", "\xf7\xbf\xbf", false},
    {"6.15.1", "\xc0\xe0\x80\xf0\x80\x80\xf8\x80\x80\x80", false},
    {"6.16.1", "\xfe", false},
    {"6.16.2", "\xff", false},
    {"6.16.3", "\xfe\xfe\xff\xff", false},
  };
  for (int tail = 0x80; tail <= 0xbf; tail += 9)
    rows.push_back({"6.12.9", std::string(1, static_cast<char>(tail)), false});
  for (int lead = 0xc2; lead <= 0xf4; lead += 7)
    rows.push_back({"6.13.x", std::string(1, static_cast<char>(lead)) + " ", false});
  for (const auto& row : rows)
    check_sequence(row);
}

CAF_TEST(group_6_17_to_6_23_overlong_forms_surrogates_and_noncharacters) {
  std::vector<sequence> rows{
    {"6.17.1", "\xc0\xaf", false},
    {"6.17.2", "\xe0\x80\xaf", false},
    {"6.17.3", "\xf0\x80\x80\xaf", false},
    {"6.17.4", "\xf8\x80\x80\x80\xaf", false},
    {"6.18.1", "\xc1\xbf", false},
    {"6.18.2", "\xe0\x9f\xbf", false},
    {"6.18.3", "\xf0\x8f\xbf\xbf", false},
    {"6.19.1", "\xc0\x80", false},
    {"6.19.2", "\xe0\x80\x80", false},
    {"6.20.1", "\xed\xa0\x80", false},
    {"6.20.2", "\xed\xad\xbf", false},
    {"6.20.5", "\xed\xb0\x80", false},
    {"6.20.7", "\xed\xbf\xbf", false},
    {"6.21.1", "\xed\xa0\x80\xed\xb0\x80", false},
    {"6.21.8", "\xed\xaf\xbf\xed\xbf\xbf", false},
    {"6.22.1", "\xef\xbf\xbe", true}, // noncharacters are characters here (RFC 3629 §3)
    {"6.22.2", "\xef\xbf\xbf", true},
    {"6.23.1", "\xef\xbf\xb9", true},
    {"6.23.7", "\xef\xbf\xbd", true},
  };
  // The last two of each plane: U+1FFFE, U+1FFFF, ... U+10FFFE, U+10FFFF.
  for (unsigned plane = 1; plane <= 16; ++plane)
    for (const char last : {'\xbe', '\xbf'})
      rows.push_back({"6.22.x",
                      {static_cast<char>(0xf0 | plane >> 2),
                       static_cast<char>(0x8f | (plane & 3) << 4), '\xbf', last},
                      true});
  for (const auto& row : rows)
    check_sequence(row);
}

} // namespace utf8_conformance_test
