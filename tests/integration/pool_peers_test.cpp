// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE pool_peers

#include "support/unit_test.hpp"

#include "support/certificates.hpp"
#include "support/live_pool.hpp"
#include "support/peer_process.hpp"

namespace pool_peers_test {

// A pool against a server on npm `ws` with all sorts of manners.

using namespace wspool;
using namespace wspool::test;

namespace {

struct fixture : live_pool {
  peer_server& peer() {
    if (!server)
      server.emplace();
    return *server;
  }
  std::optional<peer_server> server;
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(pool_peers_tests, fixture)

CAF_TEST(an_echo_of_both_kinds_comes_back) {
  CAF_REQUIRE(start_open(peer().url("/echo"), 3));
  send_options binary;
  binary.kind = message_kind::binary;
  CAF_CHECK(deliver("grüße"));
  CAF_CHECK(deliver(std::string{"\0\1\2", 3}, binary));
  CAF_CHECK(deliver(std::string(1'000'000, 'x')));
  CAF_CHECK(log->wait_for([](auto& seen) { return seen.messages.size() == 3; }));
  CAF_CHECK_EQUAL(stats().received, 3u);
  auto report = close();
  CAF_CHECK_EQUAL(report.sent, 3u);
}

CAF_TEST(refusals_tell_their_status_and_what_comes_next) {
  options.reconnect.attempts = 1;
  start(peer().url("/refuse/503?retry-after=1&body=overloaded"));
  CAF_CHECK(log->wait_for([](auto& seen) { return seen.retries.size() == 1; }));
  CAF_CHECK(log->wait_for([](auto& seen) { return seen.given_up.size() == 1; }));
  std::lock_guard guard{log->mutex};
  CAF_REQUIRE_EQUAL(log->refusals.size(), 2u);
  CAF_CHECK_EQUAL(log->refusals[0].response.status, 503u);
  CAF_CHECK_EQUAL(log->refusals[0].response.body, "overloaded");
  CAF_CHECK_GREATER_OR_EQUAL(log->retries[0].delay, 1s);
}

CAF_TEST(too_many_requests_are_tried_again) {
  CAF_CHECK(start_open(peer().url("/refuse/429?times=2")));
  CAF_CHECK(log->wait_for([](auto& seen) { return seen.refusals.size() == 2; }));
  CAF_CHECK(deliver("through at last"));
}

CAF_TEST(refused_credentials_are_fetched_afresh) {
  options.connect.upgrade.provider = [](const attempt_info& info) {
    return std::vector<header>{{"Authorization", info.refresh ? "Bearer new" : "Bearer old"}};
  };
  CAF_CHECK(start_open(peer().url("/credentials?expect=Bearer%20new")));
  CAF_CHECK(log->wait_for([](auto& seen) { return seen.refusals.size() == 1; }));
}

CAF_TEST(wrong_credentials_end_in_giving_up) {
  options.connect.upgrade.bearer = "wrong";
  start(peer().url("/credentials?expect=Bearer%20right"));
  CAF_CHECK(log->wait_for([](auto& seen) { return seen.given_up.size() == 1; }));
  CAF_CHECK_EQUAL(deliver("x").error, errc::unreachable);
}

CAF_TEST(a_server_that_closes_at_once_is_tried_with_growing_delays) {
  start(peer().url("/accept-then-close/1001"));
  CAF_REQUIRE(log->wait_for([](auto& seen) { return seen.closes.size() >= 5; }));
  std::lock_guard guard{log->mutex};
  for (std::size_t i = 0; i < log->retries.size(); ++i)
    CAF_CHECK_EQUAL(log->retries[i].attempt, i + 1);
  for (auto& close : log->closes)
    CAF_CHECK_EQUAL(close.code, 1001u);
}

CAF_TEST(a_server_that_never_answers_is_given_a_deadline) {
  options.connect.deadlines.handshake = 200ms;
  start(peer().url("/never?times=1"));
  CAF_CHECK(log->wait_for([](auto& seen) {
    return !seen.errors.empty() && seen.errors[0].code == errc::connect_timeout;
  }));
  CAF_CHECK(log->wait_for([](auto& seen) { return seen.opens.size() == 1; }));
}

CAF_TEST(a_server_that_stops_reading_fills_the_bounds_and_no_more) {
  options.queue.overflow = overflow::reject;
  options.queue.max_messages = 10;
  options.window.max_bytes = 1'000'000;
  options.heartbeat = {200ms, 300ms};
  CAF_REQUIRE(start_open(peer().url("/stall")));
  const std::string large(500'000, 'x');
  for (int i = 0; i < 200; ++i)
    compat::anon_tell(pool, send_atom_v, outgoing{large, {}});
  auto numbers = stats();
  CAF_CHECK_LESS_OR_EQUAL(numbers.queued_messages, 10u);
  CAF_CHECK_EQUAL(numbers.accepted, numbers.sent + numbers.failed + numbers.pending);
  CAF_CHECK_GREATER(numbers.failures["queue_full"], 0u);
  // It does not answer pings either.
  CAF_CHECK(log->wait_for([](auto& seen) {
    return !seen.closes.empty() && seen.closes[0].why == errc::heartbeat_timeout;
  }));
}

CAF_TEST(a_server_that_never_answers_pings_is_found_dead) {
  options.heartbeat = {100ms, 100ms};
  CAF_REQUIRE(start_open(peer().url("/silent")));
  CAF_CHECK(log->wait_for([](auto& seen) { return seen.closes.size() >= 2; }));
  std::lock_guard guard{log->mutex};
  CAF_CHECK_EQUAL(log->closes[0].why, errc::heartbeat_timeout);
}

CAF_TEST(each_close_code_has_its_consequence) {
  struct rule {
    int code;
    bool comes_back;
  };
  for (auto [code, comes_back] :
       {rule{1000, true}, rule{1001, true}, rule{1002, false}, rule{1003, false}, rule{1005, true},
        rule{1006, true}, rule{1007, false}, rule{1008, true}, rule{1009, true}, rule{1010, false},
        rule{1011, true}, rule{1012, true}, rule{1013, true}, rule{1014, true}, rule{3000, true},
        rule{3500, false}, rule{4000, true}, rule{4401, true}, rule{4500, false}}) {
    CAF_MESSAGE("close code " << code);
    live_pool one;
    CAF_REQUIRE(one.start_open(peer().url("/close/" + std::to_string(code) + "?reason=why")));
    compat::anon_tell(one.pool, send_atom_v, std::string{"now"});
    CAF_REQUIRE(one.log->wait_for([](auto& seen) { return seen.closes.size() == 1; }));
    CAF_CHECK(one.log->wait_for([back = comes_back](auto& seen) {
      return back ? seen.retries.size() == 1 : seen.given_up.size() == 1;
    }));
    std::lock_guard guard{one.log->mutex};
    CAF_CHECK_EQUAL(one.log->closes[0].code, code);
    if (code != 1005 && code != 1006)
      CAF_CHECK_EQUAL(one.log->closes[0].reason, "why");
    CAF_CHECK_EQUAL(one.log->closes[0].clean, code != 1006);
    CAF_CHECK(one.log->closes[0].began == initiator::remote);
  }
}

CAF_TEST(a_connection_killed_in_the_midst_of_a_frame_is_no_message) {
  CAF_REQUIRE(start_open(peer().url("/kill-mid-frame?after=2&echo=1&times=1")));
  CAF_CHECK(deliver("one"));
  CAF_CHECK(deliver("two"));
  CAF_CHECK(log->wait_for([](auto& seen) { return seen.closes.size() == 1; }));
  CAF_CHECK(log->wait_for([](auto& seen) { return seen.opens.size() == 2; }));
  CAF_CHECK(deliver("three"));
  CAF_CHECK(log->wait_for([](auto& seen) { return seen.position("message 0.2") < 1000; }));
  std::lock_guard guard{log->mutex};
  CAF_CHECK_EQUAL(log->closes[0].code, 1006u);
  for (auto& text : log->texts())
    CAF_CHECK(text == "one" || text == "two" || text == "three");
}

CAF_TEST(a_peer_that_breaks_the_protocol_is_given_up_and_named) {
  for (std::string kind :
       {"utf8", "opcode", "control-opcode", "masked", "rsv", "continuation", "fragmented-ping",
        "long-ping", "close-code", "close-length", "close-utf8"}) {
    CAF_MESSAGE("fault " << kind);
    live_pool one;
    one.start(peer().url("/bad/" + kind));
    CAF_CHECK(one.log->wait_for(
      [](auto& seen) { return seen.closes.size() >= 1 && seen.errors.size() >= 1; }));
    std::lock_guard guard{one.log->mutex};
    CAF_REQUIRE(!one.log->errors.empty());
    const auto code = one.log->errors[0].code;
    CAF_CHECK(code == errc::protocol_error || code == errc::invalid_utf8
              || code == errc::message_too_big);
    CAF_CHECK(!one.log->errors[0].text.empty());
  }
}

CAF_TEST(a_handshake_that_is_none_is_an_error_that_says_so) {
  for (std::string kind : {"accept", "upgrade", "subprotocol", "extension", "garbage", "close",
                           "reset", "half", "endless"}) {
    CAF_MESSAGE("handshake " << kind);
    live_pool one;
    one.start(peer().url("/bad-handshake/" + kind));
    CAF_CHECK(one.log->wait_for([](auto& seen) { return seen.errors.size() >= 1; }));
    std::lock_guard guard{one.log->mutex};
    CAF_CHECK(one.log->opens.empty());
    CAF_REQUIRE(!one.log->errors.empty());
    CAF_CHECK(!one.log->errors[0].text.empty());
  }
}

CAF_TEST(a_burst_of_received_messages_arrives_in_full_and_in_order) {
  options.window.max_unread_bytes = 64 * 1024;
  CAF_REQUIRE(start_open(peer().url("/flood?count=50000&size=100"), 1, {event::message, true}));
  auto received = [](auto& seen) {
    std::size_t count = 0;
    for (auto& batch : seen.batches)
      count += batch.messages.size();
    return count;
  };
  CAF_CHECK(log->wait_for([&](auto& seen) { return received(seen) == 50'000; }));
  std::lock_guard guard{log->mutex};
  int next = 0;
  bool in_order = true;
  for (auto& batch : log->batches)
    for (std::size_t i = 0; i < batch.messages.size(); ++i)
      in_order = in_order && std::stoi(std::string{batch.messages.data(i)}) == next++;
  CAF_CHECK(in_order);
}

CAF_TEST(compression_is_negotiated_and_carries_messages) {
  server.emplace(std::vector<std::string>{"--deflate"});
  options.connect.deflate.enabled = true;
  CAF_REQUIRE(start_open(peer().url("/echo"), 2));
  CAF_CHECK(log->wait_for([](auto& seen) { return seen.upgrades.size() == 2; }));
  const std::string text(200'000, 'z');
  for (int i = 0; i < 20; ++i)
    CAF_CHECK(deliver(text));
  CAF_CHECK(log->wait_for([](auto& seen) { return seen.messages.size() == 20; }));
  std::lock_guard guard{log->mutex};
  CAF_CHECK_NOT_EQUAL(
    log->upgrades[0].response.header_value("Sec-WebSocket-Extensions").find("permessage-deflate"),
    std::string_view::npos);
  for (auto& message : log->messages)
    CAF_CHECK(message.data == text);
}

CAF_TEST(tls_with_a_test_authority) {
  const auto own = identity("server");
  server.emplace(
    std::vector<std::string>{"--tls", "--cert", own.certificate_file, "--key",
                             own.key_file.empty() ? own.certificate_file : own.key_file});
  options.connect.tls.ca_file = authority_file();
  CAF_REQUIRE(start_open(peer().url("/echo"), 2));
  CAF_CHECK(deliver("secret"));
  CAF_CHECK(deliver(std::string(1'000'000, 'x')));
  CAF_CHECK(log->wait_for([](auto& seen) { return seen.messages.size() == 2; }));

  live_pool stranger; // does not know the authority
  stranger.options.reconnect.attempts = 0;
  stranger.start(peer().url("/echo"));
  CAF_CHECK(stranger.log->wait_for([](auto& seen) { return seen.errors.size() == 1; }));
  std::lock_guard guard{stranger.log->mutex};
  CAF_CHECK_EQUAL(stranger.log->errors[0].code, errc::certificate_invalid);
}

CAF_TEST_FIXTURE_SCOPE_END()

} // namespace pool_peers_test
