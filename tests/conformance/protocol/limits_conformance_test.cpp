// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE conformance_limits

#include "support/unit_test.hpp"

#include "case_table.hpp"

namespace limits_conformance_test {

using namespace wspool;
using namespace wspool::test;

// Groups 9 and 10: what is large, or comes in very many pieces, is no violation. The limit is the
// one that a run against a test suite would be given.

namespace {

codec_options wide() {
  codec_options options;
  options.limits.max_message_bytes = 64 * 1024 * 1024;
  return options;
}

/// One message cut into frames of at most `piece` bytes.
std::string fragments(role sender, unsigned char kind, std::string_view payload,
                      std::size_t piece) {
  std::string wire;
  for (std::size_t at = 0; at < payload.size(); at += piece) {
    const bool last = payload.size() - at <= piece;
    const auto first = (at == 0 ? kind : continuation) | (last ? fin : 0);
    wire += frame(sender, static_cast<unsigned char>(first), payload.substr(at, piece));
  }
  return wire;
}

/// Feeds it in chunks of that size, echoes the message and reads the echo.
void check_echo(role r, const std::string& wire, const std::string& payload, message_kind kind,
                std::size_t chunk) {
  duo both{wide(), wide()};
  CAF_REQUIRE(both.open());
  auto& c = both.end(r);
  decoded out;
  feed_in_pieces(c, wire, {chunk}, out);
  CAF_REQUIRE_EQUAL(c.state(), codec::phase::open);
  CAF_REQUIRE_EQUAL(out.messages.size(), 1u);
  CAF_CHECK(out.messages.data(0) == payload);
  CAF_CHECK(out.messages[0].kind == kind);
  CAF_CHECK(c.write(out.messages.data(0), kind) == errc::none);
  decoded back;
  both.other(r).feed(c.output(), back);
  CAF_REQUIRE_EQUAL(back.messages.size(), 1u);
  CAF_CHECK(back.messages.data(0) == payload);
}

} // namespace

CAF_TEST(group_9_1_and_9_2_large_messages) {
  for (const auto r : {role::client, role::server})
    for (const std::size_t kib : {64, 256, 1024, 4096, 16'384}) {
      const std::string payload(kib * 1024, 'x');
      check_echo(r, frame(opposite(r), fin | text, payload), payload, message_kind::text, 65'536);
      check_echo(r, frame(opposite(r), fin | binary, payload), payload, message_kind::binary,
                 payload.size() + 14);
    }
}

CAF_TEST(group_9_3_and_9_4_large_messages_in_fragments) {
  const std::string payload(1024 * 1024, 'y');
  for (const auto r : {role::client, role::server})
    for (const std::size_t piece : {64, 256, 1024, 4096, 16'384, 65'536, 262'144, 1'048'576}) {
      check_echo(r, fragments(opposite(r), text, payload, piece), payload, message_kind::text,
                 65'536);
      check_echo(r, fragments(opposite(r), binary, payload, piece), payload, message_kind::binary,
                 1'460);
    }
}

CAF_TEST(group_9_5_and_9_6_large_messages_in_small_reads) {
  const std::string payload(256 * 1024, 'z');
  for (const auto r : {role::client, role::server})
    for (const std::size_t chunk : {64, 128, 256, 512, 1024, 2048})
      check_echo(r, frame(opposite(r), fin | text, payload), payload, message_kind::text, chunk);
}

CAF_TEST(group_9_7_and_9_8_many_messages) {
  for (const auto r : {role::client, role::server})
    for (const std::size_t n : {0, 16, 64, 256, 1024, 4096}) {
      duo both{wide(), wide()};
      CAF_REQUIRE(both.open());
      const std::string payload(n, 'm');
      for (int i = 0; i < 1'000; ++i) // a round trip each
        CAF_REQUIRE(both.other(r).write(payload, message_kind::text) == errc::none);
      decoded there;
      both.end(r).feed(both.other(r).output(), there);
      CAF_REQUIRE_EQUAL(there.messages.size(), 1'000u);
      for (std::size_t i = 0; i < there.messages.size(); ++i)
        CAF_REQUIRE(both.end(r).write(there.messages.data(i), message_kind::text) == errc::none);
      decoded back;
      both.other(r).feed(both.end(r).output(), back);
      CAF_CHECK_EQUAL(back.messages.size(), 1'000u);
      CAF_CHECK_EQUAL(back.messages.bytes().size(), 1'000 * n);
    }
}

CAF_TEST(group_10_very_many_fragments) {
  for (const auto r : {role::client, role::server}) {
    const std::string payload(65'536, '*');
    check_echo(r, fragments(opposite(r), text, payload, 1'300), payload, message_kind::text, 997);
    // One byte more than fragments have numbers of 16 bits, each with one byte.
    const std::string longer(65'537, '+');
    check_echo(r, fragments(opposite(r), text, longer, 1), longer, message_kind::text, 10'000);
  }
}

CAF_TEST(group_10_very_many_empty_fragments_and_pings) {
  for (const auto r : {role::client, role::server}) {
    const auto s = opposite(r);
    auto c = opened(r, wide());
    decoded out;
    c.feed(frame(s, binary, ""), out);
    for (int i = 0; i < 65'537; ++i)
      c.feed(i % 16 == 0 ? frame(s, fin | ping, "") : frame(s, continuation, ""), out);
    c.feed(frame(s, fin | continuation, "end"), out);
    CAF_CHECK_EQUAL(c.state(), codec::phase::open);
    CAF_CHECK_EQUAL(texts(out.messages), std::vector<std::string>({"binary:end"}));
    CAF_CHECK_EQUAL(frames_of(c.output()).value().size(), 4'097u);
  }
}

} // namespace limits_conformance_test
