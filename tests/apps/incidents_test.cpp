// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE incidents

#include "support/unit_test.hpp"

#include "events/incidents.hpp"

namespace incidents_test {

using namespace wspool;
using namespace wspool::cli;
using namespace std::chrono_literals;

namespace {

constexpr auto url = "ws://a/";

retry_event retry(std::uint32_t slot, std::chrono::milliseconds delay, std::uint32_t attempt = 1) {
  return {slot, url, attempt, delay, errc::connect_failed};
}

close_event close(errc why, std::uint16_t code, std::string reason, initiator began, bool clean) {
  return {{0, 1}, url, code, std::move(reason), began, clean, why};
}

} // namespace

CAF_TEST(a_failed_attempt_and_what_is_next_make_one_line) {
  incidents told;
  told.failed({{0, 1}, url, errc::connect_failed, "127.0.0.1:9: Connection refused"});
  CAF_CHECK_EQUAL(told.retries(retry(0, 450ms)),
                  "ws://a/: " + std::string{describe(errc::connect_failed)}
                    + ": 127.0.0.1:9: Connection refused; retrying in 450ms (attempt 1)");
  CAF_CHECK(told.take_all().empty());
}

CAF_TEST(a_refusal_shows_status_hint_and_the_first_line_of_its_body) {
  incidents told;
  unexpected_response_event refusal{{0, 1}, url, {503, "Busy", {}, "come back\nlater"}};
  refusal.response.headers.push_back({"retry-after", "7"});
  told.refused(refusal);
  told.failed({{0, 1}, url, errc::upgrade_refused, "503"});
  CAF_CHECK_EQUAL(told.retries(retry(0, 7'100ms, 3)),
                  "ws://a/: the server refused the upgrade: 503 Busy, Retry-After: 7 "
                  "\"come back\"; retrying in 7.1s (attempt 3)");
}

CAF_TEST(the_slots_do_not_mix) {
  incidents told;
  told.failed({{0, 1}, url, errc::connect_failed, "zero"});
  told.failed({{1, 1}, url, errc::connect_failed, "one"});
  CAF_CHECK(told.retries(retry(1, 1s)).find("one") != std::string::npos);
  CAF_CHECK(told.retries(retry(0, 1s)).find("zero") != std::string::npos);
}

CAF_TEST(a_close_by_the_server_tells_code_and_reason) {
  incidents told;
  told.closed(close(errc::closed, 1012, "moving", initiator::remote, true));
  CAF_CHECK_EQUAL(told.retries(retry(0, 90s)),
                  "ws://a/: the server closed the connection (close code 1012, service restart "
                  "\"moving\"); retrying in 90.0s (attempt 1)");
}

CAF_TEST(a_planned_close_is_no_incident) {
  incidents told;
  told.closed(close(errc::closed, 1000, "", initiator::local, true));
  told.closed(close(errc::shutdown, 1001, "", initiator::local, false));
  CAF_CHECK(told.take_all().empty());
}

CAF_TEST(without_a_cause_the_reason_of_the_retry_is_told) {
  incidents told;
  CAF_CHECK_EQUAL(told.gives_up({4, url, 2, errc::unreachable, {}}),
                  "ws://a/: " + std::string{describe(errc::unreachable)}
                    + "; giving up after 2 attempts");
}

CAF_TEST(what_is_followed_by_nothing_is_told_in_the_end) {
  incidents told;
  told.failed({{0, 1}, url, errc::crashed, "oops"});
  CAF_CHECK_EQUAL(told.take_all().size(), 1u);
  told.failed({{0, 1}, url, errc::crashed, "oops"});
  told.forget(0);
  CAF_CHECK(told.take_all().empty());
}

CAF_TEST(a_peer_cannot_write_to_the_terminal) {
  incidents told;
  told.closed(close(errc::closed, 4000, "\x1b[2Jhi\nthere", initiator::remote, true));
  auto line = told.retries(retry(0, 1s));
  CAF_CHECK(line.find('\x1b') == std::string::npos);
  CAF_CHECK(line.find('\n') == std::string::npos);
}

} // namespace incidents_test
