// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE lane

#include "support/unit_test.hpp"

#include "pool/lane.hpp"

#include <string>
#include <vector>

namespace lane_test {

using namespace wspool;
using namespace wspool::detail;

namespace {

struct fixture {
  static window_options small_window() {
    window_options result;
    result.max_messages = 4;
    result.max_bytes = 100;
    return result;
  }

  queue_level level{queue_options{}};
  lane uut{{3, 1}, {42, 2, 1}, small_window(), level};

  static message_run run_of(std::uint32_t count, std::size_t bytes, std::uint64_t key = 0) {
    auto batch = std::make_shared<sealed_batch>();
    message_batch::entry like;
    like.key = key;
    for (std::uint32_t i = 0; i < count; ++i)
      batch->messages.append(std::string(bytes, 'x'), like);
    note(*batch, like);
    return {{std::move(batch), 0, count}, count * bytes, {}, 0};
  }

  void written(std::uint64_t n) {
    while (auto s = uut.next_written(n))
      uut.wrote(s);
  }

  void confirmed(std::uint64_t n) {
    while (auto s = uut.next_confirmed(n))
      uut.was_confirmed(s);
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(lane_tests, fixture)

CAF_TEST(a_lane_is_the_member_that_schedulers_see) {
  CAF_CHECK_EQUAL(uut.identity, 42u);
  CAF_CHECK_EQUAL(uut.weight, 2u);
  CAF_CHECK_EQUAL(uut.group, 1u);
  uut.stage(run_of(2, 10));
  CAF_CHECK_EQUAL(uut.pending_messages, 2u);
  CAF_CHECK_EQUAL(uut.pending_bytes, 20u);
  CAF_CHECK(!uut.full);
  uut.stage(run_of(2, 10));
  CAF_CHECK(uut.full);
}

CAF_TEST(a_run_is_cut_to_the_room_that_is_left) {
  const auto unlimited = std::size_t{1'000'000};
  CAF_CHECK_EQUAL(uut.fit(run_of(9, 1), unlimited, unlimited), 4u);
  CAF_CHECK_EQUAL(uut.fit(run_of(3, 40), unlimited, unlimited), 2u);
  CAF_CHECK_EQUAL(uut.fit(run_of(3, 500), unlimited, unlimited), 1u); // alone
  CAF_CHECK_EQUAL(uut.fit(run_of(4, 10), 3, unlimited), 3u);
  CAF_CHECK_EQUAL(uut.fit(run_of(4, 10), unlimited, 25), 2u);
  CAF_CHECK_EQUAL(uut.fit(run_of(4, 10), unlimited, 5), 1u);
  uut.stage(run_of(1, 70));
  CAF_CHECK_EQUAL(uut.fit(run_of(3, 10), unlimited, unlimited), 3u);
  CAF_CHECK_EQUAL(uut.fit(run_of(3, 20), unlimited, unlimited), 1u);
  CAF_CHECK_EQUAL(uut.fit(run_of(3, 31), unlimited, unlimited), 0u);
}

CAF_TEST(messages_are_numbered_in_the_order_of_handing_over) {
  uut.stage(run_of(2, 1));
  CAF_CHECK_EQUAL(uut.hand_over().size(), 1u);
  uut.stage(run_of(1, 1));
  uut.stage(run_of(1, 1));
  CAF_CHECK_EQUAL(uut.hand_over().size(), 2u);
  CAF_CHECK(!uut.has_staged());
  auto s = uut.next_written(4);
  CAF_CHECK_EQUAL(s.count, 2u);
  uut.wrote(s);
  s = uut.next_written(4);
  CAF_CHECK_EQUAL(s.of->first, 2u);
  CAF_CHECK_EQUAL(uut.written(), 2u);
  CAF_CHECK_EQUAL(uut.handed_over(), 4u);
}

CAF_TEST(plain_messages_leave_the_window_when_written) {
  uut.stage(run_of(4, 10));
  (void)uut.hand_over();
  written(3);
  CAF_CHECK_EQUAL(uut.pending_messages, 1u);
  CAF_CHECK_EQUAL(uut.pending_bytes, 10u);
  CAF_CHECK(!uut.full);
  written(100);
  CAF_CHECK(uut.idle());
}

CAF_TEST(messages_behind_a_barrier_leave_the_window_when_confirmed) {
  uut.stage(run_of(2, 10, 7));
  uut.stage(run_of(2, 10));
  (void)uut.hand_over();
  written(1);
  written(4);
  CAF_CHECK_EQUAL(uut.pending_messages, 2u);
  CAF_CHECK(uut.has_keys_in_flight());
  uut.note_refused(1);
  CAF_CHECK(uut.was_refused(1));
  auto s = uut.next_confirmed(4);
  CAF_CHECK_EQUAL(s.count, 2u); // parts written one after the other are one again
  confirmed(1);
  CAF_CHECK_EQUAL(uut.pending_messages, 1u);
  CAF_CHECK(uut.was_refused(1));
  confirmed(4);
  CAF_CHECK(!uut.was_refused(1));
  CAF_CHECK(uut.idle());
}

CAF_TEST(the_backlog_refills_the_window) {
  uut.stage(run_of(3, 10));
  uut.put_back(run_of(3, 10), false);
  CAF_CHECK(uut.full);
  CAF_CHECK_EQUAL(level.messages(), 3u);
  CAF_CHECK_EQUAL(uut.refill(), 1u);
  (void)uut.hand_over();
  written(4);
  CAF_CHECK_EQUAL(uut.refill(), 2u);
  CAF_CHECK(!uut.full);
  CAF_CHECK_EQUAL(level.messages(), 0u);
}

CAF_TEST(released_messages_are_not_reported_any_more) {
  uut.stage(run_of(1, 10, 7));
  uut.stage(run_of(1, 10));
  (void)uut.hand_over();
  written(1);
  uut.stage(run_of(1, 10));
  const auto all = uut.release();
  CAF_CHECK_EQUAL(all.unconfirmed.size(), 1u);
  CAF_CHECK_EQUAL(all.flights.size(), 1u);
  CAF_CHECK_EQUAL(all.staged.size(), 1u);
  CAF_CHECK(!uut.next_written(2));
  CAF_CHECK(!uut.next_confirmed(2));
  CAF_CHECK(uut.idle());
  CAF_CHECK_EQUAL(uut.pending_bytes, 0u);
}

CAF_TEST_FIXTURE_SCOPE_END()

} // namespace lane_test
