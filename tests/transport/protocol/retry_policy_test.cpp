// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE retry_policy

#include "support/unit_test.hpp"

#include <wspool/retry_policy.hpp>

#include <rapidcheck.h>

#include <string>

namespace retry_policy_test {

using namespace wspool;
using namespace std::chrono_literals;
using std::chrono::milliseconds;

namespace {

std::string on_close(std::uint16_t code) {
  return std::string{to_string(retry_policy{}.on_close(code))};
}

std::string on_status(unsigned status) {
  return std::string{to_string(retry_policy{}.on_status(status))};
}

ending closed_with(std::uint16_t code, initiator began = initiator::remote,
                   std::string reason = {}) {
  ending result;
  result.why = errc::closed;
  result.was_open = true;
  result.close = close_info{code, std::move(reason), began, true};
  return result;
}

ending refused_with(unsigned status) {
  ending result;
  result.why = errc::upgrade_refused;
  result.http_status = status;
  return result;
}

ending failed_with(errc why, bool was_open = false) {
  ending result;
  result.why = why;
  result.was_open = was_open;
  return result;
}

retry_decision decide(const ending& how) { return retry_policy{}.decide(how); }

std::string action_of(const ending& how) { return std::string{to_string(decide(how).action)}; }

} // namespace

CAF_TEST(close_codes_follow_the_table) {
  for (auto code : {1000, 1001, 1005, 1006, 1009, 1011, 1014, 3000, 3499, 4000, 4499})
    CAF_CHECK_EQUAL(on_close(static_cast<std::uint16_t>(code)), "reconnect");
  for (auto code : {1002, 1003, 1007, 1010, 3500, 3999, 4500, 4999})
    CAF_CHECK_EQUAL(on_close(static_cast<std::uint16_t>(code)), "give-up");
  CAF_CHECK_EQUAL(on_close(1012), "restart-window");
  CAF_CHECK_EQUAL(on_close(1013), "long-backoff");
  CAF_CHECK_EQUAL(on_close(1008), "refresh-once");
  CAF_CHECK_EQUAL(on_close(4401), "refresh-once");
}

CAF_TEST(statuses_follow_the_table) {
  for (auto status : {408u, 425u, 429u, 500u, 502u, 503u, 504u, 520u})
    CAF_CHECK_EQUAL(on_status(status), "reconnect");
  for (auto status : {401u, 403u})
    CAF_CHECK_EQUAL(on_status(status), "refresh-once");
  for (auto status : {200u, 301u, 307u, 400u, 404u, 405u, 407u, 410u, 426u, 451u, 499u, 501u, 505u})
    CAF_CHECK_EQUAL(on_status(status), "give-up");
}

CAF_TEST(overrides_win) {
  retry_policy tested;
  tested.close_codes[1002] = retry_action::reconnect;
  tested.close_codes[4000] = retry_action::give_up;
  tested.statuses[404] = retry_action::long_backoff;
  CAF_CHECK(tested.decide(closed_with(1002)).action == retry_action::reconnect);
  CAF_CHECK(tested.decide(closed_with(4000)).action == retry_action::give_up);
  CAF_CHECK(tested.decide(refused_with(404)).action == retry_action::long_backoff);
  CAF_CHECK(tested.decide(closed_with(1003)).action == retry_action::give_up);
}

CAF_TEST(some_closings_count_against_the_endpoint) {
  for (auto code : {1011, 1014})
    CAF_CHECK(decide(closed_with(static_cast<std::uint16_t>(code))).endpoint_fault);
  for (auto code : {1000, 1001, 1005, 1006, 1009, 1012, 1013, 4000})
    CAF_CHECK(!decide(closed_with(static_cast<std::uint16_t>(code))).endpoint_fault);
  // What this side reports of itself is not the endpoint's fault.
  CAF_CHECK(!decide(closed_with(1011, initiator::local)).endpoint_fault);
}

CAF_TEST(a_peer_that_finds_a_message_too_big_must_not_get_it_again) {
  auto tested = decide(closed_with(1009));
  CAF_CHECK(tested.message_fault);
  CAF_CHECK(tested.action == retry_action::reconnect);
  CAF_CHECK(!decide(closed_with(1009, initiator::local)).message_fault);
  CAF_CHECK(!decide(closed_with(1011)).message_fault);
}

CAF_TEST(a_silent_peer_counts_against_its_endpoint_whatever_the_code) {
  auto how = closed_with(1006, initiator::local);
  how.why = errc::heartbeat_timeout;
  auto tested = decide(how);
  CAF_CHECK(tested.action == retry_action::reconnect);
  CAF_CHECK(tested.endpoint_fault);
}

CAF_TEST(refusals_of_a_failing_server_count_against_the_endpoint) {
  for (auto status : {500u, 502u, 503u, 504u, 521u})
    CAF_CHECK(decide(refused_with(status)).endpoint_fault);
  for (auto status : {401u, 403u, 404u, 408u, 425u, 429u})
    CAF_CHECK(!decide(refused_with(status)).endpoint_fault);
}

CAF_TEST(failed_attempts_try_again_and_count_against_the_endpoint) {
  for (auto why : {errc::resolve_failed, errc::connect_failed, errc::connect_timeout,
                   errc::tls_failed, errc::certificate_invalid, errc::proxy_refused,
                   errc::end_of_stream, errc::connection_reset}) {
    CAF_CHECK_EQUAL(action_of(failed_with(why)), "reconnect");
    CAF_CHECK(decide(failed_with(why)).endpoint_fault);
  }
}

CAF_TEST(a_broken_connection_tries_again_without_blame) {
  for (auto why : {errc::end_of_stream, errc::connection_reset, errc::idle_timeout, errc::crashed,
                   errc::message_too_big, errc::close_timeout, errc::io_error}) {
    CAF_CHECK_EQUAL(action_of(failed_with(why, true)), "reconnect");
    CAF_CHECK(!decide(failed_with(why, true)).endpoint_fault);
  }
}

CAF_TEST(what_the_same_request_would_meet_again_is_given_up) {
  for (auto why : {errc::upgrade_invalid, errc::subprotocol_mismatch, errc::too_many_redirects,
                   errc::protocol_error, errc::invalid_utf8, errc::invalid_header})
    CAF_CHECK_EQUAL(action_of(failed_with(why)), "give-up");
}

CAF_TEST(a_proxy_that_asks_for_credentials_is_given_up) {
  for (auto status : {401u, 403u, 407u}) {
    auto how = refused_with(status);
    how.why = errc::proxy_refused;
    CAF_CHECK_EQUAL(action_of(how), "give-up");
  }
  auto how = refused_with(502);
  how.why = errc::proxy_refused;
  CAF_CHECK_EQUAL(action_of(how), "reconnect");
  CAF_CHECK(decide(how).endpoint_fault);
}

CAF_TEST(hints_are_lower_bounds) {
  auto how = refused_with(503);
  how.retry_after = 7s;
  CAF_CHECK(decide(how).at_least == 7s);
  CAF_CHECK(decide(closed_with(1013, initiator::remote, "busy, retry-after=20")).at_least == 20s);
}

CAF_TEST(a_restart_names_its_window_or_gets_five_seconds) {
  auto tested = decide(closed_with(1012));
  CAF_CHECK(tested.window == 5s);
  CAF_CHECK(tested.at_least == 0s);
  tested = decide(closed_with(1012, initiator::remote, "deploying; retry-after: 30"));
  CAF_CHECK(tested.window == 30s);
  CAF_CHECK(tested.at_least == 0s);
}

CAF_TEST(hints_are_bounded) {
  auto how = refused_with(429);
  how.retry_after = milliseconds::max();
  CAF_CHECK(decide(how).at_least == longest_hint);
  how.retry_after = -5s;
  CAF_CHECK(decide(how).at_least == 0s);
}

CAF_TEST(every_ending_has_a_decision_that_is_always_the_same) {
  CAF_CHECK(rc::check([](bool was_open, bool has_close, std::uint16_t code, bool local) {
    ending how;
    how.why = static_cast<errc>(*rc::gen::inRange(0, static_cast<int>(errc::io_error) + 1));
    how.was_open = was_open;
    how.http_status = *rc::gen::inRange(0u, 700u);
    if (has_close)
      how.close = close_info{code, "", local ? initiator::local : initiator::remote, true};
    auto one = decide(how);
    auto other = decide(how);
    RC_ASSERT(one.action <= retry_action::give_up);
    RC_ASSERT(one.action == other.action && one.endpoint_fault == other.endpoint_fault);
    RC_ASSERT(one.at_least == 0s);
    RC_ASSERT((one.action == retry_action::restart_window) == (one.window > 0s));
  }));
}

} // namespace retry_policy_test
