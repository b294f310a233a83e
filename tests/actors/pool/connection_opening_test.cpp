// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE connection_opening

#include "support/pool_fixture.hpp"

#include <stdexcept>

namespace connection_opening_test {

using namespace wspool;
using namespace wspool::test;

namespace {

struct fixture : pool_fixture {
  fixture() {
    // What is not about retries ends with the first attempt.
    options.reconnect.attempts = 0;
  }

  /// One attempt whose upgrade gets this answer.
  event_log_ptr start_refused(unsigned status, std::vector<header> headers = {},
                              std::string body = {}) {
    connector->accept_all();
    on_peer = [=](std::size_t, scripted_peer& p) { p.on_upgrade_refuse(status, headers, body); };
    return start_subscribed();
  }
  event_log_ptr start_subscribed() {
    pool = spawn_pool(sys, io, options);
    auto log = subscribe();
    advance(options.reconnect.initial);
    return log;
  }
  /// To the moment of the first attempt.
  event_log_ptr start_until_attempt() {
    pool = spawn_pool(sys, io, options);
    auto log = subscribe();
    for (int i = 0; connector->size() == 0 && i < 1'000; ++i)
      advance(1ms);
    CAF_REQUIRE_EQUAL(connector->size(), 1u);
    return log;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(connection_opening_tests, fixture)

CAF_TEST(an_upgrade_is_asked_for_as_the_options_say) {
  options.endpoints = {{"ws://one.test:8080/chat?room=1", 1, 1, 0}};
  options.connect.upgrade.headers = {{"X-Fixed", "1"}};
  options.connect.upgrade.origin = "https://origin.test";
  options.connect.upgrade.subprotocols = {"v2", "v1"};
  options.connect.upgrade.bearer = "token";
  on_peer = [](std::size_t, scripted_peer& p) {
    p.on_upgrade_accept({{{"X-Answer", "yes"}}, "v1"});
  };
  auto log = start_open();
  auto& request = last_peer().request();
  CAF_CHECK_EQUAL(request.target, "/chat?room=1");
  CAF_CHECK_EQUAL(last_peer().header("Host"), "one.test:8080");
  CAF_CHECK_EQUAL(last_peer().header("X-Fixed"), "1");
  CAF_CHECK_EQUAL(last_peer().header("Origin"), "https://origin.test");
  CAF_CHECK_EQUAL(last_peer().header("Sec-WebSocket-Protocol"), "v2, v1");
  CAF_CHECK_EQUAL(last_peer().header("Authorization"), "Bearer token");
  CAF_REQUIRE_EQUAL(log->upgrades.size(), 1u);
  CAF_CHECK_EQUAL(log->upgrades[0].response.status, 101u);
  CAF_CHECK_EQUAL(std::string{log->upgrades[0].response.header_value("x-answer")}, "yes");
  CAF_REQUIRE_EQUAL(log->opens.size(), 1u);
  CAF_CHECK_EQUAL(log->opens[0].subprotocol, "v1");
  CAF_CHECK_EQUAL(log->opens[0].endpoint, "ws://one.test:8080/chat?room=1");
  CAF_CHECK_LESS(log->position("upgrade 0.1"), log->position("open 0.1"));
}

CAF_TEST(credentials_of_the_url_win_and_stay_out_of_events) {
  options.endpoints = {{"ws://me:secret@one.test/", 1, 1, 0}};
  options.connect.upgrade.basic = "other:one";
  auto log = start_open();
  CAF_CHECK_EQUAL(last_peer().header("Authorization"), "Basic bWU6c2VjcmV0");
  CAF_CHECK_EQUAL(log->opens.at(0).endpoint, "ws://one.test/");
  CAF_CHECK_EQUAL(log->opens.at(0).peer.find("secret"), std::string::npos);
}

CAF_TEST(a_refused_upgrade_reaches_subscribers_with_all_that_came) {
  auto log = start_refused(404, {{"X-Why", "gone"}}, "no such thing");
  CAF_REQUIRE_EQUAL(log->refusals.size(), 1u);
  auto& response = log->refusals[0].response;
  CAF_CHECK_EQUAL(response.status, 404u);
  CAF_CHECK_EQUAL(response.body, "no such thing");
  CAF_CHECK_EQUAL(std::string{response.header_value("x-why")}, "gone");
  CAF_REQUIRE_EQUAL(log->errors.size(), 1u);
  CAF_CHECK_EQUAL(log->errors[0].code, errc::upgrade_refused);
  CAF_CHECK_NOT_EQUAL(log->errors[0].text.find("404"), std::string::npos);
  CAF_CHECK_EQUAL(log->given_up.size(), 1u);
  CAF_CHECK(log->closes.empty());
  CAF_CHECK_EQUAL(log->empties, 0u);
}

CAF_TEST(of_a_large_refusal_the_first_4_KiB_are_kept) {
  auto log = start_refused(404, {}, std::string(100'000, 'x'));
  CAF_REQUIRE_EQUAL(log->refusals.size(), 1u);
  CAF_CHECK_EQUAL(log->refusals[0].response.body.size(), 4096u);
}

CAF_TEST(retry_after_is_a_lower_bound_of_the_delay) {
  options.reconnect.attempts = {};
  auto log = start_refused(503, {{"Retry-After", "120"}});
  CAF_REQUIRE_EQUAL(log->retries.size(), 1u);
  CAF_CHECK_GREATER_OR_EQUAL(log->retries[0].delay, 120s);
  CAF_CHECK_EQUAL(log->retries[0].why, errc::upgrade_refused);
  advance(118s);
  CAF_CHECK_EQUAL(connector->size(), 1u);
}

CAF_TEST(refused_credentials_are_refreshed_once) {
  options.reconnect.attempts = {};
  std::vector<attempt_info> asked;
  options.connect.upgrade.provider = [&](const attempt_info& info) {
    asked.push_back(info);
    return std::vector<header>{{"Authorization", info.refresh ? "fresh" : "stale"}};
  };
  auto log = start_refused(401);
  advance(5s);
  CAF_REQUIRE_EQUAL(asked.size(), 2u);
  CAF_CHECK(!asked[0].refresh);
  CAF_CHECK_EQUAL(asked[0].attempt, 1u);
  CAF_CHECK_EQUAL(asked[0].target.host, "one.test");
  CAF_CHECK(asked[1].refresh);
  CAF_CHECK_EQUAL(peer(0).header("Authorization"), "stale");
  CAF_CHECK_EQUAL(peer(1).header("Authorization"), "fresh");
  CAF_REQUIRE_EQUAL(log->given_up.size(), 1u);
  advance(1h);
  CAF_CHECK_EQUAL(connector->size(), 2u);
}

CAF_TEST(fresh_credentials_open_the_connection) {
  options.reconnect.attempts = {};
  options.connect.upgrade.provider = [](const attempt_info& info) {
    return std::vector<header>{{"Authorization", info.refresh ? "fresh" : "stale"}};
  };
  connector->accept_all();
  on_peer = [](std::size_t attempt, scripted_peer& p) {
    if (attempt == 0)
      p.on_upgrade_refuse(401);
  };
  auto log = start_subscribed();
  advance(5s);
  CAF_CHECK_EQUAL(stats().open, 1u);
  CAF_CHECK_EQUAL(log->opens.size(), 1u);
}

CAF_TEST(the_provider_is_asked_afresh_for_every_attempt) {
  options.reconnect.attempts = {};
  int calls = 0;
  options.connect.upgrade.provider = [&](const attempt_info&) {
    return std::vector<header>{{"X-Call", std::to_string(++calls)}};
  };
  start_open();
  CAF_CHECK_EQUAL(peer(0).header("X-Call"), "1");
  peer(0).drop();
  advance(options.reconnect.initial);
  CAF_CHECK_EQUAL(peer(1).header("X-Call"), "2");
}

CAF_TEST(a_header_that_must_not_be_sent_fails_the_attempt) {
  options.connect.upgrade.provider = [](const attempt_info&) {
    return std::vector<header>{{"X-Bad", "two\r\nlines"}};
  };
  connector->accept_all();
  auto log = start_subscribed();
  CAF_REQUIRE_EQUAL(log->errors.size(), 1u);
  CAF_CHECK_EQUAL(log->errors[0].code, errc::invalid_header);
  CAF_CHECK_NOT_EQUAL(log->errors[0].text.find("X-Bad"), std::string::npos);
}

CAF_TEST(a_provider_that_throws_is_a_crash_that_the_supervisor_handles) {
  options.reconnect.attempts = {};
  int calls = 0;
  options.connect.upgrade.provider = [&](const attempt_info&) {
    if (++calls == 1)
      throw std::runtime_error{"no token today"};
    return std::vector<header>{};
  };
  connector->accept_all();
  auto log = start_subscribed();
  CAF_REQUIRE_EQUAL(log->errors.size(), 1u);
  CAF_CHECK_EQUAL(log->errors[0].code, errc::crashed);
  CAF_REQUIRE_EQUAL(log->retries.size(), 1u);
  CAF_CHECK_EQUAL(log->retries[0].why, errc::crashed);
  advance(log->retries[0].delay);
  CAF_CHECK_EQUAL(stats().open, 1u);
  CAF_CHECK_EQUAL(calls, 2);
}

CAF_TEST(an_upgrade_without_an_answer_ends_at_the_deadline) {
  connector->accept_all();
  on_peer = [](std::size_t, scripted_peer& p) { p.on_upgrade_wait(); };
  auto log = start_until_attempt();
  advance(options.connect.deadlines.handshake - 1ms);
  CAF_CHECK(log->errors.empty());
  CAF_CHECK(!last_peer().is_gone());
  advance(1ms);
  CAF_REQUIRE_EQUAL(log->errors.size(), 1u);
  CAF_CHECK_EQUAL(log->errors[0].code, errc::connect_timeout);
  CAF_CHECK(last_peer().is_gone());
}

CAF_TEST(a_connection_that_cannot_be_made_is_reported_and_tried_again) {
  options.reconnect.attempts = {};
  connector->decide_by([this](const fake_connector::attempt&) {
    return connector->size() < 4 ? failure{errc::connect_failed, "one.test: refused"} : failure{};
  });
  auto log = start_subscribed();
  advance(1min);
  CAF_CHECK_EQUAL(log->errors.size(), 3u);
  CAF_REQUIRE_EQUAL(log->retries.size(), 3u);
  for (std::uint32_t i = 0; i < 3; ++i) {
    CAF_CHECK_EQUAL(log->retries[i].attempt, i + 1);
    CAF_CHECK_LESS_OR_EQUAL(log->retries[i].delay, options.reconnect.initial * (1 << i));
    CAF_CHECK_EQUAL(log->retries[i].why, errc::connect_failed);
  }
  CAF_CHECK_EQUAL(stats().open, 1u);
  CAF_CHECK_EQUAL(log->empties, 0u);
  CAF_CHECK_EQUAL(log->readies.size(), 1u);
}

CAF_TEST(a_redirect_is_followed_if_the_options_allow) {
  options.connect.upgrade.max_redirects = 1;
  options.connect.upgrade.bearer = "token";
  connector->accept_all();
  on_peer = [](std::size_t attempt, scripted_peer& p) {
    if (attempt == 0)
      p.on_upgrade_refuse(307, {{"Location", "ws://two.test/there"}});
  };
  auto log = start_subscribed();
  CAF_REQUIRE_EQUAL(connector->size(), 2u);
  CAF_CHECK_EQUAL((*connector)[1].target.url(), "ws://two.test/there");
  CAF_CHECK_EQUAL(peer(1).request().target, "/there");
  CAF_CHECK_EQUAL(peer(0).header("Authorization"), "Bearer token");
  CAF_CHECK_EQUAL(peer(1).header("Authorization"), "");
  CAF_CHECK(peer(0).is_gone());
  CAF_CHECK_EQUAL(stats().open, 1u);
  CAF_CHECK(log->refusals.empty());
  CAF_CHECK_EQUAL(log->opens.size(), 1u);
}

CAF_TEST(redirects_are_off_by_default) {
  auto log = start_refused(302, {{"Location", "ws://two.test/"}});
  CAF_CHECK_EQUAL(connector->size(), 1u);
  CAF_REQUIRE_EQUAL(log->refusals.size(), 1u);
  CAF_CHECK_EQUAL(log->refusals[0].response.status, 302u);
}

CAF_TEST(redirects_without_end_are_not_followed_for_ever) {
  options.connect.upgrade.max_redirects = 3;
  auto log = start_refused(302, {{"Location", "/again"}});
  CAF_CHECK_EQUAL(connector->size(), 4u);
  CAF_REQUIRE_EQUAL(log->errors.size(), 1u);
  CAF_CHECK_EQUAL(log->errors[0].code, errc::too_many_redirects);
  CAF_CHECK_EQUAL(log->refusals.size(), 1u);
}

CAF_TEST(a_subprotocol_that_was_not_offered_fails_the_attempt) {
  options.connect.upgrade.subprotocols = {"v1"};
  connector->accept_all();
  on_peer = [](std::size_t, scripted_peer& p) { p.on_upgrade_accept({{}, "v9"}); };
  auto log = start_subscribed();
  CAF_REQUIRE_EQUAL(log->errors.size(), 1u);
  CAF_CHECK_EQUAL(log->errors[0].code, errc::subprotocol_mismatch);
  CAF_CHECK(log->opens.empty());
}

CAF_TEST(a_peer_that_leaves_during_the_upgrade_is_an_error) {
  connector->accept_all();
  on_peer = [](std::size_t, scripted_peer& p) {
    p.on_upgrade_wait();
    p.drop();
  };
  auto log = start_subscribed();
  CAF_REQUIRE_EQUAL(log->errors.size(), 1u);
  CAF_CHECK(log->closes.empty());
  CAF_CHECK_EQUAL(log->given_up.size(), 1u);
}

CAF_TEST(messages_that_come_with_the_answer_are_delivered) {
  connector->accept_all();
  on_peer = [](std::size_t, scripted_peer& p) { p.on_upgrade_wait(); };
  auto log = start_until_attempt();
  last_peer().accept_now();
  last_peer().pump_without_sending();
  last_peer().send_text("early");
  settle();
  CAF_CHECK_EQUAL(log->texts(), std::vector<std::string>{"early"});
  CAF_CHECK_LESS(log->position("open 0.1"), log->position("message 0.1"));
}

CAF_TEST(an_answer_that_comes_byte_by_byte_will_do) {
  on_peer = [](std::size_t, scripted_peer& p) { p.stream().split_reads(1); };
  auto log = start_open();
  last_peer().send_text("hello");
  settle();
  CAF_CHECK_EQUAL(log->texts(), std::vector<std::string>{"hello"});
}

CAF_TEST(deliveries_fail_as_unreachable_once_every_slot_is_given_up) {
  connector->decide_by([](const fake_connector::attempt&) {
    return failure{errc::connect_failed, "refused"};
  });
  pool = spawn_pool(sys, io, options);
  auto waiting = deliver("early");
  auto open = ask<std::uint32_t>(await_open_atom_v);
  advance(options.reconnect.initial);
  CAF_CHECK(failed_with(waiting, errc::unreachable));
  CAF_CHECK(failed_with(open, errc::unreachable));
  CAF_CHECK(failed_with(deliver("late"), errc::unreachable));
  auto numbers = stats();
  CAF_CHECK_EQUAL(numbers.failed, 2u);
  CAF_CHECK_EQUAL(numbers.failures["unreachable"], 2u);
  CAF_CHECK_EQUAL(numbers.closed, 1u);
}

CAF_TEST_FIXTURE_SCOPE_END()

} // namespace connection_opening_test
