// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE hub_compression

#include "support/hub_fixture.hpp"

namespace hub_compression_test {

using namespace wspool;
using namespace wspool::test;

namespace {

struct fixture : hub_fixture {
  fixture() {
    options.deflate.enabled = true;
    options.deflate.minimum_bytes = 100;
  }

  scripted_client& connect_offering(int server_window_bits, bool takeover = true) {
    codec_options offer;
    offer.deflate.enabled = true;
    offer.deflate.server_window_bits = server_window_bits;
    offer.deflate.server_context_takeover = takeover;
    return connect("/", {}, "192.0.2.1:1000", offer);
  }

  /// What the server writes to each of `clients` for a message to all.
  std::vector<std::string> wires_of(const std::string& broadcast) {
    for (auto& each : clients)
      each->stop_reading(1'000'000);
    send(to_all(), broadcast);
    std::vector<std::string> wires;
    for (auto& each : clients) {
      wires.push_back(each->stream().received());
      each->go_on_reading();
    }
    settle();
    return wires;
  }
};

// Says the same twice, at a distance that only the larger windows reach, and it is no short story.
std::string story(const std::string& about) {
  std::string half = "a story about " + about + ": ";
  auto seed = static_cast<unsigned>(about.size());
  while (half.size() < 6'000)
    half += std::to_string(seed = seed * 1'664'525 + 1'013'904'223) + ' ';
  return half + half;
}

std::string deflated(const std::string& text, int bits, int level) {
  std::string frame;
  append_deflated_frame(frame, text, message_kind::text, {bits, level});
  return frame;
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(hub_compression_tests, fixture)

CAF_TEST(a_message_to_many_is_compressed_once_for_all_with_the_same_window) {
  start();
  connect_offering(15);
  const auto first = newest();
  connect_offering(15);
  connect_offering(15, false);
  connect_offering(10);
  connect_offering(10, false);
  connect();
  // The first one's window knows this story; it must not matter.
  send(to_one(first), story("cats"));
  const auto wires = wires_of(story("cats"));
  const auto wide = deflated(story("cats"), 15, options.deflate.level);
  const auto narrow = deflated(story("cats"), 10, options.deflate.level);
  CAF_CHECK_NOT_EQUAL(wide, narrow);
  for (const std::size_t i : {0u, 1u, 2u})
    CAF_CHECK_EQUAL(wires[i], wide);
  for (const std::size_t i : {3u, 4u})
    CAF_CHECK_EQUAL(wires[i], narrow);
  std::string plain;
  append_server_frame(plain, story("cats"), message_kind::text);
  CAF_CHECK_EQUAL(wires[5], plain);
}

CAF_TEST(clients_with_all_parameters_get_all_that_was_sent_in_order) {
  start();
  std::vector<client_ref> refs;
  std::vector<texts> expected;
  for (const bool takeover : {true, false})
    for (const int bits : {15, 12, 9}) {
      connect_offering(bits, takeover);
      refs.push_back(newest());
    }
  connect();
  refs.push_back(newest());
  expected.resize(refs.size());
  const auto to_everybody = [&](const std::string& text) {
    CAF_CHECK_EQUAL(send(to_all(), text), refs.size());
    for (auto& each : expected)
      each.push_back(text);
  };
  const auto to_each = [&](const std::string& text) {
    for (std::size_t i = 0; i < refs.size(); ++i) {
      CAF_CHECK_EQUAL(send(to_one(refs[i]), text + std::to_string(i)), 1u);
      expected[i].push_back(text + std::to_string(i));
    }
  };
  for (int round = 0; round < 3; ++round) {
    to_each(story("dogs"));
    to_everybody(story("cats"));
    to_everybody("short");
    to_each(story("cats"));
    to_each(story("dogs"));
    to_everybody(story("cats and dogs"));
  }
  for (std::size_t i = 0; i < refs.size(); ++i)
    CAF_CHECK_EQUAL(clients[i]->texts(), expected[i]);
  // The account is about messages as they were given.
  std::uint64_t bytes = 0;
  for (const auto& each : expected)
    for (const auto& text : each)
      bytes += text.size();
  CAF_CHECK_EQUAL(stats().total_traffic.bytes_out, bytes);
}

CAF_TEST(a_message_to_one_is_compressed_with_what_it_got_before) {
  start();
  auto& client = connect_offering(15);
  connect_offering(15);
  const auto ref = log->arrived.front().info.client;
  send(to_one(ref), story("cats"));
  client.stop_reading(1'000'000);
  send(to_one(ref), story("cats"));
  const auto alone = client.stream().received().size();
  client.go_on_reading();
  settle();
  CAF_CHECK(alone * 4 < deflated(story("cats"), 15, options.deflate.level).size());
  CAF_CHECK_EQUAL(client.texts(), (texts{story("cats"), story("cats")}));
}

CAF_TEST_FIXTURE_SCOPE_END()

} // namespace hub_compression_test
