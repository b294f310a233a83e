// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE send_queue

#include "support/unit_test.hpp"

#include "pool/send_queue.hpp"

#include <limits>
#include <string>
#include <vector>

namespace send_queue_test {

using namespace wspool;
using namespace wspool::detail;
using namespace std::chrono_literals;

namespace {

using texts = std::vector<std::string>;

struct fixture {
  queue_options options;
  queue_level level{options};
  send_queue queue{level};

  void put(std::string_view text, std::uint64_t order, time_point when = {},
           std::int64_t expires_ns = 0) {
    single x;
    x.data = text;
    x.order = order;
    x.accepted = when;
    x.like.expires_ns = expires_ns;
    queue.put(x);
  }

  static message_run run_of(const texts& all, std::uint64_t order) {
    auto batch = std::make_shared<sealed_batch>();
    std::size_t bytes = 0;
    for (const auto& text : all) {
      batch->messages.add(text);
      bytes += text.size();
    }
    return {{std::move(batch), 0, static_cast<std::uint32_t>(all.size())}, bytes, {}, order};
  }

  static void append(texts& result, const message_run& x) {
    for (auto i = x.part.begin; i < x.part.end; ++i)
      result.emplace_back(x.part.data(i));
  }

  texts take(std::uint32_t n) {
    texts result;
    append(result, queue.take(n));
    return result;
  }

  texts take_all() {
    texts result;
    while (!queue.empty())
      append(result, queue.take(queue.front().size()));
    return result;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(send_queue_tests, fixture)

CAF_TEST(single_messages_share_a_batch) {
  put("a", 0);
  put("b", 1);
  put("c", 2);
  CAF_CHECK_EQUAL(queue.front().size(), 3u);
  CAF_CHECK_EQUAL(queue.front().bytes, 3u);
  CAF_CHECK_EQUAL(level.messages(), 3u);
  CAF_CHECK_EQUAL(take_all(), (texts{"a", "b", "c"}));
  CAF_CHECK_EQUAL(level.messages(), 0u);
  CAF_CHECK_EQUAL(level.bytes(), 0u);
}

CAF_TEST(messages_taken_are_not_in_a_batch_that_grows) {
  put("a", 0);
  put("b", 1);
  const auto taken = queue.take(1);
  put("c", 2);
  CAF_CHECK_EQUAL(taken.batch().messages.size(), 2u);
  CAF_CHECK_EQUAL(take_all(), (texts{"b", "c"}));
}

CAF_TEST(a_gap_in_the_order_or_in_time_begins_a_run) {
  put("a", 0);
  put("c", 2);
  CAF_CHECK_EQUAL(queue.front().size(), 1u);
  put("d", 3, time_point{1s});
  CAF_CHECK_EQUAL(take(1), texts{"a"});
  CAF_CHECK_EQUAL(queue.front().order, 2u);
  CAF_CHECK_EQUAL(take(1), texts{"c"});
  CAF_CHECK(queue.front().accepted == time_point{1s});
}

CAF_TEST(what_came_back_leaves_first_and_is_never_dropped) {
  put("new", 7);
  queue.push_front(run_of({"old 1", "old 2"}, 3), true);
  queue.push_front(run_of({"older"}, 1), false);
  CAF_CHECK(queue.front_returned());
  CAF_CHECK(queue.oldest() == std::uint64_t{1});
  CAF_CHECK_EQUAL(queue.drop_oldest().bytes, 5u);
  CAF_CHECK(queue.oldest() == std::uint64_t{7});
  CAF_CHECK_EQUAL(queue.drop_oldest().bytes, 3u);
  CAF_CHECK(!queue.oldest());
  CAF_CHECK_EQUAL(level.messages(), 2u);
  CAF_CHECK_EQUAL(take_all(), (texts{"old 1", "old 2"}));
}

CAF_TEST(expired_messages_are_cut_out) {
  put("a", 0, {}, 10);
  put("b", 1);
  put("c", 2, {}, 10);
  put("d", 3, {}, 11);
  put("e", 4, {}, 30);
  auto next = never_ns;
  texts gone;
  for (const auto& x : queue.expire(10, next))
    append(gone, x);
  CAF_CHECK_EQUAL(gone, (texts{"a", "c"}));
  CAF_CHECK_EQUAL(next, 11);
  CAF_CHECK_EQUAL(level.messages(), 3u);
  CAF_CHECK_EQUAL(level.bytes(), 3u);
  put("f", 5);
  CAF_CHECK_EQUAL(take_all(), (texts{"b", "d", "e", "f"}));
}

CAF_TEST(what_came_back_does_not_count_against_the_bounds) {
  queue_options small;
  small.max_messages = 2;
  small.max_bytes = 10;
  queue_level bounds{small};
  send_queue q{bounds};
  q.push_back(run_of({"aaaaaaaaaaaaaaaa", "b", "c"}, 0), true);
  CAF_CHECK(bounds.fits(2, 10, false));
  CAF_CHECK(!bounds.fits(3, 10, false));
  CAF_CHECK(!bounds.fits(2, 11, false));
  CAF_CHECK_EQUAL(bounds.messages(), 3u);
}

CAF_TEST(unlimited_bounds_do_not_overflow) {
  queue_options large;
  large.max_messages = large.max_bytes = std::numeric_limits<std::size_t>::max();
  large.overflow = overflow::block;
  queue_level bounds{large};
  CAF_CHECK(bounds.fits(1'000, 1'000, true));
  CAF_CHECK(bounds.fits(std::numeric_limits<std::size_t>::max(), 0, true));
}

CAF_TEST_FIXTURE_SCOPE_END()

} // namespace send_queue_test
