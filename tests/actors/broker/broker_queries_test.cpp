// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE broker_queries

#include "support/broker_fixture.hpp"

#include <deque>

namespace broker_queries_test {

using namespace wspool;
using namespace wspool::test;

namespace {

std::string query(int id, const std::string& more = {}) {
  return R"({"type":"query","id":)" + std::to_string(id) + R"(,"name":"price")" + more + "}";
}
std::string keyed(int id, const std::string& key = "k", const std::string& more = {}) {
  return query(id, R"(,"key":")" + key + "\"" + more);
}
std::string response(int id, const std::string& data = "1") {
  return R"({"type":"response","id":)" + std::to_string(id) + R"(,"data":)" + data + "}";
}
std::string error(int id, const std::string& code) {
  return R"({"type":"error","id":)" + std::to_string(id) + R"(,"code":")" + code + "\"";
}
/// What the backplane knows ann's query in the session "s" by.
std::string claim_of(const std::string& key) {
  return "default\x1f"
         "ann\x1f"
         "s\x1f"
         + key;
}
const auto cancelled = R"({"type":"error","id":1,"code":"cancelled",)"
                       R"("message":"the query was cancelled"})";

/// An application that answers when the test says so.
struct fixture : broker_fixture {
  ~fixture() override {
    waiting.clear();
    commands_waiting.clear();
  }

  void start_with_application() {
    auto made =
      sys.spawn([this](application_actor::pointer actor) -> application_actor::behavior_type {
        return {
          [this, actor](query_atom, const client_call& call) -> caf::result<content> {
            calls.push_back(call);
            if (call.name == "nothing")
              return caf::make_error(errc::unknown_endpoint);
            auto answer = actor->make_response_promise<content>();
            waiting.push_back(answer);
            return answer;
          },
          [this, actor](command_atom, const client_call& call) -> caf::result<void> {
            calls.push_back(call);
            if (call.name == "nothing")
              return caf::make_error(errc::unknown_endpoint);
            compat::void_promise answer{actor};
            commands_waiting.push_back(answer);
            return answer;
          },
        };
      });
    settings.application = made;
    application = caf::actor_cast<caf::actor>(made);
    start_all();
  }
  /// The first query that waits is answered.
  void respond(const std::string& data = "1") {
    CAF_REQUIRE(!waiting.empty());
    waiting.front().deliver(content{data, message_kind::text});
    waiting.pop_front();
    settle();
  }
  void fail(errc why) {
    CAF_REQUIRE(!waiting.empty());
    waiting.front().deliver(caf::make_error(why));
    waiting.pop_front();
    settle();
  }
  static bool is_error(const std::string& heard, int id, const std::string& code) {
    return heard.starts_with(error(id, code));
  }

  std::vector<client_call> calls;
  std::deque<caf::typed_response_promise<content>> waiting;
  std::deque<compat::void_promise> commands_waiting;
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(broker_queries_tests, fixture)

CAF_TEST(the_application_is_told_who_asks_what_and_its_answer_goes_back) {
  start_with_application();
  auto& ann = v1("ann");
  (void)say(ann, query(7, R"(,"data":{"of":"tea"})"));
  CAF_REQUIRE_EQUAL(calls.size(), 1u);
  CAF_CHECK(calls[0].client == newest());
  CAF_CHECK_EQUAL(calls[0].identity, "ann");
  CAF_CHECK_EQUAL(calls[0].name, "price");
  CAF_CHECK((calls[0].data == content{R"({"of":"tea"})", message_kind::text}));
  respond(R"({"eur":4.5})");
  CAF_CHECK_EQUAL(hear(ann), texts{response(7, R"({"eur":4.5E0})")});
}

CAF_TEST(answers_come_when_they_are_there_and_hold_up_nothing_else) {
  start_with_application();
  auto& ann = v1();
  CAF_CHECK_EQUAL(say(ann, query(1), query(2), R"({"type":"ping","id":3})"),
                  texts{R"({"type":"pong","id":3})"});
  waiting.back().deliver(content{"2", message_kind::text});
  waiting.pop_back();
  CAF_CHECK_EQUAL(hear(ann), texts{response(2, "2")});
  respond();
  CAF_CHECK_EQUAL(hear(ann), texts{response(1)});
}

CAF_TEST(what_the_application_does_not_know_is_not_found_and_nothing_is_without_one) {
  start_with_application();
  auto& ann = v1();
  CAF_CHECK(is_error(ask(ann, R"({"type":"query","id":1,"name":"nothing"})"), 1, "not_found"));
  CAF_CHECK(is_error(ask(ann, R"({"type":"command","id":1,"name":"nothing"})"), 1, "not_found"));
}

CAF_TEST(without_an_application_nothing_is_found) {
  start_all();
  auto& ann = v1();
  CAF_CHECK(is_error(ask(ann, query(1)), 1, "not_found"));
  CAF_CHECK(is_error(ask(ann, R"({"type":"command","id":1,"name":"x"})"), 1, "not_found"));
}

CAF_TEST(errors_of_the_application_have_their_words_and_its_text_stays_with_it) {
  start_with_application();
  auto& ann = v1();
  for (const auto& [why, code] :
       std::map<errc, std::string>{{errc::io_error, "internal"},
                                   {errc::queue_full, "unavailable"},
                                   {errc::expired, "deadline_exceeded"},
                                   {errc::invalid_message, "invalid_field"}}) {
    (void)say(ann, query(1));
    fail(why);
    CAF_CHECK(is_error(hear(ann).at(0), 1, code));
  }
  (void)say(ann, query(1));
  respond("{"); // no JSON
  CAF_CHECK(is_error(hear(ann).at(0), 1, "internal"));
}

CAF_TEST(what_is_not_answered_in_time_is_over_and_a_late_answer_is_none) {
  settings.query_deadline = 3s;
  start_with_application();
  auto& ann = v1();
  (void)say(ann, query(1), query(2, R"(,"deadline_ms":500)"));
  advance(499ms);
  CAF_CHECK_EQUAL(hear(ann), texts{});
  advance(1ms);
  CAF_CHECK_EQUAL(hear(ann), texts{R"({"type":"error","id":2,"code":"deadline_exceeded",)"
                                   R"("message":"the query took longer than 500ms"})"});
  advance(2500ms);
  CAF_CHECK_EQUAL(hear(ann), texts{R"({"type":"error","id":1,"code":"deadline_exceeded",)"
                                   R"("message":"the query took longer than 3s"})"});
  (void)say(ann, query(1)); // the id is free again
  respond("\"late\"");
  CAF_CHECK_EQUAL(hear(ann), texts{});
  respond("\"late\"");
  respond();
  CAF_CHECK_EQUAL(hear(ann), texts{response(1)});
}

CAF_TEST(a_cancelled_query_is_answered_so_and_not_again) {
  start_with_application();
  auto& ann = v1();
  CAF_CHECK_EQUAL(say(ann, R"({"type":"cancel","id":1})"), texts{});
  CAF_CHECK_EQUAL(say(ann, query(1), R"({"type":"cancel","id":1})"), texts{cancelled});
  respond();
  CAF_CHECK_EQUAL(hear(ann), texts{});
  CAF_CHECK_EQUAL(say(ann, R"({"type":"cancel","id":1})"), texts{});
}

CAF_TEST(an_id_that_runs_is_a_conflict_and_there_is_a_limit) {
  settings.max_queries_per_client = 2;
  start_with_application();
  auto& ann = v1();
  CAF_CHECK_EQUAL(say(ann, query(1), query(1)),
                  texts{R"({"type":"error","id":1,"code":"conflict","field":"id",)"
                        R"("message":"id is that of a query that runs"})"});
  CAF_CHECK_EQUAL(say(ann, query(2)), texts{});
  CAF_CHECK(is_error(ask(ann, query(3)), 3, "limit_exceeded"));
  respond();
  CAF_CHECK_EQUAL(hear(ann), texts{response(1)});
  CAF_CHECK_EQUAL(say(ann, query(3)), texts{});
  CAF_CHECK_EQUAL(calls.size(), 3u);
}

CAF_TEST(with_a_key_it_runs_once_and_repetitions_get_its_answer) {
  start_with_application();
  auto& ann = v1("ann", "s");
  auto& again = v1("ann", "s");
  auto& bob = v1("bob", "s");
  (void)say(ann, keyed(1));
  (void)say(again, keyed(2));
  (void)say(bob, keyed(3)); // another client
  CAF_CHECK_EQUAL(calls.size(), 2u);
  respond("5");
  CAF_CHECK_EQUAL(hear(ann), texts{response(1, "5")});
  CAF_CHECK_EQUAL(hear(again), texts{response(2, "5")});
  CAF_CHECK_EQUAL(hear(bob), texts{});
  CAF_CHECK_EQUAL(say(ann, keyed(4)), texts{response(4, "5")});
  advance(121s);
  CAF_CHECK_EQUAL(say(ann, keyed(5)), texts{}); // forgotten
  CAF_CHECK_EQUAL(calls.size(), 3u);
}

CAF_TEST(with_a_key_it_runs_once_on_all_nodes) {
  start_with_application();
  script->claims.settle(claim_of("done"), "n2", "price\nt" + response(0, "7"), 60s, now());
  auto& ann = v1("ann", "s");
  CAF_CHECK_EQUAL(say(ann, keyed(1, "done")), texts{response(1, "7")});
  CAF_CHECK_EQUAL(say(ann, keyed(2, "done")), texts{response(2, "7")});
  CAF_CHECK(calls.empty());
  (void)script->claims.claim(claim_of("runs"), "n2", 60s, now());
  CAF_CHECK_EQUAL(say(ann, keyed(3, "runs"), keyed(4, "runs")), texts{});
  const auto refused = R"({"type":"error","id":0,"code":"internal","message":"no"})";
  script->claims.settle(claim_of("runs"), "n2", std::string{"price\nt"} + refused, 60s, now());
  advance(1s);
  const auto heard = hear(ann);
  CAF_REQUIRE_EQUAL(heard.size(), 2u);
  CAF_CHECK(is_error(heard[0], 3, "internal"));
  CAF_CHECK(is_error(heard[1], 4, "internal"));
  CAF_CHECK(calls.empty());
}

CAF_TEST(bytes_and_names_cross_the_nodes_too) {
  start_with_application();
  auto& ann = v1("ann", "s");
  (void)say(ann, keyed(1));
  waiting.front().deliver(content{"x\ny", message_kind::binary});
  waiting.pop_front();
  const auto bytes = hear(ann);
  broker_options other = settings;
  other.seed = 4712;
  (void)begin_at_broker<caf::unit_t>(destroy_atom_v); // its client stays
  settings = other;
  start_broker();
  auto& again = v1("ann", "s");
  CAF_CHECK(
    is_error(ask(again, R"({"type":"query","id":2,"name":"order","key":"k"})"), 2, "conflict"));
  CAF_CHECK_EQUAL(say(again, keyed(1)), bytes);
  CAF_CHECK_EQUAL(calls.size(), 1u);
}

CAF_TEST(who_waits_for_another_node_has_its_deadline_and_the_next_one_runs_it_if_that_node_died) {
  start_with_application();
  auto& ann = v1("ann", "s");
  (void)script->claims.claim(claim_of("k"), "n2", 3s, now());
  CAF_CHECK_EQUAL(say(ann, keyed(1, "k", R"(,"deadline_ms":2000)")), texts{});
  advance(2s);
  CAF_CHECK(is_error(hear(ann).at(0), 1, "deadline_exceeded"));
  (void)say(ann, keyed(2));
  CAF_CHECK(calls.empty());
  advance(2s);
  CAF_CHECK_EQUAL(calls.size(), 1u);
  respond("8");
  CAF_CHECK_EQUAL(hear(ann), texts{response(2, "8")});
  const auto known = script->claims.claim(claim_of("k"), "n2", 3s, now());
  CAF_CHECK_EQUAL(known->text, "price\nt" + response(0, "8"));
}

CAF_TEST(without_a_backplane_a_query_with_a_key_is_unavailable_and_has_not_run) {
  start_with_application();
  auto& ann = v1();
  script->failing = {{"claim", errc::no_connection}};
  CAF_CHECK(is_error(ask(ann, keyed(1)), 1, "unavailable"));
  CAF_CHECK_EQUAL(say(ann, query(2)), texts{}); // needs none
  script->failing.clear();
  CAF_CHECK_EQUAL(say(ann, keyed(3)), texts{});
  CAF_CHECK_EQUAL(calls.size(), 2u);
}

CAF_TEST(an_answer_that_the_backplane_did_not_hear_it_is_told_again) {
  start_with_application();
  auto& ann = v1("ann", "s");
  (void)say(ann, keyed(1));
  script->failing = {{"settle", errc::no_connection}};
  respond("8");
  CAF_CHECK_EQUAL(hear(ann), texts{response(1, "8")});
  advance(12s); // longer than the claim
  const auto claimed = [this] { return script->claims.claim(claim_of("k"), "n2", 0ms, now()); };
  CAF_CHECK(claimed()->mine); // for no time
  script->failing.clear();
  advance(1s);
  const auto known = claimed();
  CAF_CHECK(known->settled);
  CAF_CHECK_EQUAL(known->text, "price\nt" + response(0, "8"));
}

CAF_TEST(a_key_of_another_query_is_a_conflict) {
  start_with_application();
  auto& ann = v1();
  (void)say(ann, keyed(1));
  CAF_CHECK_EQUAL(ask(ann, R"({"type":"query","id":2,"name":"order","key":"k"})"),
                  R"({"type":"error","id":2,"code":"conflict","field":"key",)"
                  R"("message":"key is in use for something else"})");
}

CAF_TEST(with_a_key_it_goes_on_when_it_is_cancelled_or_late_or_its_client_is_gone) {
  start_with_application();
  auto& ann = v1("ann", "s");
  CAF_CHECK_EQUAL(say(ann, keyed(1, "a"), R"({"type":"cancel","id":1})"), texts{cancelled});
  (void)say(ann, keyed(2, "b", R"(,"deadline_ms":500)"), keyed(3, "c"));
  advance(500ms);
  CAF_CHECK(is_error(hear(ann).at(0), 2, "deadline_exceeded"));
  ann.drop();
  settle();
  respond("1");
  respond("2");
  respond("3");
  auto& again = v1("ann", "s");
  CAF_CHECK_EQUAL(say(again, keyed(1, "a"), keyed(2, "b"), keyed(3, "c")),
                  (texts{response(1, "1"), response(2, "2"), response(3, "3")}));
  CAF_CHECK_EQUAL(calls.size(), 3u);
}

CAF_TEST(what_never_ran_is_not_remembered) {
  start_with_application();
  auto& ann = v1();
  (void)say(ann, keyed(1));
  fail(errc::queue_full);
  CAF_CHECK(is_error(hear(ann).at(0), 1, "unavailable"));
  (void)say(ann, keyed(1));
  CAF_CHECK_EQUAL(calls.size(), 2u);
  fail(errc::io_error); // that it did run is known
  CAF_CHECK(is_error(hear(ann).at(0), 1, "internal"));
  CAF_CHECK(is_error(ask(ann, keyed(1)), 1, "internal"));
  CAF_CHECK_EQUAL(calls.size(), 2u);
}

CAF_TEST(an_application_that_is_gone_is_unavailable) {
  start_with_application();
  auto& ann = v1();
  (void)say(ann, query(1));
  waiting.clear();
  caf::anon_send_exit(application, caf::exit_reason::kill);
  // CAF 1.x notices that the answer was dropped; with 0.17 the deadline does.
  for (const auto& heard : hear(ann))
    CAF_CHECK(is_error(heard, 1, "internal"));
  CAF_CHECK(is_error(ask(ann, query(2)), 2, "unavailable"));
  CAF_CHECK(is_error(ask(ann, R"({"type":"command","id":3,"name":"x"})"), 3, "unavailable"));
}

CAF_TEST(a_command_is_acknowledged_when_the_application_has_it_and_in_order) {
  start_with_application();
  auto& ann = v1();
  CAF_CHECK_EQUAL(say(ann, R"({"type":"command","id":9,"name":"rename","data":{"to":"Ann"}})",
                      R"({"type":"ping","id":10})"),
                  texts{});
  CAF_REQUIRE_EQUAL(calls.size(), 1u);
  CAF_CHECK_EQUAL(calls[0].data.data, R"({"to":"Ann"})");
  commands_waiting.front().deliver();
  CAF_CHECK_EQUAL(hear(ann), (texts{R"({"type":"ack","id":9})", R"({"type":"pong","id":10})"}));
  CAF_CHECK_EQUAL(say(ann, R"({"type":"command","name":"typing"})"), texts{});
  commands_waiting.back().deliver();
  CAF_CHECK_EQUAL(hear(ann), texts{});
}

CAF_TEST(the_application_commands_clients_of_v1) {
  start_with_application();
  auto& ann = v1();
  const auto who = newest();
  auto& thin = arrive("thinws");
  const auto other = newest();
  const auto command = [this](const client_ref& to, const std::string& what, content data) {
    return begin_at_broker<caf::unit_t>(command_atom_v, to, what, std::move(data));
  };
  CAF_CHECK(command(who, "hurry", {})->value.has_value());
  CAF_CHECK(command(who, "reload", {R"({"why":1})", message_kind::text})->value.has_value());
  CAF_CHECK_EQUAL(hear(ann), (texts{R"({"type":"command","name":"hurry"})",
                                    R"({"type":"command","name":"reload","data":{"why":1}})"}));
  CAF_CHECK(command(who, "", {})->error == errc::invalid_message);
  CAF_CHECK(command(who, "x", {"{", message_kind::text})->error == errc::invalid_message);
  CAF_CHECK(command(other, "hurry", {})->error == errc::invalid_message);
  CAF_CHECK(command({"default", "nobody"}, "hurry", {})->error == errc::no_connection);
  CAF_CHECK_EQUAL(hear(thin), texts{});
  CAF_CHECK_EQUAL(say(ann, R"({"type":"ack","id":"s1"})"), texts{}); // is not answered
}

CAF_TEST_FIXTURE_SCOPE_END()

} // namespace broker_queries_test
