// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE conformance_framing

#include "support/unit_test.hpp"

#include "case_table.hpp"

#include <initializer_list>

namespace framing_conformance_test {

using namespace wspool;
using namespace wspool::test;
using namespace std::string_literals;

// Groups 1 to 5: framing, pings and pongs, reserved bits, opcodes, fragmentation.

namespace {

std::string bytes(std::size_t n, char c = '*') { return std::string(n, c); }

void check_all(const std::vector<conformance_case>& rows, const codec_options& options = {}) {
  for (const auto& row : rows)
    CAF_CHECK_EQUAL(run_case(row, options).value_or(""), "");
}

} // namespace

CAF_TEST(group_1_messages_of_every_length_form) {
  // The borders of the length's forms (RFC 6455 §5.2), as text and as binary messages.
  for (const std::size_t n : {0, 1, 125, 126, 127, 128, 65'535, 65'536, 65'537}) {
    const auto what = std::to_string(n) + " bytes";
    check_all({
      {"1.1", what.c_str(), {{fin | text, bytes(n)}}, {"text:" + bytes(n)}, {}},
      {"1.2", what.c_str(), {{fin | binary, bytes(n, '\xfe')}}, {"binary:" + bytes(n, '\xfe')}, {}},
      {"1.x",
       (what + " in two halves").c_str(),
       {{text, bytes(n / 2)}, {fin | continuation, bytes(n - n / 2)}},
       {"text:" + bytes(n)},
       {}},
    });
  }
}

CAF_TEST(group_1_messages_go_back_in_the_shortest_form) {
  for (const std::size_t n : {0, 125, 126, 127, 65'535, 65'536}) {
    for (const auto r : {role::client, role::server}) {
      auto c = opened(r);
      CAF_CHECK(c.write(bytes(n), message_kind::binary) == errc::none);
      const auto head = (n <= 125 ? 2u : n <= 0xffff ? 4u : 10u) + (r == role::client ? 4u : 0u);
      CAF_CHECK_EQUAL(c.output().size(), head + n);
    }
  }
}

CAF_TEST(group_2_pings_and_pongs) {
  const auto ten = std::vector<sent_frame>(10, {fin | ping, "payload"});
  check_all({
    {"2.1", "a ping without payload", {{fin | ping, ""}}, {}, {""}},
    {"2.2", "a ping with text", {{fin | ping, "Hello, world!"}}, {}, {"Hello, world!"}},
    {"2.3",
     "a ping with bytes that are no text",
     {{fin | ping, "\x00\xff\xfe\xfd\xfc\xfb\x00\xff"s}},
     {},
     {"\x00\xff\xfe\xfd\xfc\xfb\x00\xff"s}},
    {"2.4", "a ping of 125 bytes", {{fin | ping, bytes(125, '\xfe')}}, {}, {bytes(125, '\xfe')}},
    {"2.5", "a ping of 126 bytes", {{fin | ping, bytes(126, '\xfe')}}, {}, {}, fails(1002)},
    {"2.7", "a pong nobody asked for", {{fin | pong, ""}}, {}, {}},
    {"2.8", "the same with payload", {{fin | pong, "unsolicited"}}, {}, {}},
    {"2.9",
     "the same, then a ping",
     {{fin | pong, "unsolicited"}, {fin | ping, "asked"}},
     {},
     {"asked"}},
    {"2.10", "ten pings", ten, {}, std::vector<std::string>(10, "payload")},
    {"2.x", "a pong of 126 bytes", {{fin | pong, bytes(126)}}, {}, {}, fails(1002)},
  });
}

CAF_TEST(group_3_reserved_bits_without_an_extension) {
  check_all({
    {"3.1", "RSV3", {{fin | rsv3 | text, "x"}}, {}, {}, fails(1002)},
    {"3.2",
     "RSV2 behind a message",
     {{fin | text, "a"}, {fin | rsv2 | text, "b"}, {fin | ping, ""}},
     {"text:a"},
     {},
     fails(1002),
     2},
    {"3.3",
     "RSV2 and RSV3",
     {{fin | text, "a"}, {fin | rsv2 | rsv3 | text, "b"}, {fin | ping, ""}},
     {"text:a"},
     {},
     fails(1002),
     2},
    {"3.4",
     "RSV1",
     {{fin | text, "a"}, {fin | rsv1 | text, "b"}, {fin | ping, ""}},
     {"text:a"},
     {},
     fails(1002),
     2},
    {"3.5",
     "RSV1 and RSV3 on a binary frame",
     {{fin | rsv1 | rsv3 | binary, bytes(8)}},
     {},
     {},
     fails(1002)},
    {"3.6", "RSV1 and RSV2 on a ping", {{fin | rsv1 | rsv2 | ping, "x"}}, {}, {}, fails(1002)},
    {"3.7",
     "all on a close frame",
     {{fin | rsv1 | rsv2 | rsv3 | close_frame, ""}},
     {},
     {},
     fails(1002)},
    {"3.x",
     "RSV1 on a continuation",
     {{text, "a"}, {static_cast<unsigned char>(fin | rsv1), "b"}},
     {},
     {},
     fails(1002)},
  });
}

CAF_TEST(group_3_reserved_bits_with_compression) {
  // RFC 7692 §6: RSV1 is the extension's, on the first frame of a message only.
  codec_options options;
  options.deflate.enabled = true;
  check_all(
    {
      {"3.2", "RSV2", {{fin | rsv2 | text, "b"}}, {}, {}, fails(1002)},
      {"3.3", "RSV1 and RSV2", {{fin | rsv1 | rsv2 | text, "b"}}, {}, {}, fails(1002)},
      {"3.6", "RSV1 on a ping", {{fin | rsv1 | ping, "x"}}, {}, {}, fails(1002)},
      {"3.7", "RSV1 on a close frame", {{fin | rsv1 | close_frame, ""}}, {}, {}, fails(1002)},
      {"3.x",
       "RSV1 on the continuation of an uncompressed message",
       {{text, "a"}, {static_cast<unsigned char>(fin | rsv1), "b"}},
       {},
       {},
       fails(1002)},
      {"3.y",
       "RSV1 on the continuation of a compressed message",
       {{rsv1 | binary, "\x4a"}, {static_cast<unsigned char>(fin | rsv1), "\x04\x00"s}},
       {},
       {},
       fails(1002)},
    },
    options);
}

CAF_TEST(group_4_reserved_opcodes) {
  for (unsigned opcode = 0; opcode < 16; ++opcode) {
    if (opcode <= 2 || (opcode >= 8 && opcode <= 10))
      continue;
    const auto first = static_cast<unsigned char>(fin | opcode);
    const auto what = "opcode " + std::to_string(opcode);
    check_all({
      {opcode < 8 ? "4.1.1" : "4.2.1", what.c_str(), {{first, ""}}, {}, {}, fails(1002)},
      {opcode < 8 ? "4.1.2" : "4.2.2", what.c_str(), {{first, "reserved"}}, {}, {}, fails(1002)},
      {opcode < 8 ? "4.1.3" : "4.2.3",
       what.c_str(),
       {{fin | text, "a"}, {first, ""}, {fin | ping, ""}},
       {"text:a"},
       {},
       fails(1002),
       2},
      {opcode < 8 ? "4.1.4" : "4.2.4",
       what.c_str(),
       {{fin | text, "a"}, {first, "reserved"}, {fin | ping, ""}},
       {"text:a"},
       {},
       fails(1002),
       2},
      {opcode < 8 ? "4.1.5" : "4.2.5",
       (what + " within a message").c_str(),
       {{text, "a"}, {first, "reserved"}, {fin | continuation, "b"}},
       {},
       {},
       fails(1002),
       2},
    });
  }
}

CAF_TEST(group_5_control_frames_are_never_fragmented) {
  check_all({
    {"5.1", "a ping in two", {{ping, "a"}, {fin | continuation, "b"}}, {}, {}, fails(1002), 1},
    {"5.2", "a pong in two", {{pong, "a"}, {fin | continuation, "b"}}, {}, {}, fails(1002), 1},
    {"5.x",
     "a close frame in two",
     {{close_frame, "\x03"}, {fin | continuation, "\xe8"}},
     {},
     {},
     fails(1002),
     1},
  });
}

CAF_TEST(group_5_fragments_make_messages) {
  check_all({
    {"5.3",
     "text in two",
     {{text, "fragment1"}, {fin | continuation, "fragment2"}},
     {"text:fragment1fragment2"},
     {}},
    {"5.6",
     "text in two, a ping between",
     {{text, "fragment1"}, {fin | ping, "ping"}, {fin | continuation, "fragment2"}},
     {"text:fragment1fragment2"},
     {"ping"}},
    {"5.x",
     "a binary message in many",
     {{binary, "\xff"}, {continuation, ""}, {continuation, "\xfe"}, {fin | continuation, ""}},
     {"binary:\xff\xfe"},
     {}},
    {"5.y",
     "empty fragments first and last",
     {{text, ""},
      {continuation, ""},
      {continuation, "a"},
      {fin | continuation, ""},
      {fin | text, "b"}},
     {"text:a", "text:b"},
     {}},
    {"5.19",
     "text in five, pings between",
     {{text, "1"},
      {continuation, "2"},
      {fin | ping, "p1"},
      {continuation, "3"},
      {continuation, "4"},
      {fin | ping, "p2"},
      {fin | continuation, "5"}},
     {"text:12345"},
     {"p1", "p2"}},
  });
}

CAF_TEST(group_5_continuations_continue_something) {
  check_all({
    {"5.9",
     "a final continuation of nothing",
     {{fin | continuation, "x"}, {fin | text, "a"}},
     {},
     {},
     fails(1002),
     1},
    {"5.12",
     "a continuation of nothing",
     {{continuation, "x"}, {fin | text, "a"}},
     {},
     {},
     fails(1002),
     1},
    {"5.15",
     "a continuation behind a whole message",
     {{text, "1"}, {fin | continuation, "2"}, {continuation, "3"}, {fin | text, "4"}},
     {"text:12"},
     {},
     fails(1002),
     3},
    {"5.16",
     "continuations without a beginning, again and again",
     {{continuation, "1"}, {text, "2"}, {fin | continuation, "3"}},
     {},
     {},
     fails(1002),
     1},
    {"5.17",
     "the same, final ones",
     {{fin | continuation, "1"}, {text, "2"}, {fin | continuation, "3"}},
     {},
     {},
     fails(1002),
     1},
    {"5.18", "a second beginning", {{text, "1"}, {fin | text, "2"}}, {}, {}, fails(1002), 2},
    {"5.x",
     "a beginning of the other kind",
     {{text, "1"}, {fin | binary, "2"}},
     {},
     {},
     fails(1002),
     2},
    {"5.z",
     "a beginning behind an empty one",
     {{text, ""}, {fin | text, "2"}},
     {},
     {},
     fails(1002),
     2},
  });
}

} // namespace framing_conformance_test
