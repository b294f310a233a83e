// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE codec_framing

#include "support/unit_test.hpp"

#include "codec_peer.hpp"

namespace codec_framing_test {

using namespace wspool;
using namespace wspool::test;

// What breaks RFC 6455 ends the connection with the close code that the RFC asks for, whoever the
// peer is and however its bytes come in.

namespace {

constexpr role roles[] = {role::client, role::server};

/// A sequence of frames of which the last one breaks a rule.
struct offence {
  const char* what;
  std::string (*wire)(role sender);
  errc error;
  unsigned code;
  const char* rule; ///< in the error's detail
  std::size_t messages_before = 0;
};

const offence offences[] = {
  {"RSV1 without an extension", [](role s) { return frame(s, fin | 0x40 | 1, "x"); },
   errc::protocol_error, 1002, "reserved bits"},
  {"RSV2", [](role s) { return frame(s, fin | 0x20 | 1, "x"); }, errc::protocol_error, 1002,
   "reserved bits"},
  {"RSV3", [](role s) { return frame(s, fin | 0x10 | 2, ""); }, errc::protocol_error, 1002,
   "reserved bits"},
  {"RSV1 on a ping", [](role s) { return frame(s, fin | 0x40 | 9, "x"); }, errc::protocol_error,
   1002, "reserved bits"},
  {"RSV2 on a continuation", [](role s) { return frame(s, 1, "a") + frame(s, fin | 0x20, "b"); },
   errc::protocol_error, 1002, "reserved bits"},
  {"opcode 3", [](role s) { return frame(s, fin | 3, "x"); }, errc::protocol_error, 1002,
   "reserved opcode"},
  {"opcode 7, empty", [](role s) { return frame(s, fin | 7, ""); }, errc::protocol_error, 1002,
   "reserved opcode"},
  {"opcode 11", [](role s) { return frame(s, fin | 11, ""); }, errc::protocol_error, 1002,
   "reserved opcode"},
  {"opcode 15 behind a message",
   [](role s) { return frame(s, fin | 1, "before") + frame(s, fin | 15, "x"); },
   errc::protocol_error, 1002, "reserved opcode", 1},
  {"a ping of 126 bytes", [](role s) { return frame(s, fin | 9, std::string(126, 'p')); },
   errc::protocol_error, 1002, "more than 125 bytes"},
  {"a close frame of 70,000 bytes",
   [](role s) { return frame(s, fin | 8, std::string(70'000, 'p')); }, errc::protocol_error, 1002,
   "more than 125 bytes"},
  {"a ping whose length is not in its shortest form",
   [](role s) { return frame(s, fin | 9, "x", length_form::two_bytes); }, errc::protocol_error,
   1002, "more than 125 bytes"},
  {"a fragmented ping", [](role s) { return frame(s, 9, "x"); }, errc::protocol_error, 1002,
   "fragmented control"},
  {"a fragmented close frame", [](role s) { return frame(s, 8, close_payload(1000)); },
   errc::protocol_error, 1002, "fragmented control"},
  {"a length of 5 in two bytes",
   [](role s) { return frame(s, fin | 2, "12345", length_form::two_bytes); }, errc::protocol_error,
   1002, "shortest form"},
  {"a length of 300 in eight bytes",
   [](role s) { return frame(s, fin | 2, std::string(300, 'x'), length_form::eight_bytes); },
   errc::protocol_error, 1002, "shortest form"},
  {"an empty fragment whose length is not in its shortest form",
   [](role s) { return frame(s, 1, "", length_form::two_bytes); }, errc::protocol_error, 1002,
   "shortest form"},
  {"a continuation of nothing", [](role s) { return frame(s, fin, "x"); }, errc::protocol_error,
   1002, "continuation"},
  {"an empty continuation of nothing", [](role s) { return frame(s, 0, ""); }, errc::protocol_error,
   1002, "continuation"},
  {"a continuation behind a complete message",
   [](role s) { return frame(s, 1, "a") + frame(s, fin, "b") + frame(s, fin, "c"); },
   errc::protocol_error, 1002, "continuation", 1},
  {"a new message within a message",
   [](role s) { return frame(s, 1, "a") + frame(s, fin | 1, "b"); }, errc::protocol_error, 1002,
   "before the last one was complete"},
  {"a new message behind an empty fragment",
   [](role s) { return frame(s, 1, "") + frame(s, 2, "b"); }, errc::protocol_error, 1002,
   "before the last one was complete"},
  {"a frame with the wrong mask", [](role s) { return frame(opposite(s), fin | 1, "x"); },
   errc::protocol_error, 1002, "masked"},
  {"an empty fragment with the wrong mask", [](role s) { return frame(opposite(s), 1, ""); },
   errc::protocol_error, 1002, "masked"},
  {"a ping with the wrong mask", [](role s) { return frame(opposite(s), fin | 9, "x"); },
   errc::protocol_error, 1002, "masked"},
  {"a close frame with the wrong mask behind a message",
   [](role s) { return frame(s, fin | 1, "a") + frame(opposite(s), fin | 8, ""); },
   errc::protocol_error, 1002, "masked", 1},
  {"a close frame of one byte", [](role s) { return frame(s, fin | 8, "x"); }, errc::protocol_error,
   1002, "one byte"},
  {"a close reason that is not UTF-8",
   [](role s) { return frame(s, fin | 8, close_payload(1000, "\xce\xba\xe1\xbd")); },
   errc::protocol_error, 1002, "close reason"},
  {"text that is not UTF-8",
   [](role s) {
     return frame(s, fin | 1,
                  "ab\xff"
                  "c");
   },
   errc::invalid_utf8, 1007, "§8.1"},
  {"text behind good messages that is not UTF-8",
   [](role s) {
     return frame(s, fin | 1, "a") + frame(s, fin | 1, "b") + frame(s, fin | 1, "\xc0");
   },
   errc::invalid_utf8, 1007, "§8.1", 2},
  {"text that ends inside a character", [](role s) { return frame(s, fin | 1, "a\xe2\x82"); },
   errc::invalid_utf8, 1007, "§8.1"},
  {"a surrogate", [](role s) { return frame(s, 1, "a") + frame(s, fin, "\xed\xa0\x80"); },
   errc::invalid_utf8, 1007, "§8.1"},
  {"text that ends inside a character, then an empty final fragment",
   [](role s) { return frame(s, 1, "a\xe2\x82") + frame(s, fin, ""); }, errc::invalid_utf8, 1007,
   "§8.1"},
};

codec_options small_limit() {
  codec_options options;
  options.limits.max_message_bytes = 100'000;
  return options;
}

void check_offence(const offence& o, role under_test, const std::vector<std::size_t>& pieces) {
  auto c = opened(under_test, small_limit());
  decoded out;
  // What follows a violation is ignored.
  const auto wire = o.wire(opposite(under_test)) + frame(opposite(under_test), fin | 1, "after");
  feed_in_pieces(c, wire, pieces, out);
  CAF_CHECK_EQUAL(c.state(), codec::phase::failed);
  CAF_CHECK_EQUAL(name_of(c.error().code), name_of(o.error));
  CAF_CHECK(c.error().detail.find(o.rule) != std::string::npos);
  CAF_CHECK_EQUAL(out.messages.size(), o.messages_before);
  CAF_CHECK(out.messages.valid());
  CAF_CHECK_EQUAL(out.messages.empty()
                    ? 0
                    : out.messages.entries().back().offset + out.messages.entries().back().size,
                  out.messages.bytes().size());
  CAF_CHECK_EQUAL(c.closed_by().code, o.code);
  CAF_CHECK(c.closed_by().began == initiator::local);
  CAF_CHECK(!c.closed_by().clean);
  const auto frames = frames_of(c.output());
  CAF_REQUIRE(frames.has_value());
  CAF_REQUIRE_EQUAL(frames->size(), 1u);
  CAF_CHECK(frames->front().is_close());
  CAF_CHECK_EQUAL(frames->front().code(), o.code);
  CAF_CHECK_EQUAL(frames->front().masked, under_test == role::client);
  CAF_CHECK(c.write("x", message_kind::text) == errc::closed);
  CAF_CHECK(c.ping("") == errc::closed);
}

} // namespace

CAF_TEST(a_violation_ends_the_connection_with_the_code_of_the_rfc) {
  for (const auto& o : offences)
    for (const auto r : roles) {
      CAF_MESSAGE(o.what << (r == role::client ? ", by a server" : ", by a client"));
      check_offence(o, r, {});
      check_offence(o, r, {1});
      check_offence(o, r, {2, 5, 3});
    }
}

CAF_TEST(close_codes_that_may_not_be_sent_are_refused) {
  for (const unsigned code :
       {0u, 999u, 1004u, 1005u, 1006u, 1015u, 1016u, 1100u, 2000u, 2999u, 5000u, 27904u, 65535u})
    for (const auto r : roles) {
      CAF_MESSAGE("close code " << code);
      auto c = opened(r);
      decoded out;
      const auto payload = close_payload(static_cast<std::uint16_t>(code));
      c.feed(frame(opposite(r), fin | 8, payload), out);
      CAF_CHECK_EQUAL(c.state(), codec::phase::failed);
      CAF_CHECK_EQUAL(name_of(c.error().code), "protocol_error");
      CAF_CHECK_EQUAL(c.closed_by().code, 1002);
      const auto frames = frames_of(c.output());
      CAF_REQUIRE(frames.has_value() && frames->size() == 1);
      CAF_CHECK_EQUAL(frames->front().code(), 1002u);
    }
}

CAF_TEST(invalid_text_is_refused_before_its_frame_is_complete) {
  for (const auto r : roles) {
    auto c = opened(r);
    decoded out;
    const auto wire = frame(opposite(r), fin | 1, "good\xff" + std::string(5'000, 'x'));
    const auto head = wire.size() - 5'005;
    c.feed(std::string_view{wire}.substr(0, head + 4), out);
    CAF_CHECK_EQUAL(c.state(), codec::phase::open);
    c.feed(std::string_view{wire}.substr(head + 4, 1), out);
    CAF_CHECK_EQUAL(c.state(), codec::phase::failed);
    CAF_CHECK_EQUAL(c.closed_by().code, 1007);
    CAF_CHECK(out.messages.empty());
  }
}

CAF_TEST(invalid_text_is_refused_before_its_message_is_complete) {
  // RFC 6455 §8.1 leaves the time open; a message that lasts for hours should not go on.
  for (const auto r : roles) {
    auto c = opened(r);
    decoded out;
    c.feed(frame(opposite(r), 1, "\xf4"), out);
    CAF_CHECK_EQUAL(c.state(), codec::phase::open);
    c.feed(frame(opposite(r), 0, "\x90"), out); // above U+10FFFF whatever follows
    CAF_CHECK_EQUAL(c.state(), codec::phase::failed);
    CAF_CHECK_EQUAL(c.closed_by().code, 1007);
  }
}

CAF_TEST(characters_may_be_split_between_fragments) {
  for (const auto r : roles) {
    auto c = opened(r);
    decoded out;
    const auto s = opposite(r);
    c.feed(frame(s, 1, "\xe2") + frame(s, 0, "\x82") + frame(s, 0, ""), out);
    c.feed(frame(s, fin, "\xac"), out);
    // The next one starts afresh.
    c.feed(frame(s, 1, "\xc3") + frame(s, 0, "\xa9") + frame(s, fin, ""), out);
    c.feed(frame(s, fin | 1, "x"), out);
    CAF_CHECK_EQUAL(texts(out.messages), std::vector<std::string>({"text:€", "text:é", "text:x"}));
    CAF_CHECK_EQUAL(c.state(), codec::phase::open);
  }
}

CAF_TEST(binary_messages_are_not_checked_for_utf8) {
  for (const auto r : roles) {
    auto c = opened(r);
    decoded out;
    c.feed(frame(opposite(r), fin | 2, "\xff\xfe") + frame(opposite(r), 2, "\xe2")
             + frame(opposite(r), fin, ""),
           out);
    CAF_CHECK_EQUAL(texts(out.messages),
                    std::vector<std::string>({"binary:\xff\xfe", "binary:\xe2"}));
  }
}

CAF_TEST(a_message_of_exactly_the_limit_is_taken_and_one_byte_more_is_not) {
  const auto limit = small_limit().limits.max_message_bytes;
  for (const auto r : roles)
    for (const auto extra : {0u, 1u}) {
      auto whole = opened(r, small_limit());
      auto split = opened(r, small_limit());
      decoded out;
      const std::string payload(limit + extra, 'x');
      whole.feed(frame(opposite(r), fin | 2, payload), out);
      split.feed(frame(opposite(r), 2, payload.substr(0, 50'000))
                   + frame(opposite(r), fin, payload.substr(50'000)),
                 out);
      CAF_CHECK_EQUAL(out.messages.size(), extra == 0 ? 2u : 0u);
      for (auto* c : {&whole, &split}) {
        CAF_CHECK_EQUAL(c->state(), extra == 0 ? codec::phase::open : codec::phase::failed);
        if (extra == 0)
          continue;
        CAF_CHECK_EQUAL(name_of(c->error().code), "message_too_big");
        CAF_CHECK_EQUAL(c->closed_by().code, 1009);
        CAF_CHECK(c->error().detail.find("max_message_bytes = 100000") != std::string::npos);
      }
    }
}

CAF_TEST(a_frame_beyond_the_limit_is_refused_before_its_payload_comes) {
  const auto limit = small_limit().limits.max_message_bytes;
  for (const auto r : roles)
    for (const std::size_t before : {0, 10}) // bytes of the message in an earlier fragment
      for (const bool in_pieces : {false, true}) {
        auto c = opened(r, small_limit());
        decoded out;
        if (before > 0)
          c.feed(frame(opposite(r), 2, std::string(before, 'x')), out);
        const auto first = static_cast<unsigned char>(before > 0 ? fin : fin | 2);
        const std::size_t head_bytes = opposite(r) == role::client ? 14 : 10;
        const auto head =
          frame(opposite(r), first, std::string(limit + 1 - before, 'x')).substr(0, head_bytes);
        if (in_pieces) {
          c.feed(head.substr(0, head_bytes - 1), out);
          CAF_CHECK_EQUAL(c.state(), codec::phase::open);
        }
        c.feed(in_pieces ? head.substr(head_bytes - 1) : head, out);
        CAF_CHECK_EQUAL(c.state(), codec::phase::failed);
        CAF_CHECK_EQUAL(name_of(c.error().code), "message_too_big");
        CAF_CHECK_EQUAL(c.closed_by().code, 1009);
      }
}

CAF_TEST(a_length_beyond_all_measure_is_refused_by_its_header) {
  for (const auto r : roles)
    for (const char first_length_byte : {'\x7f', '\xff', '\0'}) {
      auto c = opened(r);
      decoded out;
      std::string wire = "\x82";
      wire.push_back(opposite(r) == role::client ? '\xff' : '\x7f');
      wire.push_back(first_length_byte);
      wire.append(7, '\xff');
      wire.append(opposite(r) == role::client ? 5 : 1, 'x');
      c.feed(wire, out);
      CAF_CHECK_EQUAL(c.state(), codec::phase::failed);
      CAF_CHECK_EQUAL(c.closed_by().code, 1009);
    }
}

} // namespace codec_framing_test
