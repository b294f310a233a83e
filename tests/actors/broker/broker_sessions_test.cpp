// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE broker_sessions

#include "support/broker_fixture.hpp"

#include <wspool/authenticators.hpp>

namespace broker_sessions_test {

using namespace wspool;
using namespace wspool::test;

namespace {

const auto ping = R"({"type":"ping","id":5})";
const auto pong = R"({"type":"pong","id":5})";
const auto wrong_token = R"({"type":"error","id":1,"code":"unauthorized","field":"token",)"
                         R"("message":"token is not accepted"})";

std::string show(const std::string& token) {
  return R"({"type":"connect","id":1,"token":")" + token + "\"}";
}

std::int64_t today() {
  return std::chrono::duration_cast<std::chrono::seconds>(
           std::chrono::system_clock::now().time_since_epoch())
    .count();
}

struct fixture : broker_fixture {
  ~fixture() override {
    if (door)
      caf::anon_send_exit(door, caf::exit_reason::kill);
  }

  /// Accepts the token "for NAME" as NAME; with a hyphen it may be in the upgrade, too.
  void with_authenticator() {
    door = sys.spawn([this](authenticator_actor::pointer) -> authenticator_actor::behavior_type {
      return {[this](authenticate_atom, const auth_request& request) -> caf::result<auth_verdict> {
        requests.push_back(request);
        if (request.token == "broken")
          return caf::make_error(errc::io_error);
        auth_verdict verdict;
        if (!request.token.starts_with("for"))
          verdict.status = 401;
        else
          verdict.identity = request.token.substr(4);
        verdict.expires = expires;
        return verdict;
      }};
    });
    settings.authenticator = door;
  }

  /// Says "connect" after an upgrade that showed a token.
  scripted_client& arrive_with_token(const std::string& token) {
    auto& result = connect(
      "/", {{"Sec-WebSocket-Protocol", "wspool.v1.json"}, {"Authorization", "Bearer " + token}});
    CAF_CHECK(ask(result, R"({"type":"connect","id":1})").find(R"("identity":"ann")")
              != std::string::npos);
    return result;
  }

  authenticator_actor door;
  std::vector<auth_request> requests;
  std::int64_t expires = 0;
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(broker_sessions_tests, fixture)

CAF_TEST(connected_tells_the_connection_the_session_the_identity_and_the_limits) {
  start_all();
  auto& ann = arrive("wspool.v1.json", "ann");
  CAF_CHECK_EQUAL(ask(ann, R"({"type":"connect","id":1,"session":"b1f5"})"),
                  R"({"type":"connected","id":1,"connection":")" + newest().id
                    + R"(","session":"b1f5","identity":"ann","max_message_bytes":65536,)"
                      R"("deduplication_ms":120000})");
}

CAF_TEST(without_a_session_one_is_drawn) {
  start_all();
  const auto drawn = [this] {
    auto& who = arrive("wspool.v1.json");
    const auto fields = boost::json::parse(ask(who, R"({"type":"connect","id":1})"));
    return std::string{fields.at("session").as_string()};
  };
  const auto first = drawn();
  CAF_CHECK_EQUAL(first.size(), 32u);
  CAF_CHECK(first != drawn());
}

CAF_TEST(before_connect_nothing_is_worth_anything) {
  start_all();
  auto& ann = arrive("wspool.v1.json");
  CAF_CHECK_EQUAL(ask(ann, ping), R"({"type":"error","id":5,"code":"not_connected",)"
                                  R"("message":"connect must come first"})");
  CAF_CHECK(ask(ann, R"({"type":"subscribe","id":1,"channel":"a"})").find("not_connected")
            != std::string::npos);
  CAF_CHECK_EQUAL(counts().channels, 0u);
}

CAF_TEST(connect_may_come_again_but_with_no_other_session) {
  start_all();
  auto& ann = v1("ann", "s");
  CAF_CHECK(ask(ann, R"({"type":"connect","id":1})").find(R"("session":"s")") != std::string::npos);
  CAF_CHECK_EQUAL(ask(ann, R"({"type":"connect","id":1,"session":"t"})"),
                  R"({"type":"error","id":1,"code":"conflict","field":"session","message":)"
                  R"("session must be the same as long as the connection is"})");
}

CAF_TEST(an_unknown_subprotocol_without_a_default_dialect_is_closed_with_1002) {
  settings.default_dialect = "";
  start_all();
  auto& none = arrive("");
  auto& other = arrive("other");
  settle();
  CAF_CHECK_EQUAL(code_of(none), 1002);
  CAF_CHECK_EQUAL(code_of(other), 1002);
  CAF_CHECK_EQUAL(code_of(v1()), 0);
  CAF_CHECK_EQUAL(counts().clients, 1u);
}

CAF_TEST(who_has_no_subprotocol_or_one_that_is_no_dialect_speaks_the_default_one) {
  settings.default_dialect = "channels";
  start_all();
  CAF_CHECK_EQUAL(ask(arrive("other"), R"({"type":"ping"})"), R"({"type":"pong"})");
  CAF_CHECK_EQUAL(ask(arrive(""), R"({"type":"ping"})"), R"({"type":"pong"})");
}

CAF_TEST(a_token_makes_the_identity_and_is_shown_to_the_authenticator_only) {
  with_authenticator();
  start_all();
  auto& ann = arrive("wspool.v1.json");
  CAF_CHECK(ask(ann, show("for ann")).find(R"("identity":"ann")") != std::string::npos);
  CAF_REQUIRE_EQUAL(requests.size(), 1u);
  CAF_CHECK_EQUAL(requests.front().space, "default");
  CAF_CHECK_EQUAL(requests.front().token, "for ann");
  CAF_CHECK_EQUAL(requests.front().peer, "192.0.2.1:1000");
}

CAF_TEST(a_wrong_token_is_unauthorized_and_closed_with_4401) {
  with_authenticator();
  start_all();
  auto& ann = arrive("wspool.v1.json");
  CAF_CHECK_EQUAL(say(ann, show("secret"), ping), texts{wrong_token});
  CAF_CHECK_EQUAL(code_of(ann), 4401);
  CAF_CHECK(ann.closed()->reason.find("secret") == std::string::npos);
}

CAF_TEST(an_authenticator_that_fails_is_no_verdict) {
  with_authenticator();
  start_all();
  auto& ann = arrive("wspool.v1.json");
  CAF_CHECK(ask(ann, show("broken")).find("unavailable") != std::string::npos);
  CAF_CHECK_EQUAL(code_of(ann), 0);
  CAF_CHECK(ask(ann, show("for ann")).find("connected") != std::string::npos);
}

CAF_TEST(a_token_may_be_required) {
  settings.require_token = true;
  with_authenticator();
  start_all();
  auto& ann = arrive("wspool.v1.json");
  CAF_CHECK_EQUAL(ask(ann, R"({"type":"connect","id":1})"),
                  R"({"type":"error","id":1,"code":"unauthorized","field":"token",)"
                  R"("message":"token is missing"})");
  CAF_CHECK_EQUAL(code_of(ann), 4401);
  CAF_CHECK_EQUAL(code_of(v1("bob")), 0); // known since the upgrade
  auto& thin = arrive("thinws");
  settle();
  CAF_CHECK_EQUAL(code_of(thin), 4401); // has no word to show one with
}

CAF_TEST(an_authentication_ends_with_4401_unless_it_is_renewed) {
  with_authenticator();
  start_all();
  expires = today() + 60;
  auto& ann = arrive("wspool.v1.json");
  auto& bob = arrive("wspool.v1.json");
  (void)ask(ann, show("for ann"));
  (void)ask(bob, show("for bob"));
  advance(50s);
  expires = today() + 50 + 60; // the test's clock is ahead of the real one
  CAF_CHECK(ask(bob, show("for bob")).find("connected") != std::string::npos);
  advance(11s);
  CAF_CHECK_EQUAL(code_of(ann), 4401);
  CAF_CHECK_EQUAL(ask(bob, ping), pong);
  CAF_CHECK_EQUAL(code_of(bob), 0);
}

CAF_TEST(what_came_with_the_upgrade_is_renewed_by_connect) {
  with_authenticator();
  authenticator = door;
  expires = today() + 60;
  start_all();
  auto& ann = arrive_with_token("for-ann");
  auto& late = arrive_with_token("for-ann");
  advance(50s);
  expires = today() + 60; // the test's clock goes on alone
  CAF_CHECK(ask(ann, show("for ann")).find("connected") != std::string::npos);
  advance(11s);
  CAF_CHECK_EQUAL(code_of(late), 4401);
  CAF_CHECK_EQUAL(ask(ann, ping), pong);
  advance(40s);
  expires = 0;
  CAF_CHECK(ask(ann, show("for ann")).find("connected") != std::string::npos);
  advance(60s);
  CAF_CHECK_EQUAL(ask(ann, ping), pong); // for ever
}

CAF_TEST(a_renewal_that_is_refused_ends_what_the_upgrade_began) {
  with_authenticator();
  authenticator = door;
  start_all();
  auto& ann = arrive_with_token("for-ann");
  CAF_CHECK_EQUAL(say(ann, show("secret"), ping), texts{wrong_token});
  CAF_CHECK_EQUAL(code_of(ann), 4401);
}

CAF_TEST(whom_the_upgrade_let_in_is_nobody_else_by_connect) {
  with_authenticator();
  authenticator = door;
  start_all();
  auto& ann = connect(
    "/", {{"Sec-WebSocket-Protocol", "wspool.v1.json"}, {"Authorization", "Bearer for-ann"}});
  CAF_CHECK(ask(ann, show("for bob")).find("another identity") != std::string::npos);
  CAF_CHECK_EQUAL(code_of(ann), 4401);
}

CAF_TEST(where_tokens_may_come_late_one_of_the_upgrade_counts) {
  with_authenticator();
  authenticator = spawn_lenient_authenticator(sys, door);
  settings.require_token = true;
  start_all();
  (void)arrive_with_token("for-ann"); // and need not show it again
  CAF_CHECK_EQUAL(requests.size(), 1u);
  auto& bob = arrive("wspool.v1.json");
  CAF_CHECK(ask(bob, show("for bob")).find("connected") != std::string::npos);
  auto& stranger = arrive("wspool.v1.json");
  CAF_CHECK(ask(stranger, R"({"type":"connect","id":1})").find("token is missing")
            != std::string::npos);
  CAF_CHECK_EQUAL(connect("/", {{"Authorization", "Bearer wrong"}}).status(), 401u);
  auto& thin =
    connect("/", {{"Sec-WebSocket-Protocol", "thinws"}, {"Authorization", "Bearer for-ann"}});
  settle();
  CAF_CHECK_EQUAL(code_of(thin), 0); // though it has no word to show one with
}

CAF_TEST(a_token_of_somebody_else_renews_nothing) {
  with_authenticator();
  start_all();
  auto& ann = arrive("wspool.v1.json");
  (void)ask(ann, show("for ann"));
  CAF_CHECK_EQUAL(ask(ann, show("for bob")),
                  R"({"type":"error","id":1,"code":"unauthorized","field":"token",)"
                  R"("message":"token is of another identity"})");
  CAF_CHECK_EQUAL(code_of(ann), 4401);
}

CAF_TEST(disconnect_is_acknowledged_leaves_everything_and_closes_with_1000) {
  start_all();
  auto& ann = member("news");
  CAF_CHECK_EQUAL(say(ann, R"({"type":"disconnect","id":10})", ping),
                  texts{R"({"type":"ack","id":10})"});
  CAF_CHECK_EQUAL(code_of(ann), 1000);
  CAF_CHECK_EQUAL(counts().channels, 0u);
  auto& bob = v1();
  CAF_CHECK_EQUAL(say(bob, R"({"type":"disconnect"})"), texts{});
  CAF_CHECK_EQUAL(code_of(bob), 1000);
}

CAF_TEST(who_goes_on_sending_what_is_refused_is_closed_with_1008) {
  settings.max_rejections = 3;
  start_all();
  auto& ann = v1();
  for (int i = 0; i < 3; ++i)
    CAF_CHECK(ask(ann, "{").find("invalid_json") != std::string::npos);
  advance(10s); // forgiven
  for (int i = 0; i < 3; ++i)
    (void)ask(ann, R"({"type":"shout"})");
  CAF_CHECK_EQUAL(code_of(ann), 0);
  (void)say(ann, "{", ping);
  CAF_CHECK_EQUAL(code_of(ann), 1008);
  CAF_CHECK_EQUAL(counts().abusers, 1u);
  CAF_CHECK_EQUAL(counts().rejected, 7u);
}

CAF_TEST(what_the_server_cannot_do_is_not_held_against_a_client) {
  settings.max_rejections = 3;
  start_all();
  auto& ann = v1();
  script->failing = {{"publish", errc::no_connection}};
  for (int i = 0; i < 10; ++i)
    (void)ask(ann, R"({"type":"publish","channel":"news","data":1})");
  CAF_CHECK_EQUAL(code_of(ann), 0);
}

CAF_TEST(a_message_above_the_limit_is_refused) {
  settings.max_message_bytes = 200;
  start_all();
  auto& ann = v1();
  CAF_CHECK_EQUAL(ask(ann, R"({"type":"ping","id":")" + std::string(200, 'x') + "\"}"),
                  R"({"type":"error","code":"too_big",)"
                  R"("message":"the message is larger than 200 bytes"})");
}

CAF_TEST(before_a_drain_v1_clients_are_told_and_what_they_ask_is_still_answered) {
  settings.reconnect_window = 7s;
  start_all();
  auto& ann = v1();
  auto& bob = v1();
  auto& thin = arrive("thinws");
  auto answer = begin_at_broker<drain_report>(drain_atom_v, drain_order{1, {1012, "restart"}, 30s});
  const auto hint = R"({"type":"drain","deadline_ms":30000,"reconnect_after_ms":0,)"
                    R"("reconnect_window_ms":7000})";
  CAF_CHECK_EQUAL(hear(ann), texts{hint});
  CAF_CHECK_EQUAL(hear(bob), texts{hint});
  CAF_CHECK_EQUAL(code_of(ann), 1012); // the first one at once
  CAF_CHECK_EQUAL(ask(bob, R"({"type":"subscribe","id":1,"channel":"news"})"),
                  R"({"type":"subscribed","id":1,"channel":"news"})");
  advance(2s);
  CAF_CHECK_EQUAL(code_of(bob), 1012);
  CAF_CHECK_EQUAL(hear(thin), texts{});
  CAF_REQUIRE(answer->value.has_value());
  CAF_CHECK_EQUAL(answer->value->closed, 3u);
}

CAF_TEST(a_broker_that_comes_later_serves_those_who_are_there_and_one_that_ends_ends_nobody_else) {
  start();
  backplane = sys.spawn(scripted_backplane, script);
  auto& ann = arrive("wspool.v1.json");
  start_broker();
  CAF_CHECK(ask(ann, R"({"type":"connect","id":1})").find("connected") != std::string::npos);
  (void)begin_at_broker<caf::unit_t>(destroy_atom_v);
  CAF_CHECK_EQUAL(code_of(ann), 0);
  CAF_CHECK_EQUAL(stats().clients, 1u);
}

CAF_TEST(options_are_checked_by_name) {
  const auto wrong = [this](auto change) {
    auto bad = settings;
    change(bad);
    return validate(bad).detail;
  };
  CAF_CHECK_EQUAL(validate(settings).detail, "");
  CAF_CHECK(wrong([](auto& o) { o.default_dialect = "v2"; }).starts_with("default_dialect"));
  CAF_CHECK(wrong([](auto& o) { o.require_token = true; }).starts_with("require_token"));
  CAF_CHECK(wrong([](auto& o) { o.max_message_bytes = 0; }).starts_with("max_message_bytes"));
  CAF_CHECK(
    wrong([](auto& o) { o.max_channels_per_client = 0; }).starts_with("max_channels_per_client"));
  CAF_CHECK(wrong([](auto& o) { o.max_channels = 0; }).starts_with("max_channels"));
  CAF_CHECK(
    wrong([](auto& o) { o.max_queries_per_client = 0; }).starts_with("max_queries_per_client"));
  CAF_CHECK(wrong([](auto& o) { o.query_deadline = 0ms; }).starts_with("query_deadline"));
  CAF_CHECK(wrong([](auto& o) { o.backplane_timeout = 0ms; }).starts_with("backplane_timeout"));
  CAF_CHECK(wrong([](auto& o) { o.reconnect_window = -1ms; }).starts_with("reconnect_window"));
  CAF_CHECK(wrong([](auto& o) { o.name.clear(); }).starts_with("name"));
  CAF_CHECK(wrong([](auto& o) { o.max_rejections = 2'000'000; }).starts_with("max_rejections"));
  CAF_CHECK(wrong([](auto& o) { o.deduplication = -1ms; }).starts_with("deduplication"));
}

CAF_TEST_FIXTURE_SCOPE_END()

} // namespace broker_sessions_test
