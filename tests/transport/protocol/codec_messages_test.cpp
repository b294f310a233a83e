// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE codec_messages

#include "support/unit_test.hpp"

#include "codec_peer.hpp"

#include <rapidcheck.h>

namespace codec_messages_test {

using namespace wspool;
using namespace wspool::test;

// Messages come out as they went in, in order, however the stream of bytes is cut.

namespace {

constexpr role roles[] = {role::client, role::server};

// Around every boundary of RFC 6455 §5.2 and of the buffers inside.
constexpr std::size_t sizes[] = {0,     1,      2,      64,     125,    126,    127,   511,
                                 512,   513,    1'023,  1'024,  1'025,  1'530,  1'536, 1'537,
                                 4'096, 16'384, 65'535, 65'536, 65'537, 150'000};

struct sample {
  std::string data;
  message_kind kind = message_kind::text;
};

std::string text_of(std::size_t size, unsigned seed) {
  constexpr std::string_view pieces[] = {"a", "Z", "é", "€", "😀", " ", "0"};
  std::string s;
  while (s.size() + 4 <= size)
    s += pieces[(seed = seed * 1'103'515'245 + 12'345) >> 16 & 0xff ? (seed >> 20) % 7 : 0];
  s.append(size - s.size(), '.');
  return s;
}

// How RapidCheck prints one.
[[maybe_unused]] void showValue(const sample& s, std::ostream& os) {
  os << (s.kind == message_kind::binary ? "binary" : "text") << " of " << s.data.size();
}

rc::Gen<sample> any_sample() {
  return rc::gen::map(
    rc::gen::tuple(
      rc::gen::weightedOneOf<std::size_t>(
        {{6, rc::gen::inRange<std::size_t>(0, 200)},
         {1, rc::gen::elementOf(std::vector<std::size_t>(std::begin(sizes), std::end(sizes)))}}),
      rc::gen::arbitrary<bool>(), rc::gen::arbitrary<unsigned>()),
    [](const std::tuple<std::size_t, bool, unsigned>& t) {
      const auto [size, binary, seed] = t;
      if (!binary)
        return sample{text_of(size, seed), message_kind::text};
      std::string bytes(size, '\0');
      auto x = seed;
      for (auto& b : bytes)
        b = static_cast<char>((x = x * 1'664'525 + 1'013'904'223) >> 24);
      return sample{bytes, message_kind::binary};
    });
}

rc::Gen<std::vector<std::size_t>> any_pieces() {
  return rc::gen::container<std::vector<std::size_t>>(
    rc::gen::oneOf(rc::gen::inRange<std::size_t>(1, 20), rc::gen::inRange<std::size_t>(1, 3'000)));
}

std::string described(const sample& s) {
  return (s.kind == message_kind::binary ? "binary:" : "text:") + s.data;
}

std::vector<std::string> described(const std::vector<sample>& samples) {
  std::vector<std::string> result;
  for (const auto& s : samples)
    result.push_back(described(s));
  return result;
}

} // namespace

CAF_TEST(what_one_side_writes_the_other_reads_over_any_split) {
  for (const auto writer : roles)
    CAF_CHECK(rc::check("round trip", [writer] {
      const auto samples = *rc::gen::container<std::vector<sample>>(any_sample());
      const auto pieces = *any_pieces();
      duo d;
      RC_ASSERT(d.open());
      auto& from = d.end(writer);
      auto& to = d.other(writer);
      decoded out;
      for (const auto& s : samples)
        RC_ASSERT(from.write(s.data, s.kind) == errc::none);
      feed_in_pieces(to, from.output(), pieces, out);
      RC_ASSERT(texts(out.messages) == described(samples));
      RC_ASSERT(out.messages.valid());
      RC_ASSERT(to.state() == codec::phase::open);
      RC_ASSERT(to.output().empty());
    }));
}

CAF_TEST(every_size_survives_whole_and_byte_by_byte) {
  for (const auto r : roles)
    for (const auto size : sizes) {
      const auto text = text_of(size, 1);
      const auto wire = frame(opposite(r), fin | 1, text) + frame(opposite(r), fin | 2, text);
      const std::vector<std::string> expected{"text:" + text, "binary:" + text};
      for (const std::vector<std::size_t>& pieces :
           {std::vector<std::size_t>{}, {1}, {7}, {1'500, 1}}) {
        auto c = opened(r);
        decoded out;
        feed_in_pieces(c, wire, pieces, out);
        CAF_CHECK(texts(out.messages) == expected);
      }
    }
}

CAF_TEST(fragments_with_control_frames_between_them_make_one_message) {
  for (const auto r : roles)
    CAF_CHECK(rc::check("fragments", [r] {
      const auto s = opposite(r);
      // Empty fragments in all places, text cut in the midst of characters.
      const auto parts = *rc::gen::container<std::vector<std::size_t>>(
        rc::gen::weightedOneOf<std::size_t>({{2, rc::gen::just<std::size_t>(0)},
                                             {5, rc::gen::inRange<std::size_t>(1, 40)},
                                             {1, rc::gen::inRange<std::size_t>(1, 3'000)}}));
      const auto text = text_of(*rc::gen::inRange<std::size_t>(0, 5'000), 3);
      std::string wire;
      std::size_t at = 0;
      std::vector<std::string> pings;
      unsigned char opcode = 1;
      for (const auto n : parts) {
        wire += frame(s, opcode, text.substr(std::min(at, text.size()), n));
        opcode = 0;
        at += n;
        if (*rc::gen::arbitrary<bool>()) {
          pings.push_back("ping " + std::to_string(at));
          wire += frame(s, fin | 9, pings.back());
        }
      }
      wire += frame(s, fin | opcode, text.substr(std::min(at, text.size())));
      wire += frame(s, fin | 2, "next");
      auto c = opened(r);
      decoded out;
      feed_in_pieces(c, wire, *any_pieces(), out);
      RC_ASSERT(c.state() == codec::phase::open);
      RC_ASSERT(texts(out.messages) == (std::vector<std::string>{"text:" + text, "binary:next"}));
      RC_ASSERT(out.controls.size() == pings.size());
      const auto answers = frames_of(c.output());
      RC_ASSERT(answers && answers->size() == pings.size());
      for (std::size_t i = 0; i < pings.size(); ++i) {
        RC_ASSERT(out.controls[i].is_ping);
        RC_ASSERT(out.controls[i].payload == pings[i]);
        RC_ASSERT((*answers)[i].first == 0x8au);
        RC_ASSERT((*answers)[i].masked == (r == role::client));
        RC_ASSERT((*answers)[i].payload == pings[i]);
      }
    }));
}

CAF_TEST(pings_of_all_sizes_are_answered_and_pongs_are_told) {
  for (const auto r : roles) {
    duo d;
    CAF_REQUIRE(d.open());
    auto& from = d.end(r);
    auto& to = d.other(r);
    CAF_CHECK(from.ping("") == errc::none);
    CAF_CHECK(from.ping(std::string(125, 'p')) == errc::none);
    CAF_CHECK(from.ping(std::string(126, 'p')) == errc::too_big);
    CAF_CHECK(from.pong("unasked") == errc::none);
    CAF_CHECK(from.pong(std::string(126, 'p')) == errc::too_big);
    decoded out;
    to.feed(from.output(), out);
    CAF_REQUIRE_EQUAL(out.controls.size(), 3u);
    CAF_CHECK(out.controls[0].is_ping);
    CAF_CHECK_EQUAL(out.controls[1].payload, std::string(125, 'p'));
    CAF_CHECK(!out.controls[2].is_ping);
    CAF_CHECK_EQUAL(out.controls[2].payload, "unasked");
    decoded back;
    from.feed(to.output(), back);
    CAF_REQUIRE_EQUAL(back.controls.size(), 2u);
    CAF_CHECK(!back.controls[0].is_ping);
    CAF_CHECK_EQUAL(back.controls[1].payload, std::string(125, 'p'));
  }
}

CAF_TEST(text_that_is_not_utf8_is_not_written) {
  for (const auto r : roles) {
    auto c = opened(r);
    CAF_CHECK(c.write("a\xff", message_kind::text) == errc::invalid_message);
    CAF_CHECK(c.write("\xe2\x82", message_kind::text) == errc::invalid_message);
    CAF_CHECK(c.output().empty());
    CAF_CHECK(c.write("a\xff", message_kind::binary) == errc::none);
    CAF_CHECK(!c.output().empty());
  }
}

CAF_TEST(a_message_above_the_limit_is_not_written) {
  codec_options options;
  options.limits.max_message_bytes = 10;
  for (const auto r : roles) {
    auto c = opened(r, options);
    CAF_CHECK(c.write("0123456789a", message_kind::text) == errc::too_big);
    CAF_CHECK(c.output().empty());
    CAF_CHECK(c.write("0123456789", message_kind::text) == errc::none);
  }
}

CAF_TEST(messages_are_appended_behind_those_that_are_there) {
  for (const auto r : roles) {
    auto c = opened(r);
    decoded out;
    const auto s = opposite(r);
    const std::string large(20'000, 'x');
    c.feed(frame(s, fin | 1, "one") + frame(s, 1, large), out);
    c.feed(frame(s, fin, "!") + frame(s, fin | 2, "three"), out);
    CAF_CHECK(texts(out.messages)
              == std::vector<std::string>({"text:one", "text:" + large + '!', "binary:three"}));
    out.clear();
    // Into another batch than the one that the message began with.
    c.feed(frame(s, 2, large), out);
    CAF_CHECK(out.messages.empty());
    CAF_CHECK(out.messages.bytes().empty());
    decoded other;
    c.feed(frame(s, fin, "?"), other);
    CAF_CHECK(texts(other.messages) == std::vector<std::string>({"binary:" + large + '?'}));
  }
}

CAF_TEST(a_message_in_65537_fragments_is_read) {
  for (const auto r : roles) {
    std::string wire = frame(opposite(r), 1, "x");
    for (int i = 0; i < 65'535; ++i)
      wire += frame(opposite(r), 0, "x");
    wire += frame(opposite(r), fin, "x");
    auto c = opened(r);
    decoded out;
    feed_in_pieces(c, wire, {4'096}, out);
    CAF_REQUIRE_EQUAL(out.messages.size(), 1u);
    CAF_CHECK(out.messages.data(0) == std::string(65'537, 'x'));
  }
}

CAF_TEST(a_large_message_streams_through) {
  codec_options options;
  options.limits.max_message_bytes = 64 * 1024 * 1024;
  const std::string large(options.limits.max_message_bytes, 'm');
  for (const auto writer : roles) {
    duo d{options, options};
    CAF_REQUIRE(d.open());
    auto& from = d.end(writer);
    CAF_REQUIRE(from.write(large, message_kind::text) == errc::none);
    decoded out;
    std::string_view wire = from.output();
    for (; wire.size() > 64 * 1024; wire.remove_prefix(64 * 1024))
      d.other(writer).feed(wire.substr(0, 64 * 1024), out);
    CAF_CHECK(out.messages.bytes().empty());
    d.other(writer).feed(wire, out);
    CAF_REQUIRE_EQUAL(out.messages.size(), 1u);
    CAF_CHECK(out.messages.data(0) == large);
  }
}

CAF_TEST(connections_of_a_thread_do_not_meet_in_the_midst_of_their_messages) {
  CAF_CHECK(rc::check([] {
    struct receiver {
      codec side;
      std::string wire;
      std::vector<std::string> expected;
      decoded out;
    };
    std::vector<receiver> all;
    const auto count = *rc::gen::inRange(2, 40); // more than a thread keeps streams
    for (int i = 0; i < count; ++i) {
      const auto r = *rc::gen::elementOf(std::vector<role>(std::begin(roles), std::end(roles)));
      all.push_back({opened(r), {}, {}, {}});
      for (const auto& each : *rc::gen::container<std::vector<sample>>(2, any_sample())) {
        const bool binary = each.kind == message_kind::binary || each.data.size() > 5'000;
        const auto sender = opposite(r);
        const auto data = std::string_view{each.data}.substr(0, 5'000);
        const auto middle = data.size() / 2;
        all.back().wire += frame(sender, binary ? 2 : 1, data.substr(0, middle))
                           + frame(sender, fin, data.substr(middle));
        all.back().expected.push_back((binary ? "binary:" : "text:") + std::string{data});
      }
    }
    const auto piece = *rc::gen::elementOf(std::vector<std::size_t>{1, 7, 100, 3'000});
    for (bool more = true; more;) {
      more = false;
      for (auto& x : all) {
        const auto n = std::min(x.wire.size(), piece * (1 + x.wire.size() % 3));
        x.side.feed(std::string{x.wire.substr(0, n)}, x.out);
        x.wire.erase(0, n);
        more = more || !x.wire.empty();
      }
    }
    for (auto& x : all) {
      RC_ASSERT(x.side.state() == codec::phase::open);
      RC_ASSERT(texts(x.out.messages) == x.expected);
    }
  }));
}

CAF_TEST(a_codec_goes_on_working_after_it_was_moved) {
  for (const auto r : roles) {
    auto first = opened(r);
    decoded out;
    const auto wire = frame(opposite(r), fin | 1, "0123456789");
    first.feed(std::string_view{wire}.substr(0, 9), out);
    codec second{std::move(first)};
    second.feed(std::string_view{wire}.substr(9), out);
    CAF_CHECK(texts(out.messages) == std::vector<std::string>({"text:0123456789"}));
    CAF_CHECK(second.write("x", message_kind::text) == errc::none);
  }
}

CAF_TEST(what_was_framed_once_is_what_a_server_would_have_written) {
  for (const auto size : sizes)
    for (const auto kind : {message_kind::text, message_kind::binary}) {
      auto one = opened(role::server);
      auto other = opened(role::server);
      const auto text = text_of(size, 7);
      std::string frames;
      append_server_frame(frames, text, kind);
      CAF_CHECK(one.write(text, kind) == errc::none);
      CAF_CHECK(other.write_framed(frames) == errc::none);
      CAF_CHECK(one.output() == other.output());
      CAF_CHECK(frame(role::server, kind == message_kind::text ? fin | 1 : fin | 2, text)
                == frames);
    }
}

CAF_TEST(a_client_and_a_codec_that_is_not_open_take_nothing_framed) {
  auto client = opened(role::client);
  CAF_CHECK(client.write_framed("\x81\x01x") == errc::closed);
  CAF_CHECK(client.output().empty());
  auto closing = opened(role::server);
  closing.close(1000, {});
  const auto before = closing.output();
  CAF_CHECK(closing.write_framed("\x81\x01x") == errc::closed);
  CAF_CHECK_EQUAL(closing.output(), before);
}

} // namespace codec_messages_test
