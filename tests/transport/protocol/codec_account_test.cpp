// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE codec_account

#include "support/unit_test.hpp"

#include "codec_peer.hpp"

#include <rapidcheck.h>

namespace codec_account_test {

using namespace wspool;
using namespace wspool::test;

// `count_written`: which messages left when a write ended in the midst of them.

namespace {

void check_count(std::string_view output, std::size_t taken, std::size_t doubt, std::size_t whole,
                 std::size_t touched) {
  const auto count = count_written(output, taken, doubt);
  CAF_CHECK_EQUAL(count.whole, whole);
  CAF_CHECK_EQUAL(count.touched, touched);
}

} // namespace

CAF_TEST(messages_are_whole_touched_or_neither) {
  const auto one = frame(role::client, fin | 1, "0123456789");
  const auto wire = one + one + one;
  const auto n = one.size();
  check_count(wire, 0, 0, 0, 0);
  check_count(wire, 1, 0, 0, 1);
  check_count(wire, n - 1, 0, 0, 1);
  check_count(wire, n, 0, 1, 0);
  check_count(wire, n, 1, 1, 1);
  check_count(wire, n, n, 1, 1);
  check_count(wire, n, n + 1, 1, 2);
  check_count(wire, n + 1, n - 1, 1, 1);
  check_count(wire, 0, 3 * n, 0, 3);
  check_count(wire, 3 * n, 0, 3, 0);
  check_count(wire, 3 * n, 100, 3, 0);
  check_count(wire, n, std::string::npos, 1, 2);
  check_count({}, 0, 10, 0, 0);
}

CAF_TEST(control_frames_are_no_messages) {
  const auto ping = frame(role::server, fin | 9, "p");
  const auto text = frame(role::server, fin | 1, "t");
  const auto close = frame(role::server, fin | 8, close_payload(1000));
  const auto wire = ping + text + close;
  check_count(wire, ping.size(), 0, 0, 0);
  check_count(wire, ping.size() + 1, 0, 0, 1);
  check_count(wire, ping.size() + text.size(), 0, 1, 0);
  check_count(wire, wire.size(), 0, 1, 0);
}

CAF_TEST(a_message_in_fragments_counts_with_its_last) {
  const auto first = frame(role::server, 0x41, std::string(300, 'x'));
  const auto middle = frame(role::server, 0, "y");
  const auto ping = frame(role::server, fin | 9, "");
  const auto last = frame(role::server, fin, "z");
  const auto wire = first + middle + ping + last + frame(role::server, fin | 2, "next");
  const auto end = first.size() + middle.size() + ping.size() + last.size();
  check_count(wire, 1, 0, 0, 1);
  check_count(wire, first.size(), 0, 0, 1);
  check_count(wire, first.size() + middle.size(), 0, 0, 1);
  check_count(wire, end - 1, 0, 0, 1);
  check_count(wire, end, 0, 1, 0);
  check_count(wire, end, 1, 1, 1);
  check_count(wire, 1, end, 0, 2);
}

CAF_TEST(the_count_agrees_with_what_a_peer_would_read) {
  for (const auto writer : {role::client, role::server})
    for (const bool compress : {false, true})
      CAF_CHECK(rc::check("account", [writer, compress] {
        codec_options options;
        options.deflate.enabled = compress;
        options.deflate.minimum_bytes = 0;
        options.deflate.level = 1;
        duo d{options, options};
        RC_ASSERT(d.open());
        auto& from = d.end(writer);
        std::size_t messages = 0;
        const auto steps = *rc::gen::inRange(1, 20);
        unsigned noise = *rc::gen::arbitrary<unsigned>();
        for (int i = 0; i < steps; ++i) {
          // Noise does not compress: large messages are written in fragments.
          std::string data(*rc::gen::weightedOneOf<std::size_t>(
                             {{5, rc::gen::inRange<std::size_t>(0, 300)},
                              {1, rc::gen::inRange<std::size_t>(4'000, 20'000)}}),
                           '\0');
          for (auto& b : data)
            b = static_cast<char>((noise = noise * 1'664'525 + 1'013'904'223) >> 24);
          if (*rc::gen::inRange(0, 4) == 0) {
            RC_ASSERT(from.ping("p") == errc::none);
          } else {
            RC_ASSERT(from.write(data, message_kind::binary) == errc::none);
            ++messages;
          }
        }
        const std::string& wire = from.output();
        const auto taken = *rc::gen::inRange<std::size_t>(0, wire.size() + 1);
        const auto doubt = *rc::gen::inRange<std::size_t>(0, wire.size() + 1);
        const auto count = count_written(wire, taken, doubt);
        decoded out;
        d.other(writer).feed(std::string_view{wire}.substr(0, taken), out);
        RC_ASSERT(count.whole == out.messages.size());
        RC_ASSERT(count.whole + count.touched <= messages);
        // All that may have left: whole ones within the reach, and one more at most.
        const auto reach = std::min(wire.size(), taken + doubt);
        const auto far = count_written(wire, reach, 0);
        RC_ASSERT(count.whole + count.touched == far.whole + far.touched);
        RC_ASSERT(far.touched <= 1u);
        RC_ASSERT(count_written(wire, wire.size(), 0).whole == messages);
      }));
}

} // namespace codec_account_test
