// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
//
// The faults that other tests rely on. What it has in common with sockets: byte_stream_test.cpp.
#define CAF_SUITE memory_stream

#include "stream_pairs.hpp"

#include "support/memory_stream.hpp"

#include "support/unit_test.hpp"

#include <functional>
#include <memory>
#include <string>
#include <tuple>
#include <vector>

namespace memory_stream_test {

using namespace wspool;
using namespace wspool::test;

namespace {

struct fixture : net_fixture {
  memory_stream::pointer tested;
  memory_stream::pointer peer;
  fake_connector how;

  fixture() { std::tie(tested, peer) = memory_stream::make_pair(context); }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(memory_stream_tests, fixture)

CAF_TEST(the_test_sends_and_takes_without_waiting) {
  auto got = collect(*tested);
  peer->send("hello");
  auto wrote = start_write(*tested, "world");
  pool.poll();
  CAF_CHECK_EQUAL(got->bytes, "hello");
  CAF_CHECK_EQUAL(peer->received(), "world");
  CAF_CHECK_EQUAL(peer->take(), "world");
  CAF_CHECK_EQUAL(peer->take(), "");
}

CAF_TEST(a_stalled_peer_takes_a_window_only) {
  peer->stall(3);
  auto wrote = start_write(*tested, "hello");
  pool.poll();
  CAF_CHECK(!wrote->called);
  CAF_CHECK_EQUAL(peer->take(), "hel");
  peer->resume();
  pool.poll();
  CAF_CHECK(wrote->called);
  CAF_CHECK_EQUAL(wrote->taken, 5u);
  CAF_CHECK_EQUAL(peer->take(), "lo");
}

CAF_TEST(a_write_can_be_made_to_fail) {
  auto got = collect(*tested);
  peer->fail_next_write(2);
  auto wrote = start_write(*tested, "hello");
  pool.poll();
  CAF_CHECK(wrote->called);
  CAF_CHECK(wrote->error == errc::connection_reset);
  CAF_CHECK_EQUAL(wrote->taken, 2u);
  CAF_CHECK_EQUAL(peer->take(), "he");
  CAF_CHECK_EQUAL(tested->in_doubt(2, 5), 0u);
  peer->doubt_writes();
  CAF_CHECK_EQUAL(tested->in_doubt(2, 5), 3u);
}

CAF_TEST(reads_can_be_split) {
  peer->split_reads(2);
  std::vector<std::string> pieces;
  std::function<void()> read = [&] {
    tested->async_read([&](std::error_code error, std::string_view bytes) {
      if (error)
        return;
      pieces.emplace_back(bytes);
      read();
    });
  };
  read();
  peer->send("hello");
  pool.poll();
  CAF_CHECK((pieces == std::vector<std::string>{"he", "ll", "o"}));
}

CAF_TEST(the_test_sees_how_the_other_end_ended) {
  tested->shutdown();
  CAF_CHECK(peer->peer_shut_down());
  CAF_CHECK(!peer->peer_closed());
  tested->close(true);
  CAF_CHECK(peer->peer_closed());
  CAF_CHECK(peer->peer_reset());
}

CAF_TEST(attempts_wait_for_a_decision) {
  auto result = std::make_shared<outcome>();
  connect_options options;
  options.upgrade.origin = "http://o";
  auto operation = start_connect(how, *this, "ws://a/x", options, result);
  pool.poll();
  CAF_CHECK(!result->called);
  CAF_REQUIRE_EQUAL(how.size(), 1u);
  CAF_CHECK_EQUAL(how.first_pending(), 0u);
  CAF_CHECK_EQUAL(how[0].target.url(), "ws://a/x");
  CAF_CHECK_EQUAL(how[0].options.upgrade.origin, "http://o");
  how.accept(0);
  CAF_CHECK(!result->called);
  pool.poll();
  CAF_REQUIRE(result->stream);
  auto wrote = start_write(*result->stream, "hi");
  pool.poll();
  CAF_CHECK_EQUAL(how.stream(0).take(), "hi");
  CAF_CHECK_EQUAL(how.first_pending(), 1u);
  CAF_CHECK_EQUAL(result->stream->peer(), "ws://a:80#0");
}

CAF_TEST(attempts_can_be_refused_or_decided_at_once) {
  auto first = std::make_shared<outcome>();
  auto operation = start_connect(how, *this, "ws://a", {}, first);
  how.refuse(0, {errc::connect_failed, "why"});
  pool.poll();
  CAF_CHECK(first->error.code == errc::connect_failed);
  how.decide_by([](const fake_connector::attempt& x) {
    return x.target.host == "bad" ? failure{errc::resolve_failed, "bad"} : failure{};
  });
  auto bad = std::make_shared<outcome>();
  auto good = std::make_shared<outcome>();
  auto second = start_connect(how, *this, "ws://bad", {}, bad);
  auto third = start_connect(how, *this, "ws://good", {}, good);
  CAF_CHECK(!bad->called && !good->called);
  pool.poll();
  CAF_CHECK(bad->error.code == errc::resolve_failed);
  CAF_CHECK(good->stream);
}

CAF_TEST(a_cancelled_attempt_hears_nothing) {
  auto result = std::make_shared<outcome>();
  auto operation = start_connect(how, *this, "ws://a", {}, result);
  operation->cancel();
  operation->cancel();
  CAF_CHECK(how[0].cancelled);
  CAF_CHECK(!how[0].pending);
  CAF_CHECK_EQUAL(result.use_count(), 1);
  how.accept_all();
  auto second = start_connect(how, *this, "ws://a", {}, result);
  second->cancel(); // after the decision, before it was told
  pool.poll();
  CAF_CHECK(!result->called);
  CAF_CHECK(how.stream(1).peer_closed());
}

CAF_TEST_FIXTURE_SCOPE_END()

} // namespace memory_stream_test
