// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE codec_shared_deflate

#include "support/unit_test.hpp"

#include "codec_peer.hpp"

#include <rapidcheck.h>

namespace codec_shared_deflate_test {

using namespace wspool;
using namespace wspool::test;

// What a server compresses once for many, among what a connection compresses for itself.

namespace {

codec_options compressing(int server_window_bits = 15, bool takeover = true) {
  codec_options options;
  options.deflate.enabled = true;
  options.deflate.minimum_bytes = 0;
  options.deflate.server_window_bits = server_window_bits;
  options.deflate.server_context_takeover = takeover;
  return options;
}

std::string shared(std::string_view data, const deflate_terms& terms) {
  std::string frame;
  append_deflated_frame(frame, data, message_kind::text, terms);
  return frame;
}

// Phrases of a small stock: messages have much in common, near and far.
std::string phrases(std::size_t size, unsigned seed) {
  std::string s;
  while (s.size() < size) {
    seed = seed * 1'664'525 + 1'013'904'223;
    s.append("phrase ").append(std::to_string(seed >> 26)).append(seed >> 29, '.');
  }
  s.resize(size);
  return s;
}

} // namespace

CAF_TEST(a_connection_says_what_it_compresses_with) {
  struct {
    int of_server;
    int of_client;
    int agreed;
  } const cases[] = {{15, 15, 15}, {12, 15, 12}, {15, 10, 10}, {9, 11, 9}, {11, 9, 9}};
  for (const auto& c : cases) {
    auto options = compressing(c.of_server);
    options.deflate.level = 3;
    duo d{compressing(c.of_client), options};
    CAF_REQUIRE(d.open());
    CAF_CHECK_EQUAL(d.server.terms().window_bits, c.agreed);
    CAF_CHECK_EQUAL(d.server.terms().level, 3);
    CAF_CHECK_EQUAL(d.client.terms().window_bits, 15);
  }
}

CAF_TEST(a_connection_says_which_messages_it_compresses) {
  auto options = compressing();
  options.deflate.minimum_bytes = 100;
  const auto with = opened(role::server, options);
  CAF_CHECK(with.compresses(100, compression::automatic));
  CAF_CHECK(!with.compresses(99, compression::automatic));
  CAF_CHECK(with.compresses(1, compression::always));
  CAF_CHECK(!with.compresses(0, compression::always));
  CAF_CHECK(!with.compresses(100'000, compression::never));
  options.deflate.enabled = false;
  CAF_CHECK(!opened(role::server, options).compresses(1'000, compression::always));
}

CAF_TEST(behind_a_shared_message_a_connection_refers_to_nothing_before_it) {
  duo d{compressing(), compressing()};
  CAF_REQUIRE(d.open());
  const auto text = phrases(2'000, 1);
  const auto frame = shared(text, d.server.terms());
  const auto own = [&] {
    CAF_REQUIRE(d.server.write(text, message_kind::text) == errc::none);
    const auto size = d.server.output().size();
    d.to_client();
    return size;
  };
  const auto first = own();
  const auto second = own();
  CAF_CHECK(second * 4 < first); // it is the same again
  CAF_REQUIRE(d.server.write_deflated(frame) == errc::none);
  d.to_client();
  CAF_CHECK_EQUAL(own(), first); // although the client knows it well
  CAF_CHECK_EQUAL(own(), second);
  CAF_CHECK(texts(d.at_client.messages) == std::vector<std::string>(5, "text:" + text));
}

CAF_TEST(a_shared_message_is_one_frame_with_the_first_reserved_bit) {
  for (const std::size_t size : {1u, 100u, 5'000u, 300'000u}) {
    const auto frames = frames_of(shared(phrases(size, 7), {}));
    CAF_REQUIRE(frames && frames->size() == 1);
    CAF_CHECK_EQUAL(frames->front().first, unsigned{fin | rsv1 | 1});
    CAF_CHECK(!frames->front().masked);
  }
}

CAF_TEST(a_client_and_a_codec_that_is_not_open_take_no_shared_message) {
  auto client = opened(role::client, compressing());
  const auto frame = shared("x", client.terms());
  CAF_CHECK(client.write_deflated(frame) == errc::closed);
  CAF_CHECK(client.output().empty());
  auto closing = opened(role::server, compressing());
  closing.close(1000, {});
  const auto before = closing.output();
  CAF_CHECK(closing.write_deflated(frame) == errc::closed);
  CAF_CHECK_EQUAL(closing.output(), before);
}

CAF_TEST(shared_and_own_messages_in_any_order_are_read_by_every_connection) {
  for (int bits = 9; bits <= 15; ++bits)
    CAF_CHECK(rc::check("shared and own", [bits] {
      const auto level = *rc::gen::inRange(0, 10);
      struct connection {
        duo ends;
        std::vector<std::string> expected;
      };
      std::vector<connection> all;
      for (const bool takeover : {true, true, false}) { // two that differ in what they were sent
        auto options = compressing(15, takeover);
        options.deflate.level = level;
        all.push_back({duo{compressing(bits), options}, {}});
        RC_ASSERT(all.back().ends.open());
        RC_ASSERT(all.back().ends.server.terms() == (deflate_terms{bits, level}));
      }
      const auto steps = *rc::gen::inRange(1, 12);
      for (int i = 0; i < steps; ++i) {
        const auto size = *rc::gen::weightedOneOf<std::size_t>(
          {{4, rc::gen::inRange<std::size_t>(1, 3'000)},
           {1, rc::gen::inRange<std::size_t>(1, 70'000)},
           {1, rc::gen::element<std::size_t>(1, 512, 32'768, 65'535)}});
        const auto text = phrases(size, *rc::gen::inRange(0u, 3u));
        const auto whom = *rc::gen::inRange<std::size_t>(0, all.size() + 2); // beyond: all
        const auto frame = shared(text, {bits, level});
        for (std::size_t k = 0; k < all.size(); ++k) {
          if (whom < all.size() && whom != k)
            continue;
          auto& server = all[k].ends.server;
          RC_ASSERT((whom == k ? server.write(text, message_kind::text, compression::always)
                               : server.write_deflated(frame))
                    == errc::none);
          all[k].expected.push_back("text:" + text);
        }
      }
      for (auto& each : all) {
        each.ends.to_client();
        RC_ASSERT(each.ends.client.error().message() == failure{}.message());
        RC_ASSERT(texts(each.ends.at_client.messages) == each.expected);
      }
    }));
}

} // namespace codec_shared_deflate_test
