// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE codec_deflate

#include "support/unit_test.hpp"

#include "codec_peer.hpp"

#include "protocol/codec_deflate.hpp"

#include <rapidcheck.h>

#include <set>

namespace codec_deflate_test {

using namespace wspool;
using namespace wspool::test;
using namespace std::string_literals;

// permessage-deflate (RFC 7692): what is agreed, and what travels then.

namespace {

constexpr role roles[] = {role::client, role::server};

codec_options compressing(const deflate_options& how = {}) {
  codec_options options;
  options.deflate = how;
  options.deflate.enabled = true;
  options.deflate.minimum_bytes = 0;
  return options;
}

std::string answer_to(std::string_view answer, const deflate_options& offered,
                      detail::deflate_agreement& agreed) {
  return detail::check_deflate_answer(answer, offered, agreed).detail;
}

// Words that repeat, and noise.
std::string prose(std::size_t size, unsigned seed) {
  constexpr std::string_view words[] = {"pool ", "socket ", "frame ", "é€ ", "x", "0123456789 "};
  std::string s;
  while (s.size() < size) {
    seed = seed * 1'664'525 + 1'013'904'223;
    if (seed >> 29 == 0)
      s.append(3, static_cast<char>('A' + (seed >> 16 & 15)));
    else
      s += words[(seed >> 20) % std::size(words)];
  }
  return s;
}

deflate_options on() {
  deflate_options options;
  options.enabled = true;
  return options;
}

} // namespace

// -- negotiation ---------------------------------------------------------------------------------

CAF_TEST(compression_is_used_if_both_sides_want_it) {
  for (const bool client : {false, true})
    for (const bool server : {false, true}) {
      duo d{client ? compressing() : codec_options{}, server ? compressing() : codec_options{}};
      CAF_CHECK(d.open());
      CAF_CHECK_EQUAL(d.client.deflate(), client && server);
      CAF_CHECK_EQUAL(d.server.deflate(), client && server);
    }
}

CAF_TEST(an_answer_must_fit_the_offer) {
  struct {
    const char* answer;
    const char* broken; // empty: fine
  } const cases[] = {
    {"permessage-deflate", ""},
    {"permessage-deflate; server_max_window_bits=12", ""},
    {"PerMessage-Deflate; client_max_window_bits=\"9\"; client_no_context_takeover", ""},
    {"permessage-deflate; server_max_window_bits", "server_max_window_bits must be 8 to 15"},
    {"permessage-deflate; server_max_window_bits=16", "8 to 15, not \"16\""},
    {"permessage-deflate; server_max_window_bits=08", "8 to 15"},
    {"permessage-deflate; client_max_window_bits", "client_max_window_bits must be 8 to 15"},
    {"permessage-deflate; client_max_window_bits=9; client_max_window_bits=9", "appears twice"},
    {"permessage-deflate; server_no_context_takeover=1", "takes no value"},
    {"permessage-deflate; speed=9", "unknown parameter \"speed\""},
    {"permessage-deflate, permessage-deflate", "appears twice"},
    {"permessage-deflate; server_no_context_takeover, x-other", "\"x-other\""},
    {"permessage-bzip2", "\"permessage-bzip2\""},
  };
  for (const auto& c : cases) {
    CAF_MESSAGE(c.answer);
    detail::deflate_agreement agreed;
    const auto broken = answer_to(c.answer, on(), agreed);
    if (*c.broken == '\0') {
      CAF_CHECK_EQUAL(broken, "");
      CAF_CHECK(!agreed.extension.empty());
    } else {
      CAF_CHECK(broken.find(c.broken) != std::string::npos);
    }
  }
}

CAF_TEST(what_the_offer_insists_on_must_be_granted) {
  detail::deflate_agreement agreed;
  auto small = on();
  small.server_window_bits = 10;
  CAF_CHECK_NOT_EQUAL(answer_to("permessage-deflate", small, agreed), "");
  const std::string bits = "permessage-deflate; server_max_window_bits=";
  CAF_CHECK_NOT_EQUAL(answer_to(bits + "11", small, agreed), "");
  CAF_CHECK_EQUAL(answer_to(bits + "10", small, agreed), "");
  auto fresh = on();
  fresh.server_context_takeover = false;
  CAF_CHECK_NOT_EQUAL(answer_to("permessage-deflate", fresh, agreed), "");
  CAF_CHECK_EQUAL(answer_to("permessage-deflate; server_no_context_takeover", fresh, agreed), "");
}

CAF_TEST(what_the_offer_promised_holds_whatever_the_answer_says) {
  detail::deflate_agreement agreed;
  auto modest = on();
  modest.client_window_bits = 10;
  modest.client_context_takeover = false;
  CAF_CHECK_EQUAL(answer_to("permessage-deflate", modest, agreed), "");
  CAF_CHECK_EQUAL(agreed.extension, "permessage-deflate; client_max_window_bits=10; "
                                    "client_no_context_takeover");
  CAF_CHECK_EQUAL(answer_to("permessage-deflate; client_max_window_bits=9", modest, agreed), "");
  CAF_CHECK(agreed.extension.find("client_max_window_bits=9") != std::string::npos);
  CAF_CHECK(agreed.may_compress);
  // A window of 256 bytes cannot be kept to, but nobody has to compress.
  CAF_CHECK_EQUAL(answer_to("permessage-deflate; client_max_window_bits=8", modest, agreed), "");
  CAF_CHECK(!agreed.may_compress);
}

CAF_TEST(a_server_takes_the_first_offer_that_it_can_keep_to) {
  struct {
    const char* offers;
    const char* chosen;
  } const cases[] = {
    {"", ""},
    {"x-webkit-deflate-frame", ""},
    {"permessage-deflate", "permessage-deflate"},
    {"x-other; a=b, permessage-deflate; client_max_window_bits",
     "permessage-deflate; client_max_window_bits"},
    {"permessage-deflate; server_max_window_bits=8, permessage-deflate", "permessage-deflate"},
    {"permessage-deflate; nonsense, permessage-deflate; server_no_context_takeover",
     "permessage-deflate; server_no_context_takeover"},
    {"permessage-deflate; server_max_window_bits=7", ""},
    {"permessage-deflate; client_max_window_bits, x-other",
     "permessage-deflate; client_max_window_bits"},
    {"permessage-deflate; server_max_window_bits=\"1,2\", ,;, "
     "permessage-deflate;client_max_window_bits= 9",
     "permessage-deflate; client_max_window_bits=9"},
    {"permessage-deflate; client_max_window_bits=12; server_max_window_bits=\"11\"",
     "permessage-deflate; server_max_window_bits=11; client_max_window_bits=12"},
  };
  for (const auto& c : cases) {
    CAF_MESSAGE(c.offers);
    CAF_CHECK_EQUAL(detail::choose_deflate_offer(c.offers, on()).extension, c.chosen);
    CAF_CHECK_EQUAL(detail::choose_deflate_offer(c.offers, {}).extension, "");
  }
  auto small = on();
  small.client_window_bits = 10; // cannot be asked of a client that did not offer it
  CAF_CHECK_EQUAL(detail::choose_deflate_offer("permessage-deflate", small).extension, "");
  CAF_CHECK_EQUAL(detail::choose_deflate_offer(
                    "permessage-deflate, permessage-deflate; client_max_window_bits", small)
                    .extension,
                  "permessage-deflate; client_max_window_bits");
}

// -- messages ------------------------------------------------------------------------------------

CAF_TEST(the_examples_of_the_rfc_are_read) {
  const std::pair<const char*, std::string> examples[] = {
    // RFC 7692 §7.2.3
    {"one block", "\xf2\x48\xcd\xc9\xc9\x07\x00"s},
    {"no compression", "\x00\x05\x00\xfa\xff\x48\x65\x6c\x6c\x6f\x00"s},
    {"two blocks", "\xf2\x48\x05\x00\x00\x00\xff\xff\xca\xc9\xc9\x07\x00"s},
  };
  const std::vector<std::string> expected{"text:Hello", "binary:plain"};
  for (const auto r : roles)
    for (const auto& [what, payload] : examples) {
      CAF_MESSAGE(what);
      const auto s = opposite(r);
      const auto whole = frame(s, fin | rsv1 | 1, payload);
      const auto pieces = frame(s, rsv1 | 1, payload.substr(0, 3)) + frame(s, 0, "")
                          + frame(s, fin | 9, "p") + frame(s, fin, payload.substr(3));
      for (const auto& wire : {whole, pieces})
        for (const std::vector<std::size_t>& split : {std::vector<std::size_t>{}, {1}}) {
          auto c = opened(r, compressing());
          decoded out;
          feed_in_pieces(c, wire + frame(s, fin | 2, "plain"), split, out);
          CAF_CHECK(texts(out.messages) == expected);
          CAF_CHECK_EQUAL(c.state(), codec::phase::open);
        }
    }
}

CAF_TEST(the_window_is_kept_between_messages_if_that_was_agreed) {
  for (const auto r : roles)
    for (const bool takeover : {true, false}) {
      deflate_options how;
      how.client_context_takeover = takeover;
      how.server_context_takeover = takeover;
      duo d{compressing(how), compressing(how)};
      CAF_REQUIRE(d.open());
      CAF_CHECK(d.end(r).write("Hello", message_kind::text) == errc::none);
      CAF_CHECK(d.end(r).write("Hello", message_kind::text) == errc::none);
      const auto frames = frames_of(d.end(r).output());
      CAF_REQUIRE(frames && frames->size() == 2);
      CAF_CHECK_EQUAL((*frames)[0].first, 0xc1u);
      CAF_CHECK_EQUAL((*frames)[0].payload, "\xf2\x48\xcd\xc9\xc9\x07\x00"s);
      CAF_CHECK_EQUAL((*frames)[1].payload,
                      takeover ? "\xf2\x00\x11\x00\x00"s : "\xf2\x48\xcd\xc9\xc9\x07\x00"s);
    }
}

CAF_TEST(each_message_may_choose_and_small_ones_travel_as_they_are) {
  auto options = compressing();
  options.deflate.minimum_bytes = 100;
  auto c = opened(role::server, options);
  const std::string large(100, 'x');
  CAF_CHECK(c.write("small", message_kind::text) == errc::none);
  CAF_CHECK(c.write("small", message_kind::text, compression::always) == errc::none);
  CAF_CHECK(c.write(large, message_kind::text) == errc::none);
  CAF_CHECK(c.write(large, message_kind::text, compression::never) == errc::none);
  CAF_CHECK(c.write("", message_kind::text, compression::always) == errc::none);
  const auto frames = frames_of(c.output());
  CAF_REQUIRE(frames && frames->size() == 5);
  const unsigned expected[] = {0x81, 0xc1, 0xc1, 0x81, 0x81};
  for (std::size_t i = 0; i < 5; ++i)
    CAF_CHECK_EQUAL((*frames)[i].first, expected[i]);
}

CAF_TEST(each_frame_has_a_mask_that_was_not_there_before) {
  auto c = opened(role::client, compressing());
  std::set<std::string> masks;
  constexpr std::size_t messages = 300; // Beast's own come again after sixteen
  for (std::size_t i = 0; i < messages; ++i) {
    CAF_REQUIRE_EQUAL(name_of(c.write("Hello", message_kind::text)), "none");
    const auto frame = std::exchange(c.output(), {});
    masks.insert(frame.substr(detail::read_header(frame.data()).head - 4u, 4));
  }
  // Of 32 bits each: that two are equal happens once in 100,000 runs, three times hardly ever.
  CAF_CHECK(masks.size() >= messages - 2);
}

CAF_TEST(compressed_messages_survive_any_parameters_and_any_split) {
  for (const auto writer : roles)
    CAF_CHECK(rc::check("compressed round trip", [writer] {
      deflate_options how;
      how.client_window_bits = *rc::gen::element(9, 10, 12, 15);
      how.server_window_bits = *rc::gen::element(9, 11, 15);
      how.client_context_takeover = *rc::gen::arbitrary<bool>();
      how.server_context_takeover = *rc::gen::arbitrary<bool>();
      how.level = *rc::gen::inRange(0, 10);
      duo d{compressing(how), compressing(how)};
      RC_ASSERT(d.open());
      RC_ASSERT(d.client.deflate() && d.server.deflate());
      std::vector<std::string> expected;
      const auto count = *rc::gen::inRange(1, 8);
      for (int i = 0; i < count; ++i) {
        const auto size = *rc::gen::weightedOneOf<std::size_t>(
          {{4, rc::gen::inRange<std::size_t>(0, 300)},
           {2, rc::gen::inRange<std::size_t>(0, 40'000)},
           {1, rc::gen::element<std::size_t>(0, 1, 65'535, 200'000)}});
        const bool even = *rc::gen::arbitrary<bool>(); // runs compress beyond all measure
        const auto text = even ? std::string(size, static_cast<char>('a' + i))
                               : prose(size, *rc::gen::arbitrary<unsigned>());
        const auto mode =
          *rc::gen::element(compression::automatic, compression::always, compression::never);
        RC_ASSERT(d.end(writer).write(text, message_kind::text, mode) == errc::none);
        expected.push_back("text:" + text);
      }
      const auto pieces =
        *rc::gen::container<std::vector<std::size_t>>(rc::gen::inRange<std::size_t>(1, 5'000));
      decoded out;
      feed_in_pieces(d.other(writer), d.end(writer).output(), pieces, out);
      RC_ASSERT(d.other(writer).error().message() == failure{}.message());
      RC_ASSERT(texts(out.messages) == expected);
    }));
}

CAF_TEST(runs_of_every_length_survive_with_the_window_kept) {
  // Where a message's end and a full buffer coincide, an inflater is easily put out of step.
  for (const auto r : roles) {
    duo d{compressing(), compressing()};
    CAF_REQUIRE(d.open());
    decoded out;
    std::size_t wrong = 0;
    for (std::size_t size = 1; size < 200'000; size += size < 6'000 ? 7 : 4'099) {
      const std::string text(size, static_cast<char>('a' + size % 26));
      CAF_REQUIRE(d.end(r).write(text, message_kind::text) == errc::none);
      out.clear();
      d.other(r).feed(std::exchange(d.end(r).output(), {}), out);
      wrong += out.messages.size() != 1 || out.messages.data(0) != text;
    }
    CAF_CHECK_EQUAL(wrong, 0u);
  }
}

CAF_TEST(a_bomb_is_refused_before_it_unfolds) {
  for (const auto r : roles) {
    auto lavish = compressing();
    lavish.limits.max_message_bytes = 64 * 1024 * 1024;
    auto frugal = compressing();
    frugal.limits.max_message_bytes = 1'000'000;
    duo d{r == role::client ? lavish : frugal, r == role::client ? frugal : lavish};
    CAF_REQUIRE(d.open());
    CAF_REQUIRE(d.end(r).write(std::string(20'000'000, '\0'), message_kind::binary) == errc::none);
    CAF_CHECK(d.end(r).output().size() < 100'000);
    auto& target = d.other(r);
    decoded out;
    target.feed(d.end(r).output(), out);
    CAF_CHECK_EQUAL(target.state(), codec::phase::failed);
    CAF_CHECK_EQUAL(name_of(target.error().code), "message_too_big");
    CAF_CHECK_EQUAL(target.closed_by().code, 1009);
    CAF_CHECK(out.messages.empty());
    CAF_CHECK(out.messages.bytes().capacity() < 4'000'000);
    const auto frames = frames_of(target.output());
    CAF_REQUIRE(frames && frames->size() == 1);
    CAF_CHECK_EQUAL((*frames)[0].code(), 1009u);
  }
}

CAF_TEST(a_compressed_message_is_bounded_while_it_comes_in) {
  auto options = compressing();
  options.limits.max_message_bytes = 10'000;
  for (const auto r : roles) {
    const auto s = opposite(r);
    auto one = opened(r, options); // by its header
    decoded out;
    const auto large = frame(s, fin | rsv1 | 2, std::string(70'000, 'x'));
    one.feed(std::string_view{large}.substr(0, 20), out);
    CAF_CHECK_EQUAL(one.closed_by().code, 1009);
    auto many = opened(r, options); // by its fragments
    many.feed(frame(s, rsv1 | 2, "x"), out);
    for (int i = 0; i < 20'000 && many.state() == codec::phase::open; ++i)
      many.feed(frame(s, 0, "x"), out);
    CAF_CHECK_EQUAL(many.closed_by().code, 1009);
  }
}

CAF_TEST(broken_compression_ends_the_connection) {
  struct {
    const char* what;
    std::string (*wire)(role sender);
    unsigned code;
  } const cases[] = {
    {"an invalid block", [](role s) { return frame(s, fin | rsv1 | 1, "\xff\xff\xff\xff"); }, 1007},
    {"a block with BFINAL", // RFC 7692 §7.2.3.4 allows it, Beast's inflater does not
     [](role s) { return frame(s, fin | rsv1 | 1, "\xf3\x48\xcd\xc9\xc9\x07\x00"s); }, 1007},
    {"text that is not UTF-8",
     [](role s) { return frame(s, fin | rsv1 | 1, "\x00\x01\x00\xfe\xff\xff\x00"s); }, 1007},
    {"RSV1 on a continuation",
     [](role s) { return frame(s, rsv1 | 1, "\xf2\x48") + frame(s, fin | rsv1, "x"); }, 1002},
    {"a new message within",
     [](role s) { return frame(s, rsv1 | 1, "\xf2\x48") + frame(s, fin | 1, "x"); }, 1002},
    {"a wrong mask within",
     [](role s) { return frame(s, rsv1 | 1, "\xf2\x48") + frame(opposite(s), fin, "x"); }, 1002},
    {"RSV1 within an uncompressed message",
     [](role s) { return frame(s, 1, "a") + frame(s, fin | rsv1, "x"); }, 1002},
    {"RSV1 and RSV2", [](role s) { return frame(s, fin | rsv1 | 0x20 | 1, "x"); }, 1002},
    {"an invalid ping within",
     [](role s) { return frame(s, rsv1 | 1, "\xf2\x48") + frame(s, fin | rsv1 | 9, "x"); }, 1002},
  };
  for (const auto& o : cases)
    for (const auto r : roles)
      for (const std::vector<std::size_t>& pieces : {std::vector<std::size_t>{}, {1}}) {
        CAF_MESSAGE(o.what);
        auto c = opened(r, compressing());
        decoded out;
        feed_in_pieces(c, o.wire(opposite(r)), pieces, out);
        CAF_CHECK_EQUAL(c.state(), codec::phase::failed);
        CAF_CHECK_EQUAL(c.closed_by().code, o.code);
        CAF_CHECK(out.messages.empty() && out.messages.bytes().empty());
        const auto frames = frames_of(c.output());
        CAF_REQUIRE(frames && frames->size() == 1);
        CAF_CHECK_EQUAL((*frames)[0].code(), o.code);
      }
}

CAF_TEST(a_close_within_a_compressed_message_is_answered) {
  for (const auto r : roles) {
    auto c = opened(r, compressing());
    decoded out;
    c.feed(frame(opposite(r), rsv1 | 1, "\xf2\x48")
             + frame(opposite(r), fin | 8, close_payload(1001)),
           out);
    CAF_CHECK_EQUAL(c.state(), codec::phase::closed);
    CAF_CHECK_EQUAL(c.closed_by().code, 1001);
  }
}

} // namespace codec_deflate_test
