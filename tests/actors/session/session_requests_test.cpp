// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE session_requests

#include "session/session_requests.hpp"
#include "support/unit_test.hpp"

#include <chrono>

namespace session_requests_test {

using namespace wspool;
using namespace std::chrono_literals;
using kind = session_request_kind;

namespace {

struct fixture {
  session_requests tested;
  session_requests::time_point now{1h};

  fixture() { tested.set_deduplication(60s); }

  std::uint64_t add(kind what, std::chrono::seconds timeout = 1000s) {
    session_request request;
    request.kind = what;
    request.ticket = what == kind::restore ? 0 : 1;
    request.deadline = now + timeout;
    const auto id = tested.next_id();
    tested.add(id, std::move(request));
    return id;
  }
  /// Writes the next one; 0: nothing may be written.
  std::uint64_t write() {
    const auto id = tested.next_unwritten().value_or(0);
    if (id != 0)
      tested.written(id, now);
    return id;
  }
  /// What the lost connection ended, by error.
  std::vector<errc> lose() {
    std::vector<errc> result;
    for (const auto& one : tested.connection_lost(now))
      result.push_back(one.why.code);
    return result;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(session_requests_tests, fixture)

CAF_TEST(they_are_written_in_order_but_restored_subscriptions_first) {
  const auto publish = add(kind::publish);
  const auto query = add(kind::query);
  const auto restore = add(kind::restore);
  CAF_CHECK_EQUAL(tested.pending(), 2u);
  CAF_CHECK_EQUAL(write(), restore);
  CAF_CHECK_EQUAL(write(), publish);
  CAF_CHECK_EQUAL(write(), query);
  CAF_CHECK_EQUAL(write(), 0u);
}

CAF_TEST(no_more_publications_are_out_than_a_server_remembers) {
  const auto first = add(kind::publish);
  for (std::uint64_t i = 1; i <= session_requests::publish_window; ++i)
    add(kind::publish);
  const auto query = add(kind::query);
  for (std::uint64_t i = 0; i < session_requests::publish_window; ++i)
    CAF_CHECK(write() != 0);
  CAF_CHECK_EQUAL(write(), 0u);
  tested.take(first);
  CAF_CHECK_EQUAL(write(), query - 1);
  CAF_CHECK_EQUAL(write(), query);
}

CAF_TEST(a_lost_connection_ends_what_may_not_be_repeated) {
  for (const auto what : {kind::publish, kind::query, kind::subscribe, kind::presence,
                          kind::restore, kind::unsubscribe, kind::command, kind::command}) {
    add(what);
    if (tested.all().size() < 8)
      write();
  }
  CAF_CHECK_EQUAL(lose(), (std::vector{errc::none, errc::none, errc::connection_lost}));
  CAF_CHECK_EQUAL(tested.all().size(), 5u); // the last command was not written yet
  for (int i = 0; i < 5; ++i)
    CAF_CHECK(write() != 0);
}

CAF_TEST(publications_are_repeated_for_half_of_the_time_that_ids_are_known) {
  const auto id = add(kind::publish);
  write();
  now += 29s;
  CAF_CHECK(lose().empty());
  CAF_CHECK(!tested.is_too_old(*tested.find(id), now));
  CAF_CHECK(tested.is_too_old(*tested.find(id), now + 1s));
  write();
  now += 1s;
  CAF_CHECK_EQUAL(lose(), std::vector{errc::connection_lost});
}

CAF_TEST(what_was_refused_for_now_is_new_unless_it_was_written_before) {
  const auto id = add(kind::publish);
  write();
  tested.put_back(id);
  CAF_CHECK(!tested.find(id)->first_written);
  write();
  lose();
  write();
  tested.put_back(id); // the server cannot tell yet what became of the first time
  CAF_CHECK(tested.is_too_old(*tested.find(id), now + 30s));
}

CAF_TEST(queries_are_repeated_while_their_answer_may_be_remembered) {
  const auto id = add(kind::query);
  write();
  lose();
  CAF_CHECK(!tested.is_too_old(*tested.find(id), now + 59s));
  CAF_CHECK(tested.is_too_old(*tested.find(id), now + 60s));
}

CAF_TEST(deadlines_come_in_their_order) {
  const auto late = add(kind::query, 20s);
  const auto early = add(kind::publish, 10s);
  CAF_CHECK(tested.next_deadline() == now + 10s);
  CAF_CHECK(!tested.expired(now + 9s));
  CAF_CHECK_EQUAL(tested.expired(now + 30s).value_or(0), early);
  tested.take(early);
  CAF_CHECK_EQUAL(tested.expired(now + 30s).value_or(0), late);
}

CAF_TEST_FIXTURE_SCOPE_END()

} // namespace session_requests_test
