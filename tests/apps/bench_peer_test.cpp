// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE bench_peer

#include "bench/frame_responder.hpp"
#include "bench/payload.hpp"

#include "support/unit_test.hpp"

#include <rapidcheck.h>

#include <string>

namespace bench_peer_test {

using namespace wspool::bench;
using namespace std::string_literals;

namespace {

/// A frame as a client sends it.
std::string masked_frame(unsigned char first, const std::string& payload) {
  std::string head;
  append_head(head, first, payload.size());
  head[1] = static_cast<char>(head[1] | '\x80');
  auto mask = "\x12\x34\x56\x78"s;
  auto result = head + mask;
  for (std::size_t i = 0; i < payload.size(); ++i)
    result.push_back(static_cast<char>(payload[i] ^ mask[i % 4]));
  return result;
}

std::string frame(unsigned char first, const std::string& payload) {
  std::string result;
  append_head(result, first, payload.size());
  return result + payload;
}

std::string answers(frame_responder& x, const std::string& bytes) {
  std::string result;
  x.take(bytes, result);
  return result;
}

} // namespace

CAF_TEST(heads_have_the_three_lengths_of_the_protocol) {
  auto head = [](std::uint64_t size) {
    std::string result;
    append_head(result, 0x81, size);
    return result;
  };
  CAF_CHECK(head(125) == "\x81\x7d"s);
  CAF_CHECK(head(126) == "\x81\x7e\x00\x7e"s);
  CAF_CHECK(head(65'536) == "\x81\x7f\x00\x00\x00\x00\x00\x01\x00\x00"s);
}

CAF_TEST(a_server_that_discards_counts) {
  frame_responder x{false};
  CAF_CHECK_EQUAL(answers(x, masked_frame(0x81, "one") + masked_frame(0x82, "two")), "");
  CAF_CHECK_EQUAL(x.messages(), 2u);
  // A message in two fragments is one.
  CAF_CHECK_EQUAL(answers(x, masked_frame(0x01, "th") + masked_frame(0x80, "ree")), "");
  CAF_CHECK_EQUAL(x.messages(), 3u);
}

CAF_TEST(a_ping_is_answered_and_no_message) {
  frame_responder x{false};
  CAF_CHECK(answers(x, masked_frame(0x89, "alive?")) == frame(0x8a, "alive?"));
  CAF_CHECK(answers(x, masked_frame(0x8a, "unasked")).empty());
  CAF_CHECK_EQUAL(x.messages(), 0u);
}

CAF_TEST(the_close_is_answered_and_the_end) {
  frame_responder x{true};
  auto close = "\x03\xe8"s;
  CAF_CHECK(answers(x, masked_frame(0x88, close) + masked_frame(0x81, "late"))
            == frame(0x88, close));
  CAF_CHECK(x.closed());
  CAF_CHECK_EQUAL(x.messages(), 0u);
}

CAF_TEST(an_echo_sends_back_what_comes_in_whatever_the_pieces) {
  CAF_CHECK(rc::check([] {
    auto sizes = *rc::gen::container<std::vector<std::size_t>>(
      rc::gen::element<std::size_t>(0, 1, 64, 125, 126, 1'000, 65'535, 65'536));
    std::string in;
    std::string expected;
    for (auto size : sizes) {
      in += masked_frame(0x81, payload(size));
      expected += frame(0x81, payload(size));
    }
    frame_responder x{true};
    std::string out;
    for (std::size_t at = 0; at < in.size();) {
      auto n = *rc::gen::element<std::size_t>(1, 2, 3, 7, 4'096, 100'000);
      x.take(std::string_view{in}.substr(at, n), out);
      at += n;
    }
    RC_ASSERT(out == expected);
    RC_ASSERT(x.messages() == sizes.size());
  }));
}

} // namespace bench_peer_test
