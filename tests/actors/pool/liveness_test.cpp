// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE liveness

#include "support/unit_test.hpp"

#include "pool/liveness.hpp"

#include <rapidcheck.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace wspool {
// For CAF's checks.
std::string to_string(liveness::verdict x) {
  constexpr const char* names[] = {"none", "ping_due", "dead", "idle"};
  return names[static_cast<int>(x)];
}
} // namespace wspool

namespace liveness_test {

using namespace wspool;
using namespace std::chrono_literals;
using verdict = liveness::verdict;

namespace {

constexpr liveness::clock::time_point start{1h};

liveness beating(std::chrono::milliseconds idle = 0ms) { return {{30s, 5s}, idle, start}; }

} // namespace

/// The verdict so long after the start.
#define CHECK_VERDICT(tested, after, expected)                                                     \
  CAF_CHECK_EQUAL((tested).check(start + (after)), verdict::expected)

/// When the next check is due, counted from the start.
#define CHECK_NEXT(tested, after)                                                                  \
  do {                                                                                             \
    const auto next = (tested).next();                                                             \
    CAF_REQUIRE(next.has_value());                                                                 \
    CAF_CHECK(*next == start + (after));                                                           \
  } while (false)

CAF_TEST(after_the_interval_of_silence_a_ping_is_due) {
  const auto x = beating();
  CHECK_VERDICT(x, 0s, none);
  CHECK_VERDICT(x, 30s - 1ns, none);
  CHECK_VERDICT(x, 30s, ping_due);
  CHECK_NEXT(x, 30s);
}

CAF_TEST(silence_after_a_ping_means_dead) {
  auto x = beating();
  x.pinged(start + 30s);
  CHECK_VERDICT(x, 35s - 1ns, none);
  CHECK_VERDICT(x, 35s, dead);
  CHECK_NEXT(x, 35s);
}

CAF_TEST(any_inbound_frame_proves_the_peer_alive) {
  auto x = beating();
  x.inbound(start + 20s);
  CHECK_VERDICT(x, 49s, none);
  CHECK_VERDICT(x, 50s, ping_due);
  x.pinged(start + 50s);
  x.inbound(start + 54s);
  CHECK_VERDICT(x, 55s, none);
  CHECK_VERDICT(x, 84s, ping_due);
}

CAF_TEST(a_second_ping_does_not_prolong_the_wait) {
  auto x = beating();
  x.pinged(start + 30s);
  x.pinged(start + 34s);
  CHECK_VERDICT(x, 35s, dead);
}

CAF_TEST(messages_that_go_out_prove_nothing) {
  auto x = beating();
  x.message(start + 29s);
  CHECK_VERDICT(x, 30s, ping_due);
}

CAF_TEST(without_an_interval_there_is_no_heartbeat) {
  liveness x{{0s, 5s}, 0ms, start};
  x.pinged(start);
  CHECK_VERDICT(x, 1'000h, none);
  CAF_CHECK(!x.next().has_value());
}

CAF_TEST(while_nobody_reads_silence_proves_nothing) {
  auto x = beating();
  x.pinged(start + 30s);
  x.reading(false, start + 31s);
  CHECK_VERDICT(x, 100s, none);
  CAF_CHECK(!x.next().has_value());
  // What came in meanwhile was not seen, so the silence begins anew.
  x.reading(true, start + 100s);
  CHECK_VERDICT(x, 130s - 1ns, none);
  CHECK_VERDICT(x, 130s, ping_due);
}

CAF_TEST(going_on_reading_is_no_sign_of_life) {
  auto x = beating();
  x.reading(true, start + 20s);
  CHECK_VERDICT(x, 30s, ping_due);
}

CAF_TEST(without_a_message_either_way_the_connection_is_idle) {
  auto x = beating(60s);
  x.inbound(start + 50s); // a pong, say
  CHECK_VERDICT(x, 60s - 1ns, none);
  CHECK_VERDICT(x, 60s, idle);
  x.message(start + 59s);
  CHECK_VERDICT(x, 79s, none);
  CHECK_VERDICT(x, 80s, ping_due);
  x.inbound(start + 118s);
  CHECK_VERDICT(x, 119s, idle);
}

CAF_TEST(idle_needs_no_heartbeat_and_no_reader) {
  liveness x{{0s, 0s}, 60s, start};
  x.reading(false, start);
  CHECK_VERDICT(x, 60s, idle);
  CHECK_NEXT(x, 60s);
}

CAF_TEST(nobody_is_idle_while_throttled) {
  auto x = beating(20s);
  x.throttled(true, start + 10s);
  CHECK_VERDICT(x, 29s, none);
  CHECK_NEXT(x, 30s); // the heartbeat's
  x.inbound(start + 29s);
  x.throttled(true, start + 30s);
  x.throttled(false, start + 40s);
  CHECK_NEXT(x, 59s);
  x.throttled(false, start + 55s); // nothing changes
  x.inbound(start + 55s);
  CHECK_VERDICT(x, 60s - 1ns, none);
  CHECK_VERDICT(x, 60s, idle);
}

CAF_TEST(the_next_check_is_the_earliest_of_what_is_due) {
  auto x = beating(33s);
  CHECK_NEXT(x, 30s);
  x.pinged(start + 30s);
  CHECK_NEXT(x, 33s);
  x.message(start + 31s);
  CHECK_NEXT(x, 35s);
}

CAF_TEST(before_the_next_check_there_is_no_verdict_and_at_it_there_is_one) {
  CAF_CHECK(rc::check("whatever happened", [] {
    const std::chrono::milliseconds idle{*rc::gen::element(0, 700, 5'000)};
    const std::chrono::milliseconds interval{*rc::gen::element(0, 500, 3'000)};
    liveness x{{interval, 200ms}, idle, start};
    auto at = start;
    const auto steps = *rc::gen::container<std::vector<std::pair<int, int>>>(
      rc::gen::pair(rc::gen::inRange(0, 7), rc::gen::inRange(0, 1'000)));
    for (auto [what, later] : steps) {
      at += std::chrono::milliseconds{later};
      if (what == 0)
        x.inbound(at);
      else if (what == 1)
        x.message(at);
      else if (what == 2)
        x.pinged(at);
      else if (what <= 4)
        x.reading(what == 3, at);
      else
        x.throttled(what == 5, at);
      const auto next = x.next();
      RC_ASSERT(next.has_value() || x.check(at + 1'000h) == verdict::none);
      if (next) {
        RC_ASSERT(x.check(*next - 1ns) == verdict::none);
        RC_ASSERT(x.check(*next) != verdict::none);
      }
    }
  }));
}

} // namespace liveness_test
