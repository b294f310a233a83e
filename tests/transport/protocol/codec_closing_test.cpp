// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE codec_closing

#include "support/unit_test.hpp"

#include "codec_peer.hpp"

#include "protocol/utf8.hpp"

namespace codec_closing_test {

using namespace wspool;
using namespace wspool::test;

// The closing handshake of RFC 6455 §7.1, in every order.

namespace {

constexpr role roles[] = {role::client, role::server};

std::vector<seen_frame> output_of(codec& c) {
  auto frames = frames_of(std::exchange(c.output(), {}));
  CAF_REQUIRE(frames.has_value());
  return *frames;
}

} // namespace

CAF_TEST(a_close_of_our_own_is_complete_with_the_answer) {
  for (const auto r : roles) {
    duo d;
    CAF_REQUIRE(d.open());
    auto& near = d.end(r);
    auto& far = d.other(r);
    near.close(1001, "bye");
    CAF_CHECK_EQUAL(near.state(), codec::phase::closing);
    decoded out;
    far.feed(near.output(), out);
    CAF_CHECK_EQUAL(far.state(), codec::phase::closed);
    CAF_CHECK_EQUAL(far.closed_by().code, 1001);
    CAF_CHECK_EQUAL(far.closed_by().reason, "bye");
    CAF_CHECK(far.closed_by().began == initiator::remote);
    CAF_CHECK(far.closed_by().clean);
    CAF_CHECK(!far.error());
    CAF_CHECK_EQUAL(output_of(near).size(), 1u);
    near.feed(far.output(), out);
    CAF_CHECK_EQUAL(near.state(), codec::phase::closed);
    CAF_CHECK_EQUAL(near.closed_by().code, 1001);
    CAF_CHECK(near.closed_by().began == initiator::local);
    CAF_CHECK(near.closed_by().clean);
    CAF_CHECK(!near.error());
    CAF_CHECK(near.output().empty()); // Beast's answer to the answer
    const auto answer = output_of(far);
    CAF_REQUIRE_EQUAL(answer.size(), 1u);
    CAF_CHECK_EQUAL(answer[0].code(), 1001u);
    CAF_CHECK_EQUAL(answer[0].masked, r == role::server);
  }
}

CAF_TEST(the_close_frame_is_masked_by_a_client_with_a_key_of_its_own) {
  auto c = opened(role::client);
  auto other = opened(role::client);
  c.close(1000, "done");
  other.close(1000, "done");
  CAF_CHECK(c.output() != other.output());
  const auto frames = output_of(c);
  CAF_REQUIRE_EQUAL(frames.size(), 1u);
  CAF_CHECK(frames[0].masked);
  CAF_CHECK_EQUAL(frames[0].payload, close_payload(1000, "done"));
}

CAF_TEST(a_close_by_the_peer_is_answered_with_its_code) {
  for (const auto r : roles)
    for (const std::uint16_t code :
         {1000, 1001, 1003, 1007, 1011, 1012, 1013, 3000, 3999, 4000, 4401, 4999}) {
      auto c = opened(r);
      decoded out;
      feed_in_pieces(c, frame(opposite(r), fin | 8, close_payload(code, "why é")), {1}, out);
      CAF_CHECK_EQUAL(c.state(), codec::phase::closed);
      CAF_CHECK_EQUAL(c.closed_by().code, code);
      CAF_CHECK_EQUAL(c.closed_by().reason, "why é");
      CAF_CHECK(c.closed_by().began == initiator::remote);
      const auto answer = output_of(c);
      CAF_REQUIRE_EQUAL(answer.size(), 1u);
      CAF_CHECK_EQUAL(answer[0].code(), code);
      CAF_CHECK_EQUAL(answer[0].masked, r == role::client);
    }
}

CAF_TEST(a_close_with_1014_is_valid_though_younger_than_beast) {
  for (const auto r : roles) {
    auto c = opened(r);
    decoded out;
    c.feed(frame(opposite(r), fin | 8, close_payload(1014, "upstream")), out);
    CAF_CHECK_EQUAL(c.state(), codec::phase::closed);
    CAF_CHECK_EQUAL(c.closed_by().code, 1014);
    CAF_CHECK_EQUAL(c.closed_by().reason, "upstream");
    const auto answer = output_of(c);
    CAF_REQUIRE_EQUAL(answer.size(), 1u);
    CAF_CHECK_EQUAL(answer[0].code(), 1014u);
  }
}

CAF_TEST(a_close_without_a_code_is_1005) {
  for (const auto r : roles) {
    auto c = opened(r);
    decoded out;
    c.feed(frame(opposite(r), fin | 8, ""), out);
    CAF_CHECK_EQUAL(c.state(), codec::phase::closed);
    CAF_CHECK_EQUAL(c.closed_by().code, close_code::no_status);
    CAF_CHECK_EQUAL(output_of(c).size(), 1u);
  }
}

CAF_TEST(closes_that_cross_complete_each_other) {
  for (const auto r : roles) {
    duo d;
    CAF_REQUIRE(d.open());
    d.client.close(1000, "client");
    d.server.close(1001, "server");
    auto& c = d.end(r);
    auto& peer = d.other(r);
    decoded out;
    const auto theirs = peer.output();
    c.feed(theirs, out);
    CAF_CHECK_EQUAL(c.state(), codec::phase::closed);
    CAF_CHECK(c.closed_by().began == initiator::local);
    CAF_CHECK(c.closed_by().clean);
    CAF_CHECK_EQUAL(c.closed_by().reason, r == role::client ? "server" : "client");
    CAF_CHECK_EQUAL(output_of(c).size(), 1u); // its own, and no answer
  }
}

CAF_TEST(messages_that_come_before_the_answer_are_still_read) {
  for (const auto r : roles) {
    auto c = opened(r);
    decoded out;
    const auto s = opposite(r);
    const auto wire = frame(s, fin | 1, "late") + frame(s, fin | 9, "ping") + frame(s, 2, "la")
                      + frame(s, fin, "ter") + frame(s, fin | 8, close_payload(1000))
                      + frame(s, fin | 1, "too late");
    c.close(1000, "");
    c.output().clear();
    feed_in_pieces(c, wire, {3}, out);
    CAF_CHECK(texts(out.messages) == std::vector<std::string>({"text:late", "binary:later"}));
    CAF_CHECK_EQUAL(out.controls.size(), 1u);
    CAF_CHECK_EQUAL(c.state(), codec::phase::closed);
    CAF_CHECK(c.output().empty()); // the ping is not answered behind a close frame
  }
}

CAF_TEST(nothing_is_written_behind_a_close_frame) {
  for (const auto r : roles) {
    auto c = opened(r);
    c.close(1000, "");
    c.output().clear();
    CAF_CHECK(c.write("x", message_kind::text) == errc::closed);
    CAF_CHECK(c.ping("x") == errc::closed);
    CAF_CHECK(c.pong("x") == errc::closed);
    c.close(1001, "again");
    CAF_CHECK(c.output().empty());
  }
}

CAF_TEST(what_came_before_the_close_may_still_be_answered) {
  for (const auto r : roles) {
    auto c = opened(r);
    decoded out;
    c.feed(frame(opposite(r), fin | 1, "Hello")
             + frame(opposite(r), fin | 8, close_payload(1001, "bye")),
           out);
    CAF_CHECK_EQUAL(c.state(), codec::phase::closed);
    CAF_CHECK_EQUAL(texts(out.messages), std::vector<std::string>{"text:Hello"});
    CAF_CHECK_EQUAL(name_of(c.write("one", message_kind::text)), "none");
    CAF_CHECK_EQUAL(name_of(c.write("two", message_kind::binary)), "none");
    const auto frames = output_of(c);
    CAF_REQUIRE_EQUAL(frames.size(), 3u);
    CAF_CHECK_EQUAL(frames[0].payload, "one");
    CAF_CHECK_EQUAL(frames[1].payload, "two");
    CAF_CHECK_EQUAL(frames[2].code(), 1001u);
    CAF_CHECK_EQUAL(frames[0].masked, r == role::client);
    // The answer to the close frame is out: it was the last that may be.
    CAF_CHECK_EQUAL(name_of(c.write("three", message_kind::text)), "closed");
    CAF_CHECK(c.output().empty());
  }
}

CAF_TEST(a_violation_during_the_closing_is_told_but_not_answered) {
  for (const auto r : roles) {
    auto c = opened(r);
    decoded out;
    c.close(1001, "");
    c.output().clear();
    c.feed(frame(opposite(r), fin | 3, ""), out);
    CAF_CHECK_EQUAL(c.state(), codec::phase::failed);
    CAF_CHECK_EQUAL(name_of(c.error().code), "protocol_error");
    CAF_CHECK_EQUAL(c.closed_by().code, 1001);
    CAF_CHECK(!c.closed_by().clean);
    CAF_CHECK(c.output().empty());
  }
}

CAF_TEST(a_close_within_a_message_ends_it_unfinished) {
  for (const auto r : roles) {
    auto c = opened(r);
    decoded out;
    c.feed(frame(opposite(r), fin | 1, "whole") + frame(opposite(r), 1, "half")
             + frame(opposite(r), fin | 8, close_payload(1001)),
           out);
    CAF_CHECK(texts(out.messages) == std::vector<std::string>({"text:whole"}));
    CAF_CHECK_EQUAL(out.messages.bytes(), "whole");
    CAF_CHECK_EQUAL(c.state(), codec::phase::closed);
  }
}

CAF_TEST(a_reason_is_cut_between_characters) {
  for (const auto r : roles) {
    duo d;
    CAF_REQUIRE(d.open());
    std::string reason;
    for (int i = 0; i < 100; ++i)
      reason += "€"; // 3 bytes each: 123 bytes are 41 of them
    d.end(r).close(1000, "x" + reason);
    decoded out;
    d.other(r).feed(d.end(r).output(), out);
    CAF_CHECK_EQUAL(d.other(r).state(), codec::phase::closed);
    CAF_CHECK_EQUAL(d.other(r).closed_by().reason, "x" + reason.substr(0, 40 * 3));
  }
}

CAF_TEST(a_reason_is_cut_before_bytes_that_are_not_utf8) {
  duo d;
  CAF_REQUIRE(d.open());
  d.client.close(1000, "good\xff bad");
  d.to_server();
  CAF_CHECK_EQUAL(d.server.state(), codec::phase::closed);
  CAF_CHECK_EQUAL(d.server.closed_by().reason, "good");
}

CAF_TEST(a_code_that_may_not_be_sent_is_not_sent) {
  for (const std::uint16_t code : {0, 1004, 1006, 1015, 2999, 5000}) {
    auto c = opened(role::server);
    c.close(code, "");
    const auto frames = output_of(c);
    CAF_REQUIRE_EQUAL(frames.size(), 1u);
    CAF_CHECK_EQUAL(frames[0].code(), 1000u);
  }
  auto c = opened(role::server);
  c.close(close_code::no_status, "dropped with the code");
  const auto frames = output_of(c);
  CAF_REQUIRE_EQUAL(frames.size(), 1u);
  CAF_CHECK(frames[0].payload.empty());
}

CAF_TEST(closing_what_is_not_open_does_nothing) {
  codec c{role::client, {}};
  c.close(1000, "");
  CAF_CHECK_EQUAL(c.state(), codec::phase::idle);
  CAF_CHECK(c.output().empty());
  c.end_of_input();
  CAF_CHECK_EQUAL(c.state(), codec::phase::idle);
}

} // namespace codec_closing_test
