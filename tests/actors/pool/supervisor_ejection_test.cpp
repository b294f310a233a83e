// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE supervisor_ejection

#include "actors/pool/supervisor_fixture.hpp"

namespace supervisor_ejection_test {

using namespace wspool;
using namespace wspool::test;

namespace {

/// Slots 0 to 4 belong to one endpoint, 5 to 9 to the other.
class fixture : public supervisor_fixture {
public:
  fixture() { options.endpoints = {{url, 5, 1, 0}, {other_url, 5, 1, 0}}; }

  void start_all() {
    start();
    advance(100ms);
    CAF_REQUIRE_EQUAL(connections.size(), 10u);
  }
  /// As many failures in a row as eject an endpoint.
  void fail(std::uint32_t first, errc why = errc::connect_failed) {
    for (std::uint32_t n = first; n < first + 5; ++n)
      end(n, unreached(why));
  }
  std::size_t spawned_for(const std::string& which) {
    std::size_t result = 0;
    for (auto& c : connections)
      result += c->setup.url == which ? 1 : 0;
    return result;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(supervisor_ejection_tests, fixture)

CAF_TEST(an_endpoint_that_keeps_failing_is_left_alone_and_comes_back_slowly) {
  start_all();
  fail(0);
  CAF_REQUIRE_EQUAL(log->ejected.size(), 1u);
  CAF_CHECK_EQUAL(log->ejected.front().endpoint, url);
  CAF_CHECK_EQUAL(log->ejected.front().duration, options.ejection.base);
  CAF_CHECK_GREATER_OR_EQUAL(log->retries.back().delay, options.ejection.base);
  advance(options.ejection.base - 1ms);
  CAF_CHECK_EQUAL(spawned_for(url), 5u);
  advance(51ms); // 10 ms for each of its slots
  CAF_CHECK_EQUAL(spawned_for(url), 10u);
  for (std::uint32_t n = 0; n < 5; ++n)
    CAF_CHECK(newest(n)->setup.slow_start);
  CAF_CHECK(!newest(5)->setup.slow_start);
  // Its share grows for a while from when it serves again; a retry within that is slow, too.
  end(0, unreached());
  await_retry();
  CAF_CHECK(newest(0)->setup.slow_start);
  open(1);
  end(2, unreached());
  await_retry();
  CAF_CHECK(newest(2)->setup.slow_start);
  advance(options.ejection.slow_start);
  end(3, unreached());
  await_retry();
  CAF_CHECK(!newest(3)->setup.slow_start);
}

CAF_TEST(slots_that_waited_for_less_wait_until_their_endpoint_returns) {
  start_all();
  fail(0);
  // Only the last slot knew of the ejection when it began to wait.
  const auto before = log->retries.size();
  advance(1s);
  CAF_CHECK_EQUAL(spawned_for(url), 5u);
  CAF_CHECK_EQUAL(log->retries.size(), before + 4);
  for (auto i = before; i < log->retries.size(); ++i) {
    CAF_CHECK_GREATER(log->retries[i].delay, options.ejection.base - 1s);
    CAF_CHECK_EQUAL(log->retries[i].attempt, 1u);
  }
}

CAF_TEST(a_lasting_connection_ends_the_row_of_failures) {
  start_all();
  for (std::uint32_t n = 0; n < 4; ++n)
    end(n, unreached());
  open(4);
  advance(options.reconnect.minimum_uptime);
  for (std::uint32_t n = 0; n < 4; ++n)
    end(n, unreached());
  CAF_CHECK(log->ejected.empty());
}

CAF_TEST(only_faults_of_the_endpoint_count) {
  start_all();
  for (std::uint32_t n = 0; n < 5; ++n)
    open(n);
  for (std::uint32_t n = 0; n < 5; ++n)
    end(n, closed_with(close_code::going_away));
  CAF_CHECK(log->ejected.empty());
  advance(1s);
  for (std::uint32_t n = 0; n < 5; ++n)
    open(n);
  for (std::uint32_t n = 0; n < 5; ++n)
    end(n, closed_with(close_code::internal_error));
  CAF_CHECK_EQUAL(log->ejected.size(), 1u);
}

CAF_TEST(the_last_usable_endpoint_is_never_ejected) {
  options.endpoints = {{url, 5, 1, 0}};
  start();
  advance(50ms);
  for (int round = 0; round < 5; ++round) {
    fail(0);
    advance(options.reconnect.maximum);
  }
  CAF_CHECK(log->ejected.empty());
  CAF_CHECK_EQUAL(connections.size(), 30u);
}

CAF_TEST(when_the_last_usable_endpoint_fails_too_the_other_returns_early) {
  start_all();
  fail(0);
  advance(1s);
  CAF_CHECK_EQUAL(spawned_for(url), 5u);
  fail(5);
  CAF_CHECK_EQUAL(log->ejected.size(), 1u);
  advance(50ms);
  CAF_CHECK_EQUAL(spawned_for(url), 10u);
  CAF_CHECK(newest(0)->setup.slow_start);
}

CAF_TEST(an_early_return_does_not_overrule_the_servers_own_hint) {
  start_all();
  end(0, refused_with(503, 20s));
  for (std::uint32_t n = 1; n < 5; ++n)
    end(n, unreached());
  CAF_REQUIRE_EQUAL(log->ejected.size(), 1u);
  advance(1s);
  fail(5);
  advance(19s - 1ms);
  CAF_CHECK_EQUAL(generation(0), 1u);
  CAF_CHECK_EQUAL(generation(1), 2u);
  advance(1ms + options.reconnect.maximum); // with the jitter on top
  CAF_CHECK_EQUAL(generation(0), 2u);
}

CAF_TEST(an_endpoint_that_was_given_up_is_no_alternative) {
  start_all();
  for (std::uint32_t n = 5; n < 10; ++n)
    end(n, refused_with(404));
  CAF_CHECK_EQUAL(log->given_up.size(), 5u);
  fail(0);
  CAF_CHECK(log->ejected.empty());
}

CAF_TEST(an_endpoint_that_was_removed_is_no_alternative) {
  start_all();
  fail(0);
  CAF_REQUIRE_EQUAL(log->ejected.size(), 1u);
  advance(1s);
  ask(remove_atom_v, std::string{other_url});
  advance(50ms);
  CAF_CHECK_EQUAL(spawned_for(url), 10u);
}

CAF_TEST_FIXTURE_SCOPE_END()

} // namespace supervisor_ejection_test
