// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE outbound

#include "support/unit_test.hpp"

#include "pool/outbound.hpp"

#include <rapidcheck.h>

#include <algorithm>
#include <string>
#include <vector>

namespace outbound_test {

using namespace wspool;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t no_budget = std::size_t(-1);
constexpr std::size_t max_message_bytes = 1'000;

/// What is to be sent, and whether its batch wants confirmation.
struct message {
  std::string data;
  message_kind kind = message_kind::text;
  std::int64_t expires_ns = 0;
};

segment segment_of(const std::vector<message>& messages, bool confirm = false) {
  auto batch = std::make_shared<sealed_batch>();
  for (const auto& m : messages) {
    message_batch::entry like;
    like.kind = m.kind;
    like.expires_ns = m.expires_ns;
    batch->messages.append(m.data, like);
  }
  batch->any_confirm = confirm;
  const auto count = static_cast<std::uint32_t>(messages.size());
  return {std::move(batch), 0, count};
}

segment texts(std::size_t count, bool confirm = false) {
  return segment_of(std::vector<message>(count, {"text"}), confirm);
}

/// The writing side of a client, with a server that reads what was written.
class line {
public:
  outbound tested;
  outbound::time_point now{1h};

  explicit line(bool compress = false)
    : client_(role::client, options(compress)), server_(role::server, options(compress)) {
    client_.start_handshake({"localhost", "/", {}});
    decoded nothing;
    server_.feed(client_.output(), nothing);
    server_.accept();
    client_.feed(server_.output(), nothing);
    client_.output().clear();
    server_.output().clear();
  }

  codec& client() { return client_; }

  bool encode(std::size_t budget = no_budget) { return tested.encode(client_, budget, now); }
  /// Takes what was encoded for a write.
  std::string take() {
    std::string flight;
    flight.swap(client_.output());
    tested.write_began();
    return flight;
  }
  /// A whole write: encoded, written, read by the server. @returns what the server read.
  decoded write() {
    encode();
    auto result = read(take());
    tested.write_completed();
    return result;
  }
  decoded read(std::string_view bytes) {
    decoded result;
    server_.feed(bytes, result);
    server_.output().clear();
    return result;
  }

private:
  static codec_options options(bool compress) {
    codec_options result;
    result.limits.max_message_bytes = max_message_bytes;
    result.deflate.enabled = compress;
    result.deflate.minimum_bytes = 0;
    result.deflate.level = 1;
    return result;
  }

  codec client_;
  codec server_;
};

/// Payloads of the pings that a server read.
std::vector<std::string> pings(const decoded& in) {
  std::vector<std::string> result;
  for (const auto& frame : in.controls)
    if (frame.is_ping)
      result.push_back(frame.payload);
  return result;
}

} // namespace

#define CHECK_REPORT(report, is_written, is_confirmed, is_touched)                                 \
  do {                                                                                             \
    const auto seen = (report);                                                                    \
    CAF_CHECK_EQUAL(seen.written, std::uint64_t{is_written});                                      \
    CAF_CHECK_EQUAL(seen.confirmed, std::uint64_t{is_confirmed});                                  \
    CAF_CHECK_EQUAL(seen.touched, std::uint64_t{is_touched});                                      \
  } while (false)

// -- writing --------------------------------------------------------------------------------------

CAF_TEST(messages_are_written_when_the_kernel_took_them_not_when_they_are_encoded) {
  line x;
  x.tested.push(texts(3));
  CAF_CHECK(x.encode());
  CAF_CHECK(x.tested.inbox_empty());
  CAF_CHECK(!x.tested.has_news());
  (void)x.take();
  CAF_CHECK(!x.tested.has_news());
  x.tested.write_completed();
  CAF_CHECK(x.tested.has_news());
  CHECK_REPORT(x.tested.take_report(), 3, 0, 3);
  CAF_CHECK(!x.tested.has_news());
}

CAF_TEST(what_is_encoded_during_a_write_belongs_to_the_next) {
  line x;
  x.tested.push(texts(2));
  x.encode();
  (void)x.take();
  x.tested.push(texts(5));
  x.encode();
  x.tested.write_completed();
  CHECK_REPORT(x.tested.take_report(), 2, 0, 2);
  (void)x.take();
  x.tested.write_completed();
  CHECK_REPORT(x.tested.take_report(), 7, 0, 7);
}

CAF_TEST(encoding_pauses_at_the_budget_and_goes_on_where_it_was) {
  line x;
  x.tested.push(segment_of({{"one"}, {"two"}, {"three"}}));
  x.tested.push(segment_of({{"four"}}));
  std::string read;
  while (!x.tested.inbox_empty()) {
    CAF_REQUIRE(x.encode(1));
    const auto in = x.read(x.take());
    x.tested.write_completed();
    CAF_REQUIRE_EQUAL(in.messages.size(), 1u);
    read += std::string{in.messages.data(0)} + ' ';
  }
  CAF_CHECK_EQUAL(read, "one two three four ");
  CAF_CHECK(!x.encode(1));
  CHECK_REPORT(x.tested.take_report(), 4, 0, 4);
}

CAF_TEST(a_segment_may_be_a_part_of_its_batch) {
  line x;
  auto part = segment_of({{"a"}, {"b"}, {"c"}, {"d"}});
  part.begin = 1;
  part.end = 3;
  x.tested.push(part);
  const auto in = x.write();
  CAF_REQUIRE_EQUAL(in.messages.size(), 2u);
  CAF_CHECK(in.messages.data(0) == "b" && in.messages.data(1) == "c");
  CHECK_REPORT(x.tested.take_report(), 2, 0, 2);
}

CAF_TEST(messages_bytes_and_kinds_are_counted_as_they_are_encoded) {
  line x;
  x.tested.push(segment_of({{"four"}, {"sixsix", message_kind::binary}, {"\xff"}}));
  x.encode();
  CAF_CHECK_EQUAL(x.tested.messages(), 2u);
  CAF_CHECK_EQUAL(x.tested.bytes(), 10u);
  CAF_CHECK_EQUAL(x.tested.binary(), 1u);
}

// -- refusals -------------------------------------------------------------------------------------

CAF_TEST(messages_that_cannot_be_sent_are_refused_by_their_numbers) {
  line x;
  const auto past = (x.now - 1ns).time_since_epoch().count();
  const auto future = (x.now + 1ns).time_since_epoch().count();
  x.tested.push(segment_of({{"good"},
                            {std::string(max_message_bytes + 1, 'x')},
                            {"late", message_kind::text, past},
                            {"in time", message_kind::text, future},
                            {"\xff\xff"},
                            {"\xff\xff", message_kind::binary}}));
  const auto in = x.write();
  CAF_CHECK_EQUAL(in.messages.size(), 3u);
  const auto report = x.tested.take_report();
  CAF_CHECK_EQUAL(report.written, 6u);
  CAF_REQUIRE_EQUAL(report.refused.size(), 3u);
  CAF_CHECK(report.refused[0].number == 1 && report.refused[0].why == errc::too_big);
  CAF_CHECK(report.refused[1].number == 2 && report.refused[1].why == errc::expired);
  CAF_CHECK(report.refused[2].number == 4 && report.refused[2].why == errc::invalid_message);
  CAF_CHECK(x.tested.take_report().refused.empty());
}

CAF_TEST(a_refusal_is_reported_with_the_write_that_passes_it) {
  line x;
  x.tested.push(segment_of({{"good"}}));
  x.encode();
  (void)x.take();
  x.tested.push(segment_of({{"\xff"}}));
  x.encode();
  x.tested.write_completed();
  CAF_CHECK(x.tested.take_report().refused.empty());
  (void)x.take();
  x.tested.write_completed();
  CAF_CHECK_EQUAL(x.tested.take_report().refused.size(), 1u);
}

CAF_TEST(refusals_that_leave_nothing_to_write_are_reported_all_the_same) {
  line x;
  x.tested.push(segment_of({{"\xff"}, {"\xff"}}));
  CAF_CHECK(x.encode());
  CAF_CHECK(x.client().output().empty());
  x.tested.nothing_to_write();
  CAF_CHECK(x.tested.has_news());
  const auto report = x.tested.take_report();
  CAF_CHECK_EQUAL(report.written, 2u);
  CAF_CHECK_EQUAL(report.refused.size(), 2u);
}

CAF_TEST(after_the_close_frame_nothing_is_encoded_and_nothing_is_refused) {
  line x;
  x.tested.push(texts(1));
  (void)x.write();
  (void)x.tested.take_report();
  x.client().close(1000, "idle");
  x.tested.push(texts(2));
  CAF_CHECK(!x.encode());
  CAF_CHECK(!x.tested.inbox_empty());
  (void)x.take();
  x.tested.write_completed();
  // They never were near the kernel: another connection may have them.
  const auto report = x.tested.take_report();
  CHECK_REPORT(report, 1, 0, 1);
  CAF_CHECK(report.refused.empty());
}

// -- barriers -------------------------------------------------------------------------------------

CAF_TEST(without_a_wish_for_confirmation_there_is_no_ping) {
  line x;
  x.tested.push(texts(5));
  CAF_CHECK(pings(x.write()).empty());
  CAF_CHECK(!x.tested.awaits_pong());
}

CAF_TEST(a_barrier_stands_behind_the_messages_that_it_confirms) {
  line x;
  x.tested.push(texts(5, true));
  const auto in = x.write();
  CAF_CHECK_EQUAL(in.messages.size(), 5u);
  CAF_REQUIRE_EQUAL(pings(in).size(), 1u);
  CHECK_REPORT(x.tested.take_report(), 5, 0, 5);
  x.now += 3ms;
  const auto answered = x.tested.pong(pings(in)[0], x.now);
  CAF_REQUIRE_EQUAL(answered.size(), 1u);
  CAF_CHECK(answered[0].tag == 0 && answered[0].round_trip == 3ms);
  CAF_CHECK(x.tested.has_news());
  CHECK_REPORT(x.tested.take_report(), 5, 5, 5);
}

CAF_TEST(one_barrier_is_under_way_at_a_time_and_the_next_takes_all_that_piled_up) {
  line x;
  x.tested.push(texts(2, true));
  const auto first = pings(x.write());
  CAF_REQUIRE_EQUAL(first.size(), 1u);
  for (int i = 0; i < 3; ++i) {
    x.tested.push(texts(2, true));
    CAF_CHECK(pings(x.write()).empty());
  }
  x.tested.pong(first[0], x.now);
  CHECK_REPORT(x.tested.take_report(), 8, 2, 8);
  const auto second = pings(x.write());
  CAF_REQUIRE_EQUAL(second.size(), 1u);
  CAF_CHECK_NOT_EQUAL(second[0], first[0]);
  x.tested.pong(second[0], x.now);
  CHECK_REPORT(x.tested.take_report(), 8, 8, 8);
  CAF_CHECK(pings(x.write()).empty());
}

CAF_TEST(plain_messages_between_are_confirmed_too_but_bring_no_barrier) {
  line x;
  x.tested.push(texts(1, true));
  const auto first = pings(x.write());
  x.tested.push(texts(4));
  (void)x.write();
  CAF_REQUIRE_EQUAL(first.size(), 1u);
  x.tested.pong(first[0], x.now);
  CAF_CHECK(pings(x.write()).empty());
  CHECK_REPORT(x.tested.take_report(), 5, 1, 5);
}

CAF_TEST(a_pong_may_come_before_the_word_that_its_ping_was_written) {
  line x;
  x.tested.push(texts(3, true));
  x.encode();
  const auto in = x.read(x.take());
  CAF_REQUIRE_EQUAL(pings(in).size(), 1u);
  x.tested.pong(pings(in)[0], x.now);
  CHECK_REPORT(x.tested.take_report(), 3, 3, 3);
  x.tested.write_completed();
  CHECK_REPORT(x.tested.take_report(), 3, 3, 3);
}

CAF_TEST(a_users_ping_that_waits_does_not_hold_a_barrier_back) {
  line x;
  CAF_CHECK(x.tested.ping(x.client(), "user's", 7, x.now) == errc::none);
  x.tested.push(texts(1, true));
  CAF_CHECK_EQUAL(pings(x.write()).size(), 2u);
}

// -- pings and pongs ------------------------------------------------------------------------------

CAF_TEST(a_pong_answers_all_pings_before_it_the_newest_last) {
  line x;
  for (std::uint32_t tag = 5; tag < 8; ++tag) {
    CAF_CHECK(x.tested.ping(x.client(), "p" + std::to_string(tag), tag, x.now) == errc::none);
    x.now += 1ms;
  }
  // RFC 6455 section 5.5.3: a peer may answer only the most recent ping.
  const auto answered = x.tested.pong("p6", x.now);
  CAF_REQUIRE_EQUAL(answered.size(), 2u);
  CAF_CHECK(answered[0].tag == 5 && answered[0].round_trip == 3ms);
  CAF_CHECK(answered[1].tag == 6 && answered[1].round_trip == 2ms);
  CAF_CHECK(x.tested.unanswered() == std::vector<std::uint32_t>{7});
  CAF_CHECK_EQUAL(x.tested.pong("p7", x.now).size(), 1u);
  CAF_CHECK(!x.tested.awaits_pong());
}

CAF_TEST(an_unsolicited_or_repeated_pong_answers_nothing) {
  line x;
  x.tested.push(texts(1, true));
  const auto sent = pings(x.write());
  CAF_REQUIRE_EQUAL(sent.size(), 1u);
  (void)x.tested.take_report();
  CAF_CHECK(x.tested.pong("unasked", x.now).empty());
  CAF_CHECK(x.tested.pong("", x.now).empty());
  CAF_CHECK(!x.tested.has_news());
  CAF_CHECK_EQUAL(x.tested.pong(sent[0], x.now).size(), 1u);
  CAF_CHECK(x.tested.pong(sent[0], x.now).empty());
  CHECK_REPORT(x.tested.take_report(), 1, 1, 1);
}

CAF_TEST(a_users_ping_confirms_what_was_written_before_it) {
  line x;
  x.tested.push(texts(2));
  x.encode();
  CAF_CHECK(x.tested.ping(x.client(), "u", 9, x.now) == errc::none);
  x.tested.push(texts(1));
  (void)x.write();
  (void)x.tested.take_report();
  x.tested.pong("u", x.now);
  CHECK_REPORT(x.tested.take_report(), 3, 2, 3);
}

CAF_TEST(of_pings_with_the_same_payload_a_pong_answers_the_oldest) {
  line x;
  CAF_CHECK(x.tested.ping(x.client(), "same", 5, x.now) == errc::none);
  x.tested.push(texts(4));
  x.encode();
  CAF_CHECK(x.tested.ping(x.client(), "same", 6, x.now) == errc::none);
  (void)x.write();
  // It may be the answer to the first: what was written behind that is not yet known to be read.
  const auto first = x.tested.pong("same", x.now);
  CAF_REQUIRE_EQUAL(first.size(), 1u);
  CAF_CHECK_EQUAL(first[0].tag, 5u);
  CHECK_REPORT(x.tested.take_report(), 4, 0, 4);
  CAF_CHECK_EQUAL(x.tested.pong("same", x.now).size(), 1u);
  CHECK_REPORT(x.tested.take_report(), 4, 4, 4);
}

CAF_TEST(pings_without_a_payload_get_one_of_their_own) {
  line x;
  for (std::uint32_t tag = 2; tag < 4; ++tag)
    CAF_CHECK(x.tested.ping(x.client(), {}, tag, x.now) == errc::none);
  const auto sent = pings(x.write());
  CAF_REQUIRE_EQUAL(sent.size(), 2u);
  CAF_CHECK(!sent[0].empty() && sent[0] != sent[1]);
}

CAF_TEST(pings_are_bounded_in_number_and_size) {
  line x;
  CAF_CHECK(x.tested.ping(x.client(), std::string(126, 'x'), 2, x.now) == errc::too_big);
  CAF_CHECK(!x.tested.awaits_pong());
  for (std::size_t i = 0; i < outbound::max_pings; ++i)
    CAF_REQUIRE(x.tested.ping(x.client(), {}, 2, x.now) == errc::none);
  CAF_CHECK(x.tested.ping(x.client(), {}, 2, x.now) == errc::queue_full);
  CAF_CHECK_EQUAL(x.tested.unanswered().size(), outbound::max_pings);
}

// -- a write that fails ---------------------------------------------------------------------------

CAF_TEST(of_an_abandoned_write_everything_is_in_doubt_and_nothing_behind_it) {
  line x;
  x.tested.push(texts(2));
  (void)x.write();
  x.tested.push(texts(3));
  x.encode();
  (void)x.take();
  x.tested.push(texts(4));
  x.encode();
  x.tested.write_abandoned();
  CHECK_REPORT(x.tested.take_report(), 2, 0, 5);
}

namespace {

rc::Gen<message> any_message() {
  return rc::gen::map(rc::gen::pair(rc::gen::inRange(0, 10), rc::gen::inRange<std::size_t>(0, 300)),
                      [](std::pair<int, std::size_t> what) {
                        switch (what.first) {
                          case 0: // refused
                            return message{std::string(max_message_bytes + 1, 'x')};
                          case 1: // refused
                            return message{"\xff"};
                          case 2:
                          case 3:
                            return message{std::string(what.second, '\x80'), message_kind::binary};
                          default:
                            return message{std::string(what.second, 't')};
                        }
                      });
}

bool is_refused(const message& m) {
  return m.data.size() > max_message_bytes || (m.kind == message_kind::text && m.data == "\xff");
}

/// Where the frames of data messages begin and end in a flight, found by a server that gets it byte
/// by byte.
struct extent {
  std::size_t begin = 0;
  std::size_t end = 0;
};
std::vector<extent> extents(line& x, std::string_view flight) {
  std::vector<extent> result;
  std::size_t frame_begin = 0;
  for (std::size_t i = 0; i < flight.size(); ++i) {
    const auto in = x.read(flight.substr(i, 1));
    if (in.empty())
      continue;
    if (!in.messages.empty())
      result.push_back({frame_begin, i + 1});
    frame_begin = i + 1;
  }
  return result;
}

} // namespace

CAF_TEST(a_write_that_fails_anywhere_is_accounted_for_as_the_peer_sees_it) {
  for (const bool compress : {false, true})
    CAF_CHECK(rc::check("at every offset of a flight", [compress] {
      const auto earlier = *rc::gen::container<std::vector<message>>(any_message());
      const auto messages = *rc::gen::container<std::vector<message>>(any_message());
      const auto ping_at = *rc::gen::inRange<std::size_t>(0, messages.size() + 1);
      const auto doubt = *rc::gen::element<std::size_t>(0, 1, 20, no_budget);

      line x{compress};
      x.tested.push(segment_of(earlier));
      (void)x.write();
      (void)x.tested.take_report();
      for (std::size_t i = 0; i <= messages.size(); ++i) {
        if (i == ping_at)
          RC_ASSERT(x.tested.ping(x.client(), "between", 5, x.now) == errc::none);
        if (i < messages.size())
          x.tested.push(segment_of({messages[i]}));
        x.encode();
      }
      const auto flight = x.take();
      const auto frames = extents(x, flight);

      for (std::size_t taken = 0; taken <= flight.size(); ++taken) {
        auto tested = x.tested;
        tested.write_failed(flight, taken, std::min(doubt, flight.size() - taken));
        const auto report = tested.take_report();
        const auto reach = doubt == no_budget ? flight.size() : taken + doubt;
        // The first message that the peer cannot have whole, and the first that it cannot have
        // a byte of.
        auto written = messages.size();
        auto touched = messages.size();
        for (std::size_t i = messages.size(), frame = frames.size(); i-- > 0;) {
          if (is_refused(messages[i]))
            continue;
          --frame;
          if (frames[frame].end > taken)
            written = i;
          if (frames[frame].end > taken && frames[frame].begin >= reach)
            touched = i;
        }
        RC_ASSERT(report.written == earlier.size() + written);
        RC_ASSERT(report.touched == earlier.size() + touched);
        // Each refusal below what was written is told, and none above.
        std::vector<std::uint64_t> expected;
        for (std::size_t i = 0; i < written; ++i)
          if (is_refused(messages[i]))
            expected.push_back(earlier.size() + i);
        std::vector<std::uint64_t> told;
        for (const auto& r : report.refused)
          told.push_back(r.number);
        RC_ASSERT(told == expected);
      }
    }));
}

} // namespace outbound_test
