// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE frame_writer

#include "support/unit_test.hpp"

#include "protocol/frame_header.hpp"
#include "protocol/frame_writer.hpp"

#include <rapidcheck.h>

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace frame_writer_test {

using namespace wspool::detail;

namespace {

/// What a frame of that many bytes begins with, without its mask (RFC 6455 §5.2).
std::string head_of(std::size_t payload_bytes) {
  std::string frame;
  append_frame(frame, final_frame(opcode::binary), std::string(payload_bytes, 'x'), false);
  return frame.substr(0, frame.size() - payload_bytes);
}

} // namespace

CAF_TEST(lengths_are_in_their_shortest_form) {
  const std::string zeros(8, '\0');
  CAF_CHECK_EQUAL(head_of(0), std::string("\x82\x00", 2));
  CAF_CHECK_EQUAL(head_of(125), "\x82\x7d");
  CAF_CHECK_EQUAL(head_of(126), std::string("\x82\x7e\x00\x7e", 4));
  CAF_CHECK_EQUAL(head_of(65'535), "\x82\x7e\xff\xff");
  CAF_CHECK_EQUAL(head_of(65'536), std::string("\x82\x7f\x00\x00\x00\x00\x00\x01\x00\x00", 10));
}

CAF_TEST(what_was_written_can_be_read_behind_whatever_was_there) {
  CAF_CHECK(rc::check([] {
    const auto before = *rc::gen::arbitrary<std::string>();
    const auto payload =
      std::string(*rc::gen::inRange(0, 3) * 40'000, 'y') + *rc::gen::arbitrary<std::string>();
    const auto masked = *rc::gen::arbitrary<bool>();
    const auto first = final_frame(*rc::gen::element(opcode::text, opcode::binary, opcode::close));
    auto wire = before;
    append_frame(wire, first, payload, masked);
    RC_ASSERT(wire.starts_with(before));
    const auto frame = std::string_view{wire}.substr(before.size());
    const auto h = read_header(frame.data());
    RC_ASSERT(h.first == first);
    RC_ASSERT(h.masked == masked);
    RC_ASSERT(h.total() == frame.size());
    RC_ASSERT(unmasked_payload(h, frame) == payload);
  }));
}

CAF_TEST(each_frame_has_a_key_of_its_own) {
  std::set<std::string> keys;
  constexpr std::size_t frames = 2'000; // more than one draw from the kernel
  for (std::size_t i = 0; i < frames; ++i) {
    std::string frame;
    append_frame(frame, final_frame(opcode::text), "", true);
    keys.insert(frame.substr(2));
  }
  // That two of 2,000 keys of 32 bits are equal happens once in two thousand runs, three times
  // hardly ever.
  CAF_CHECK(keys.size() >= frames - 3);
}

CAF_TEST(other_masks_leave_the_payload_as_it_is) {
  CAF_CHECK(rc::check([] {
    const auto before = *rc::gen::arbitrary<std::string>();
    const auto payloads =
      *rc::gen::container<std::vector<std::string>>(rc::gen::arbitrary<std::string>());
    auto wire = before;
    for (const auto& payload : payloads)
      append_frame(wire, final_frame(opcode::binary), payload, true);
    const auto old = wire;
    renew_masks(wire, before.size());
    RC_ASSERT(wire.size() == old.size());
    RC_ASSERT(wire.starts_with(before));
    auto at = before.size();
    for (const auto& payload : payloads) {
      const auto h = read_header(wire.data() + at);
      RC_ASSERT(unmasked_payload(h, std::string_view{wire}.substr(at, h.total())) == payload);
      RC_ASSERT(wire.compare(at + 2, 4, old, at + 2, 4) != 0 || payload.size() > 125);
      at += h.total();
    }
    RC_ASSERT(at == wire.size());
  }));
}

} // namespace frame_writer_test
