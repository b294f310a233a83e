// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE router_queue

#include "support/unit_test.hpp"

#include "router_fixture.hpp"

namespace router_queue_test {

using namespace wspool;
using namespace std::chrono_literals;

namespace {

struct fixture : test::router_fixture {
  fixture() {
    options.queue.max_messages = 3;
    options.window.max_messages = 1;
  }

  texts drain(std::uint32_t slot) {
    texts result;
    for (std::uint64_t n = 1; n < 20; ++n) {
      flush();
      for (auto& text : given(slot))
        result.push_back(text);
      confirmed(slot, n);
    }
    return result;
  }
};

accept_mode delivery_request() {
  accept_mode mode;
  mode.is_delivery = true;
  return mode;
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(router_queue_tests, fixture)

CAF_TEST(messages_wait_for_a_connection_in_order) {
  accept("a");
  accept_batch({"b", "c"});
  flush();
  CAF_CHECK_EQUAL(uut().queued_messages(), 3u);
  CAF_CHECK_EQUAL(uut().queued_bytes(), 3u);
  open(1);
  CAF_CHECK_EQUAL(drain(1), (texts{"a", "b", "c"}));
  CAF_CHECK_EQUAL(drains, std::vector<std::uint64_t>{3});
  CAF_CHECK_EQUAL(uut().queued_messages(), 0u);
  CAF_CHECK_EQUAL(uut().queued_bytes(), 0u);
}

CAF_TEST(new_messages_stay_behind_those_that_wait) {
  accept("a");
  open(1);
  open(2);
  accept("b");
  flush();
  CAF_CHECK_EQUAL(given(1), texts{"a"});
  CAF_CHECK_EQUAL(given(2), texts{"b"});
}

CAF_TEST(the_oldest_is_dropped_by_default) {
  for (auto text : {"a", "b", "c", "d"})
    accept(text);
  accept_batch({"e", "f"});
  open(1);
  CAF_CHECK_EQUAL(drain(1), (texts{"d", "e", "f"}));
  CAF_CHECK_EQUAL(count(errc::dropped), 3u);
}

CAF_TEST(a_batch_larger_than_the_queue_leaves_its_last_messages) {
  accept_batch({"a", "b", "c", "d", "e"});
  open(1);
  CAF_CHECK_EQUAL(drain(1), (texts{"c", "d", "e"}));
}

CAF_TEST(the_oldest_is_dropped_wherever_it_waits) {
  options.schedule = schedule::hash;
  open(1);
  accept_keyed("k", {"first", "a"});
  accept("b");
  accept_keyed("k", {"c"});
  accept("d"); // drops "a" from the connection's backlog
  accept("e"); // drops "b" from the main queue
  accept("f"); // drops "c"
  CAF_CHECK_EQUAL(drain(1), (texts{"first", "d", "e", "f"}));
  CAF_CHECK_EQUAL(count(errc::dropped), 3u);
}

CAF_TEST(messages_accepted_by_turns_are_dropped_by_age) {
  options.schedule = schedule::hash;
  options.queue.max_messages = 6;
  open(1);
  accept_keyed("k", {"first"});
  for (auto text : {"1", "3", "5"}) {
    accept(text);
    accept_keyed("k", {std::string{static_cast<char>(text[0] + 1)}});
  }
  for (auto text : {"x", "y", "z"})
    accept(text);
  CAF_CHECK_EQUAL(drain(1), (texts{"first", "4", "6", "5", "x", "y", "z"}));
}

CAF_TEST(the_newest_is_dropped_if_so_chosen) {
  options.queue.overflow = overflow::drop_newest;
  accept("a");
  accept_batch({"b", "c", "d"});
  accept("e", {}, ticket(1));
  CAF_CHECK_EQUAL(answers(1), std::vector{errc::dropped});
  open(1);
  CAF_CHECK_EQUAL(drain(1), (texts{"a", "b", "c"}));
  CAF_CHECK_EQUAL(count(errc::dropped), 2u);
}

CAF_TEST(a_full_queue_rejects_if_so_chosen) {
  options.queue.overflow = overflow::reject;
  accept_batch({"a", "b", "c"});
  accept("d", {}, ticket(1));
  CAF_CHECK_EQUAL(answers(1), std::vector{errc::queue_full});
  CAF_CHECK_EQUAL(uut().queued_messages(), 3u);
}

CAF_TEST(deliveries_wait_in_a_room_as_large_as_the_queue) {
  options.queue.overflow = overflow::block;
  accept_batch({"a", "b", "c", "d"});
  CAF_CHECK_EQUAL(count(errc::queue_full), 1u);
  for (int i = 0; i < 3; ++i)
    accept("x", {}, delivery_request());
  CAF_CHECK_EQUAL(count(errc::queue_full), 1u);
  CAF_CHECK_EQUAL(uut().queued_messages(), 6u);
  accept("y", {}, delivery_request());
  CAF_CHECK_EQUAL(count(errc::queue_full), 2u);
}

CAF_TEST(the_queue_is_bounded_in_bytes) {
  options.queue.max_bytes = 10;
  options.queue.overflow = overflow::reject;
  accept("12345678");
  accept("123");
  accept("12");
  CAF_CHECK_EQUAL(count(errc::queue_full), 1u);
  CAF_CHECK_EQUAL(uut().queued_bytes(), 10u);
}

CAF_TEST(a_message_larger_than_the_queue_pushes_nothing_out) {
  options.queue.max_bytes = 10;
  accept("a");
  accept("eleven bytes", {}, ticket(1));
  CAF_CHECK_EQUAL(answers(1), std::vector{errc::dropped});
  CAF_CHECK_EQUAL(uut().queued_messages(), 1u);
}

CAF_TEST(without_a_queue_messages_fail_at_once) {
  options.queue.max_messages = 0;
  options.queue.overflow = overflow::reject;
  accept("a");
  accept("");
  accept_batch({"b", ""});
  CAF_CHECK_EQUAL(count(errc::queue_full), 4u);
  open(1);
  accept("c");
  flush();
  CAF_CHECK_EQUAL(given(1), texts{"c"});
}

CAF_TEST(water_marks_tell_once_in_each_direction) {
  options.queue.max_messages = 10;
  options.window.max_messages = 20;
  accept_batch(texts(7, "x"));
  CAF_CHECK(waters.empty());
  accept("x");
  accept("x");
  CAF_CHECK_EQUAL(waters, std::vector<bool>{true});
  open(1);
  flush();
  CAF_CHECK_EQUAL(waters, (std::vector<bool>{true, false}));
}

CAF_TEST(drained_is_not_told_of_messages_that_only_failed) {
  accept("a", with_ttl(1ms));
  now += 1ms;
  uut().expire(now);
  CAF_CHECK_EQUAL(count(errc::expired), 1u);
  flush();
  CAF_CHECK(drains.empty());
}

// -- time to live --------------------------------------------------------------------------------

CAF_TEST(messages_expire_in_the_queue_and_the_others_stay) {
  accept("a", with_ttl(10ms), ticket(1));
  accept("b");
  accept("c", with_ttl(20ms), ticket(2));
  CAF_REQUIRE(uut().next_expiry().has_value());
  CAF_CHECK(*uut().next_expiry() == now + 10ms);
  now += 9ms;
  uut().expire(now);
  CAF_CHECK(answers(1).empty());
  now += 1ms;
  uut().expire(now);
  CAF_CHECK_EQUAL(answers(1), std::vector{errc::expired});
  CAF_CHECK(*uut().next_expiry() == now + 10ms);
  now += 10ms;
  open(1);
  flush(); // looks by itself
  CAF_CHECK_EQUAL(answers(2), std::vector{errc::expired});
  CAF_CHECK_EQUAL(given(1), texts{"b"});
  CAF_CHECK(!uut().next_expiry());
}

CAF_TEST(messages_expire_in_a_backlog_and_leave_room_for_others) {
  options.schedule = schedule::hash;
  open(1);
  accept_keyed("k", {"a"});
  auto how = with_key("k");
  how.time_to_live = 5ms;
  accept("b", how);
  flush();
  CAF_CHECK_EQUAL(given(1), texts{"a"});
  now += 5ms;
  flush();
  CAF_CHECK_EQUAL(count(errc::expired), 1u);
  CAF_CHECK_EQUAL(uut().queued_messages(), 0u);
  confirmed(1, 1);
  accept("c");
  flush();
  CAF_CHECK_EQUAL(given(1), texts{"c"});
}

CAF_TEST(a_very_long_time_to_live_is_no_limit) {
  accept("a", with_ttl(std::chrono::milliseconds::max()));
  accept("b", with_ttl(-5ms));
  now += 100'000h;
  open(1);
  CAF_CHECK_EQUAL(drain(1), (texts{"a", "b"}));
}

// -- keys ----------------------------------------------------------------------------------------

CAF_TEST(a_key_waits_for_its_connection_without_blocking_others) {
  options.schedule = schedule::hash;
  open(1);
  accept_keyed("k", {"k1", "k2"});
  open(2);
  accept("a");
  flush();
  CAF_CHECK_EQUAL(given(1), texts{"k1"});
  CAF_CHECK_EQUAL(given(2), texts{"a"});
  written(1, 1);
  flush();
  CAF_CHECK(given(1).empty()); // counts until it is confirmed
  confirmed(1, 1);
  flush();
  CAF_CHECK_EQUAL(given(1), texts{"k2"});
}

CAF_TEST(a_connection_with_a_backlog_takes_nothing_else) {
  options.schedule = schedule::hash;
  options.window.max_bytes = 10;
  options.window.max_messages = 10;
  open(1);
  accept_keyed("k", {"12345", "123456"});
  CAF_CHECK(uut().find(id(1))->full);
  accept("abc");
  flush();
  CAF_CHECK_EQUAL(given(1), texts{"12345"});
  confirmed(1, 1);
  flush();
  CAF_CHECK_EQUAL(given(1), (texts{"123456", "abc"}));
}

CAF_TEST(messages_of_a_key_stay_together_whatever_the_schedule) {
  options.window.max_messages = 10;
  open(1);
  open(2);
  accept_keyed("k", {"k1", "k2", "k3"});
  accept_batch({"a", "b"});
  flush();
  CAF_CHECK_EQUAL(given(1), (texts{"k1", "k2", "k3"}));
  CAF_CHECK_EQUAL(given(2), (texts{"a", "b"}));
}

CAF_TEST(a_batch_with_keys_is_sorted_by_them) {
  options.window.max_messages = 10;
  open(1);
  open(2);
  message_batch batch;
  for (auto text : {"a1", "b1", "a2", "b2", "a3"})
    batch.add(text, with_key(std::string(1, text[0])));
  uut().accept(std::move(batch), {}, now);
  flush();
  CAF_CHECK_EQUAL(given(1), (texts{"a1", "a2", "a3"}));
  CAF_CHECK_EQUAL(given(2), (texts{"b1", "b2"}));
}

CAF_TEST(a_key_without_a_connection_keeps_its_order_in_the_queue) {
  accept_keyed("k", {"k1"});
  accept("a");
  accept_keyed("k", {"k2"});
  open(1);
  open(2);
  flush();
  CAF_CHECK_EQUAL(given(1), texts{"k1"});
  CAF_CHECK_EQUAL(given(2), texts{"a"});
  confirmed(1, 1);
  flush();
  CAF_CHECK_EQUAL(given(1), texts{"k2"});
}

CAF_TEST_FIXTURE_SCOPE_END()

} // namespace router_queue_test
