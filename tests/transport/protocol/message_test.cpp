// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE message

#include "support/unit_test.hpp"

#include <wspool/message.hpp>

#include <rapidcheck.h>

#include <set>
#include <string>
#include <vector>

namespace message_test {

using namespace wspool;
using namespace std::chrono_literals;

CAF_TEST(a_batch_keeps_messages_apart_and_in_order) {
  CAF_CHECK(rc::check("what is added comes out", [](const std::vector<std::string>& messages) {
    message_batch batch;
    for (const auto& m : messages)
      batch.add(m);
    RC_ASSERT(batch.size() == messages.size());
    RC_ASSERT(batch.empty() == messages.empty());
    RC_ASSERT(batch.valid());
    for (std::size_t i = 0; i < messages.size(); ++i)
      RC_ASSERT(batch.data(i) == messages[i]);
  }));
}

CAF_TEST(options_become_properties_of_the_message) {
  send_options options;
  options.kind = message_kind::binary;
  options.compress = compression::never;
  options.policy = delivery::at_least_once;
  options.time_to_live = 1500ms;
  options.key = "room-7";
  message_batch batch;
  batch.add("x", options);
  const auto& e = batch.entries()[0];
  CAF_CHECK(batch[0].binary());
  CAF_CHECK(e.compress == compression::never);
  CAF_CHECK(e.policy == delivery::at_least_once);
  CAF_CHECK_EQUAL(e.expires_ns, 1'500'000'000);
  CAF_CHECK_EQUAL(e.key, hash_key("room-7"));
}

CAF_TEST(defaults_are_text_without_key_or_time_to_live) {
  message_batch batch;
  batch.add("x");
  const auto& e = batch.entries()[0];
  CAF_CHECK(!batch[0].binary());
  CAF_CHECK_EQUAL(e.key, 0u);
  CAF_CHECK_EQUAL(e.expires_ns, 0);
  CAF_CHECK(e.policy == delivery::pool_default);
}

CAF_TEST(a_time_to_live_of_ages_does_not_wrap_around) {
  send_options options;
  options.time_to_live = std::chrono::milliseconds::max();
  message_batch batch;
  batch.add("x", options);
  CAF_CHECK(batch.entries()[0].expires_ns > 0);
}

CAF_TEST(an_appended_message_takes_over_properties_but_not_its_place) {
  message_batch from;
  send_options options;
  options.key = "k";
  from.add("first", options);
  message_batch batch;
  batch.add("0123456789");
  batch.append("second", from.entries()[0]);
  CAF_CHECK_EQUAL(std::string{batch.data(1)}, "second");
  CAF_CHECK_EQUAL(batch.entries()[1].offset, 10u);
  CAF_CHECK_EQUAL(batch.entries()[1].key, hash_key("k"));
  // Also from an entry of its own, whatever happens to the table meanwhile.
  for (int i = 0; i < 100; ++i)
    batch.append("third", batch.entries()[1]);
  CAF_CHECK_EQUAL(batch.entries()[101].key, hash_key("k"));
}

CAF_TEST(a_batch_of_one_takes_the_string_itself) {
  std::string text(100, 'x');
  const auto* where = text.data();
  const auto batch = message_batch::of(std::move(text));
  CAF_REQUIRE_EQUAL(batch.size(), 1u);
  CAF_CHECK(batch.data(0).data() == where);
  CAF_CHECK_EQUAL(batch.data(0).size(), 100u);
}

CAF_TEST(bytes_written_in_place_become_a_message) {
  message_batch batch;
  batch.add("one");
  const auto begin = batch.tail().size();
  batch.tail().append("two");
  batch.commit_tail(begin, message_kind::binary);
  CAF_CHECK_EQUAL(std::string{batch.data(0)}, "one");
  CAF_CHECK_EQUAL(std::string{batch.data(1)}, "two");
  CAF_CHECK(batch[1].binary());
}

CAF_TEST(a_forged_batch_is_not_valid) {
  message_batch batch;
  batch.add("four");
  CAF_CHECK(batch.valid());
  auto& e = batch.entries()[0];
  e.size = 5;
  CAF_CHECK(!batch.valid());
  e.size = 0xffff'ffff;
  e.offset = 5; // their sum has more than 32 bits
  CAF_CHECK(!batch.valid());
  e.size = 0;
  e.offset = 4;
  CAF_CHECK(batch.valid());
}

CAF_TEST(a_cleared_batch_is_empty) {
  message_batch batch;
  batch.add("x");
  batch.clear();
  CAF_CHECK(batch.empty());
  CAF_CHECK(batch.bytes().empty());
}

CAF_TEST(keys_have_a_stable_hash) {
  // Two nodes must agree, whatever their version: these values never change.
  CAF_CHECK_EQUAL(hash_key(""), 0u);
  CAF_CHECK_EQUAL(hash_key("a"), 0x82a2a958a9bece5bu);
  CAF_CHECK_EQUAL(hash_key("room-1"), 0x656bb5e56c350c3fu);
}

CAF_TEST(similar_keys_differ_in_their_high_bits) {
  std::set<std::uint64_t> high;
  for (int i = 0; i < 256; ++i)
    high.insert(hash_key("user-" + std::to_string(i)) >> 56);
  // 256 balls into 256 bins fill about 162 of them.
  CAF_CHECK(high.size() > 130);
}

CAF_TEST(only_the_empty_key_is_none) {
  CAF_CHECK(rc::check("a key is never 0", [](const std::string& key) {
    RC_ASSERT((hash_key(key) == 0) == key.empty());
  }));
}

} // namespace message_test
