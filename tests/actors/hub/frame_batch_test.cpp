// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE frame_batch

#include "support/unit_test.hpp"

#include "hub/frame_batch.hpp"

#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace frame_batch_test {

using namespace wspool;

namespace {

constexpr std::uint32_t count = 50;

std::string text_of(std::uint32_t i) {
  std::string text;
  while (text.size() < 3'000)
    text.append("message ").append(std::to_string(i)).append(" again and ");
  return text;
}

std::unique_ptr<frame_batch> filled() {
  auto batch = std::make_unique<frame_batch>();
  for (std::uint32_t i = 0; i < count; ++i)
    batch->add(text_of(i), message_kind::text, compression::automatic);
  return batch;
}

std::string deflated(std::uint32_t i, const deflate_terms& terms) {
  std::string frame;
  append_deflated_frame(frame, text_of(i), message_kind::text, terms);
  return frame;
}

} // namespace

CAF_TEST(a_message_is_shared_from_its_second_receiver_on) {
  const auto batch = filled();
  CAF_CHECK(!batch->shared(0));
  batch->add_receiver(0);
  CAF_CHECK(!batch->shared(0));
  batch->add_receiver(0);
  CAF_CHECK(batch->shared(0));
  batch->add_receiver(0);
  CAF_CHECK(batch->shared(0));
  CAF_CHECK(!batch->shared(1));
}

CAF_TEST(a_message_is_compressed_once_for_each_window) {
  const auto batch = filled();
  std::set<const char*> places;
  for (int bits = 9; bits <= 15; ++bits)
    for (std::uint32_t i = 0; i < count; i += 7) {
      const auto frame = batch->deflated(i, {bits, 6});
      CAF_CHECK_EQUAL(frame, deflated(i, {bits, 6}));
      CAF_CHECK(batch->deflated(i, {bits, 6}).data() == frame.data());
      CAF_CHECK(places.insert(frame.data()).second);
    }
}

CAF_TEST(threads_that_ask_at_once_get_the_same) {
  const std::shared_ptr<const frame_batch> batch = filled();
  struct receiver {
    std::vector<std::string_view> frames;
    std::thread thread;
  };
  std::vector<receiver> all(6);
  for (std::size_t k = 0; k < all.size(); ++k)
    all[k].thread = std::thread{[&batch, &into = all[k].frames, k] {
      for (std::uint32_t i = 0; i < count; ++i)
        into.push_back(batch->deflated(i, {k % 2 == 0 ? 15 : 10, 6}));
    }};
  for (auto& each : all)
    each.thread.join();
  for (std::uint32_t i = 0; i < count; ++i)
    for (std::size_t k = 0; k < all.size(); ++k) {
      CAF_CHECK_EQUAL(all[k].frames[i], deflated(i, {k % 2 == 0 ? 15 : 10, 6}));
      CAF_CHECK(all[k].frames[i].data() == all[k % 2].frames[i].data());
    }
}

} // namespace frame_batch_test
