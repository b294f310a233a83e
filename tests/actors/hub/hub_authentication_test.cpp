// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE hub_authentication

#include "support/hub_fixture.hpp"

#include "support/jwt_maker.hpp"
#include "support/scratch_file.hpp"

#include <wspool/authenticators.hpp>

#include <spdlog/logger.h>
#include <spdlog/sinks/ostream_sink.h>

#include <sstream>

namespace hub_authentication_test {

using namespace wspool;
using namespace wspool::test;

namespace {

const std::string token = "s3cr3t-t0k3n";

/// An authenticator that says what the test says.
struct judge_script {
  std::vector<auth_request> asked;
  std::optional<auth_verdict> verdict; ///< none: an error
  bool hold = false;                   ///< answers later, if at all
  std::vector<caf::typed_response_promise<auth_verdict>> held;
};

authenticator_actor::behavior_type scripted_judge(authenticator_actor::pointer self,
                                                  std::shared_ptr<judge_script> script) {
  return {
    [self, script](authenticate_atom, const auth_request& request) -> caf::result<auth_verdict> {
      script->asked.push_back(request);
      if (script->hold) {
        script->held.push_back(self->make_response_promise<auth_verdict>());
        return script->held.back();
      }
      if (!script->verdict)
        return caf::make_error(errc::io_error, "what it was asked about: " + request.token);
      return *script->verdict;
    },
  };
}

std::int64_t seconds_from_now(std::int64_t count) {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::seconds>(now).count() + count;
}

/// What the server writes down, to its end: never a token.
struct written_log {
  ~written_log() { CAF_CHECK(written.str().find(token) == std::string::npos); }
  std::ostringstream written;
};

struct fixture : written_log, hub_fixture {
  fixture() {
    options.logger = std::make_shared<spdlog::logger>(
      "test", std::make_shared<spdlog::sinks::ostream_sink_mt>(written));
    options.logger->set_level(spdlog::level::trace);
    authenticator = sys.spawn(scripted_judge, script);
  }

  ~fixture() override {
    script->held.clear();
    caf::anon_send_exit(authenticator, caf::exit_reason::kill);
  }

  /// Instead of the script.
  void use(authenticator_actor other) {
    caf::anon_send_exit(authenticator, caf::exit_reason::kill);
    authenticator = std::move(other);
  }

  scripted_client& connect_with_token(const std::string& target = "/") {
    return connect(target, {{"Authorization", "Bearer " + token}});
  }

  std::shared_ptr<judge_script> script = std::make_shared<judge_script>();
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(hub_authentication_tests, fixture)

CAF_TEST(the_authenticator_sees_the_request_and_names_the_client) {
  options.entrance.space = {request_part::path, "/", "lobby", false};
  options.entrance.identity = {request_part::header, "X-User", "nobody", false};
  script->verdict = accept_as("alice");
  start();
  auto& client = connect("/room?a=b", {{"Authorization", "Bearer " + token}, {"X-User", "mallory"}},
                         "192.0.2.7:99");
  CAF_REQUIRE(client.is_open());
  CAF_REQUIRE_EQUAL(script->asked.size(), 1u);
  const auto& request = script->asked[0];
  CAF_CHECK_EQUAL(request.space, "room");
  CAF_CHECK_EQUAL(request.target, "/room?a=b");
  CAF_CHECK_EQUAL(request.peer, "192.0.2.7:99");
  CAF_CHECK_EQUAL(request.token, token);
  CAF_CHECK_EQUAL(request.certificate, "");
  CAF_CHECK(std::any_of(request.headers.begin(), request.headers.end(),
                        [](const auto& h) { return h.name == "X-User" && h.value == "mallory"; }));
  CAF_CHECK_EQUAL(log->arrived.at(0).info.identity, "alice");
  CAF_CHECK_EQUAL(log->arrived.at(0).info.target, "/room");
  client.send_text("hello");
  settle();
  CAF_CHECK_EQUAL(log->messages.at(0).data, "hello");
}

CAF_TEST(a_verdict_without_identity_leaves_the_one_that_the_request_gave) {
  options.entrance.identity = {request_part::query, "user", "nobody", false};
  script->verdict = accept_as("");
  start();
  CAF_CHECK(connect("/?user=bob").is_open());
  CAF_CHECK_EQUAL(log->arrived.at(0).info.identity, "bob");
}

CAF_TEST(who_is_refused_is_told_so_with_status_headers_and_body) {
  script->verdict = refuse_with(403, "Not you.\n");
  script->verdict->headers = {{"X-Why", "because"}, {"X-Bad", "a\r\nSet-Cookie: b"}};
  start();
  auto& client = connect_with_token();
  CAF_CHECK_EQUAL(client.status(), 403u);
  CAF_CHECK_EQUAL(client.response().body, "Not you.\n");
  CAF_CHECK_EQUAL(std::string{client.response().header_value("X-Why")}, "because");
  CAF_CHECK(client.response().header_value("Set-Cookie").empty());
  CAF_CHECK(client.is_gone());
  const auto numbers = stats();
  CAF_CHECK_EQUAL(numbers.refused.at(403), 1u);
  CAF_CHECK_EQUAL(numbers.arrived, 0u);
  CAF_CHECK_EQUAL(numbers.failed, 0u);
  CAF_CHECK_EQUAL(numbers.sockets, 0u);
  CAF_CHECK(log->order.empty());
}

CAF_TEST(nobody_is_asked_about_who_may_not_come_in_anyway) {
  options.entrance.origins = {"https://example.com"};
  start();
  CAF_CHECK_EQUAL(connect("/", {{"Origin", "https://evil.example"}}).status(), 403u);
  CAF_CHECK(script->asked.empty());
}

CAF_TEST(an_error_refuses_with_503) {
  start();
  auto& client = connect_with_token();
  CAF_CHECK_EQUAL(client.status(), 503u);
  CAF_CHECK(client.response().body.find(token) == std::string::npos);
  CAF_CHECK_EQUAL(stats().refused.at(503), 1u);
  CAF_CHECK(written.str().find("no verdict") != std::string::npos);
}

CAF_TEST(an_authenticator_that_is_gone_refuses_with_503) {
  start();
  caf::anon_send_exit(authenticator, caf::exit_reason::kill);
  settle();
  CAF_CHECK_EQUAL(connect_with_token().status(), 503u);
}

CAF_TEST(no_answer_within_the_handshake_refuses_with_503_and_a_late_one_changes_nothing) {
  script->hold = true;
  start();
  auto& client = knock();
  advance(options.admission.handshake / 2); // counts from accepting on
  client.start({"server.test", "/", {}});
  settle();
  CAF_REQUIRE_EQUAL(script->held.size(), 1u);
  advance(options.admission.handshake / 2 - 1ms);
  CAF_CHECK_EQUAL(client.status(), 0u);
  advance(1ms);
  CAF_CHECK_EQUAL(client.status(), 503u);
  CAF_CHECK_EQUAL(stats().refused.at(503), 1u);
  script->held[0].deliver(accept_as("late"));
  settle();
  CAF_CHECK(log->arrived.empty());
  CAF_CHECK_EQUAL(stats().arrived, 0u);
  CAF_CHECK_EQUAL(stats().sockets, 0u);
}

CAF_TEST(a_client_is_closed_with_4401_when_its_authentication_expires) {
  script->verdict = accept_as("alice", seconds_from_now(60));
  start();
  auto& client = connect_with_token();
  CAF_REQUIRE(client.is_open());
  advance(50s); // the expiry is a time of the day, and tests take time
  CAF_CHECK(client.is_open());
  advance(10s);
  CAF_REQUIRE(client.closed().has_value());
  CAF_CHECK_EQUAL(client.closed()->code, close_code::unauthorized);
  CAF_CHECK_EQUAL(client.closed()->reason, "authentication expired");
  CAF_CHECK_EQUAL(log->left.at(0).code, close_code::unauthorized);
  CAF_CHECK_EQUAL(log->left.at(0).identity, "alice");
}

CAF_TEST(what_expired_before_is_refused_with_401) {
  script->verdict = accept_as("alice", seconds_from_now(-1));
  start();
  CAF_CHECK_EQUAL(connect_with_token().status(), 401u);
}

CAF_TEST(verdicts_that_make_no_sense_let_nobody_in) {
  start();
  script->verdict = refuse_with(200, "fine");
  CAF_CHECK_EQUAL(connect().status(), 500u);
  script->verdict = refuse_with(101, "");
  CAF_CHECK_EQUAL(connect().status(), 500u);
  script->verdict = accept_as("two\nlines");
  CAF_CHECK_EQUAL(connect().status(), 500u);
  CAF_CHECK(log->arrived.empty());
}

CAF_TEST(a_server_that_ends_meanwhile_leaves_nobody_behind) {
  script->hold = true;
  start();
  auto& client = connect();
  CAF_REQUIRE_EQUAL(script->held.size(), 1u);
  compat::anon_tell(hub, destroy_atom_v);
  settle();
  CAF_CHECK(client.is_gone());
}

// -- those that come with the library -------------------------------------------------------------

CAF_TEST(a_list_of_tokens_lets_in_whoever_has_one) {
  use(spawn_token_authenticator(sys, {{"alice", token}, {"bob", "other"}}));
  start();
  CAF_CHECK(connect_with_token().is_open());
  CAF_CHECK(connect("/?access_token=other").is_open());
  CAF_CHECK_EQUAL(log->arrived.at(0).info.identity, "alice");
  CAF_CHECK_EQUAL(log->arrived.at(1).info.identity, "bob");
  const auto& none = connect();
  CAF_CHECK_EQUAL(none.status(), 401u);
  CAF_CHECK_EQUAL(std::string{none.response().header_value("WWW-Authenticate")}, "Bearer");
  const auto& wrong = connect("/?access_token=" + token + "1");
  CAF_CHECK_EQUAL(wrong.status(), 401u);
  CAF_CHECK_EQUAL(std::string{wrong.response().header_value("WWW-Authenticate")},
                  "Bearer error=\"invalid_token\"");
  CAF_CHECK_EQUAL(stats().refused.at(401), 2u);
}

CAF_TEST(a_signed_token_lets_in_until_it_expires) {
  const std::string secret = "a secret that nobody guesses, ever";
  const scratch_file key{secret};
  jwt_options good;
  good.key_file = key.path();
  good.leeway = 0s;
  use(spawn_jwt_authenticator(sys, good));
  start();
  const auto signed_until = [&secret](std::int64_t expires) {
    return sign_hs256(unsigned_jwt(R"({"alg":"HS256","typ":"JWT"})",
                                   R"({"sub":"carol","exp":)" + std::to_string(expires) + "}"),
                      secret);
  };
  auto& client = connect("/?access_token=" + signed_until(seconds_from_now(60)));
  CAF_REQUIRE(client.is_open());
  CAF_CHECK_EQUAL(log->arrived.at(0).info.identity, "carol");
  CAF_CHECK_EQUAL(connect("/?access_token=" + signed_until(seconds_from_now(-1))).status(), 401u);
  advance(60s);
  CAF_REQUIRE(client.closed().has_value());
  CAF_CHECK_EQUAL(client.closed()->code, close_code::unauthorized);
}

CAF_TEST(authenticators_that_could_let_nobody_in_are_not_made) {
  const auto code_of = [](const auto& make) {
    try {
      make();
    } catch (const invalid_options& e) {
      CAF_CHECK(std::string{e.what()}.find(token) == std::string::npos);
      return e.code();
    }
    return errc::none;
  };
  CAF_CHECK_EQUAL(code_of([this] { (void)spawn_token_authenticator(sys, {}); }),
                  errc::invalid_option);
  CAF_CHECK_EQUAL(code_of([this] {
                    (void)spawn_token_authenticator(sys, {{"", token}});
                  }),
                  errc::invalid_option);
  CAF_CHECK_EQUAL(code_of([this] { (void)spawn_jwt_authenticator(sys, {}); }),
                  errc::invalid_option);
}

CAF_TEST_FIXTURE_SCOPE_END()

} // namespace hub_authentication_test
