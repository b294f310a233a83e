// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE broker_dialects

#include "support/broker_fixture.hpp"

#include <algorithm>

namespace broker_dialects_test {

using namespace wspool;
using namespace wspool::test;

namespace {

std::string thin_connect(const std::string& connection) {
  return R"({"messageID":1,"type":"connect","connectionID":")" + connection + "\"}";
}
const auto thin_subscribe = R"({"messageID":2,"type":"subscribe","roomID":"news"})";
const auto thin_unsubscribe = R"({"messageID":3,"type":"unsubscribe","roomID":"news"})";
const auto thin_message = R"({"messageID":4,"type":"message","message":"hi","roomID":"news"})";
const auto thin_heard = R"({"type":"message","message":"hi","roomID":"news"})";
std::string ack(int id) { return R"({"type":"ack","messageID":)" + std::to_string(id) + "}"; }

struct fixture : broker_fixture {
  fixture() { settings.tell_publisher = false; }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(broker_dialects_tests, fixture)

CAF_TEST(a_client_of_thinws_is_served_in_its_own_words) {
  start_all();
  auto& ann = arrive("thinws");
  CAF_CHECK_EQUAL(say(ann, thin_connect("c1")), texts{ack(1)});
  CAF_CHECK_EQUAL(say(ann, thin_subscribe), texts{ack(2)});
  CAF_CHECK_EQUAL(say(ann, thin_message), (texts{thin_heard, ack(4)}));
  CAF_CHECK_EQUAL(say(ann, thin_unsubscribe), texts{ack(3)});
  CAF_CHECK_EQUAL(say(ann, thin_message), texts{ack(4)});
  CAF_CHECK_EQUAL(ask(ann, R"({"messageID":5,"type":"shout"})"),
                  R"({"type":"error","messageID":5,"message":"type is unknown: shout"})");
  CAF_CHECK_EQUAL(say(ann, R"({"messageID":6,"type":"disconnect"})"), texts{ack(6)});
  CAF_CHECK_EQUAL(code_of(ann), 1000);
}

CAF_TEST(thinws_needs_no_connect) {
  start_all();
  auto& ann = arrive("thinws");
  CAF_CHECK_EQUAL(say(ann, thin_subscribe, thin_message), (texts{ack(2), thin_heard, ack(4)}));
}

CAF_TEST(the_same_id_of_thinws_again_is_another_message) {
  start_all();
  auto& ann = arrive("thinws");
  (void)say(ann, thin_connect("c1"), thin_subscribe);
  CAF_CHECK_EQUAL(say(ann, thin_message, thin_message).size(), 4u);
}

CAF_TEST(who_returns_to_thinws_is_in_its_rooms_again) {
  start_all();
  auto& ann = arrive("thinws");
  (void)say(ann, thin_connect("c1"), thin_subscribe,
            R"({"messageID":2,"type":"subscribe","roomID":5})");
  ann.drop();
  settle();
  CAF_CHECK_EQUAL(script->count("depart"), 1u);
  auto& bob = arrive("thinws");
  auto& again = arrive("thinws");
  CAF_CHECK_EQUAL(say(again, thin_connect("c1")), texts{ack(1)});
  CAF_CHECK_EQUAL(say(bob, thin_message), texts{ack(4)});
  CAF_CHECK_EQUAL(hear(again), texts{thin_heard});
  CAF_CHECK_EQUAL(counts().memberships, 2u);
  // What was left is left for good.
  CAF_CHECK_EQUAL(say(again, thin_unsubscribe), texts{ack(3)});
  again.drop();
  settle();
  CAF_CHECK_EQUAL(say(arrive("thinws"), thin_connect("c1")), texts{ack(1)});
  CAF_CHECK_EQUAL(counts().memberships, 1u);
}

CAF_TEST(a_connection_of_thinws_with_another_name_is_another_client) {
  start_all();
  (void)say(arrive("thinws", "ann"), thin_connect("c1"), thin_subscribe);
  CAF_CHECK_EQUAL(say(arrive("thinws", "ann"), thin_connect("c2")), texts{ack(1)});
  CAF_CHECK_EQUAL(say(arrive("thinws", "bob"), thin_connect("c1")), texts{ack(1)});
  CAF_CHECK_EQUAL(counts().memberships, 1u);
}

CAF_TEST(where_it_was_before_it_said_who_it_is_is_remembered_too) {
  start_all();
  auto& ann = arrive("thinws");
  CAF_CHECK_EQUAL(say(ann, thin_subscribe, thin_connect("c1")), (texts{ack(2), ack(1)}));
  CAF_CHECK_EQUAL(script->count("remember news"), 1u);
  CAF_CHECK(ask(ann, thin_connect("c2")).find("error") != std::string::npos);
  CAF_CHECK_EQUAL(say(ann, thin_connect("c1")), texts{ack(1)});
}

CAF_TEST(a_return_that_the_backplane_refuses_is_refused_as_a_whole_and_may_come_again) {
  start_all();
  auto& ann = arrive("thinws");
  (void)say(ann, thin_connect("c1"), thin_subscribe,
            R"({"messageID":2,"type":"subscribe","roomID":"more"})");
  ann.drop();
  settle();
  auto& again = arrive("thinws");
  for (const std::string kind : {"recall", "history"}) {
    script->failing = {{kind, errc::no_connection}};
    CAF_CHECK_EQUAL(ask(again, thin_connect("c1")),
                    R"({"type":"error","messageID":1,)"
                    R"("message":"the server cannot do this at the moment"})");
    CAF_CHECK_EQUAL(counts().memberships, 0u);
  }
  script->failing.clear();
  CAF_CHECK_EQUAL(say(again, thin_connect("c1")), texts{ack(1)});
  CAF_CHECK_EQUAL(counts().memberships, 2u);
}

CAF_TEST(what_cannot_be_remembered_is_not_acknowledged) {
  start_all();
  auto& ann = arrive("thinws");
  (void)say(ann, thin_connect("c1"));
  script->failing = {{"remember", errc::no_connection}};
  CAF_CHECK(ask(ann, thin_subscribe).find("error") != std::string::npos);
  CAF_CHECK_EQUAL(counts().memberships, 0u);
  script->failing = {{"forget", errc::no_connection}};
  (void)say(ann, thin_subscribe);
  CAF_CHECK(ask(ann, thin_unsubscribe).find("error") != std::string::npos);
}

CAF_TEST(a_client_of_channels_is_served_in_its_own_words) {
  start_all();
  auto& ann = arrive("channels");
  CAF_CHECK_EQUAL(say(ann, R"({"action":"subscribe","channel":"news"})"),
                  texts{R"({"channel":"system","data":{"type":"subscription_confirm",)"
                        R"("channel":"news"}})"});
  CAF_CHECK_EQUAL(say(ann, R"({"action":"publish","channel":"news","data":{"a":1}})"),
                  texts{R"({"channel":"news","data":{"a":1}})"});
  CAF_CHECK_EQUAL(say(ann, R"({"type":"ping"})"), texts{R"({"type":"pong"})"});
  CAF_CHECK_EQUAL(ask(ann, R"({"action":"publish","channel":"system","data":1})"),
                  R"({"channel":"system","data":{"type":"error","code":"invalid_field",)"
                  R"("message":"channel must not be the reserved name system",)"
                  R"("field":"channel"}})");
  CAF_CHECK_EQUAL(say(ann, R"({"action":"unsubscribe","channel":"news"})",
                      R"({"action":"publish","channel":"news","data":1})"),
                  texts{});
}

CAF_TEST(clients_of_different_dialects_meet) {
  start_all();
  auto& ann = member("news");
  auto& thin = arrive("thinws");
  auto& plain = arrive("channels");
  (void)say(thin, thin_subscribe);
  (void)say(plain, R"({"action":"subscribe","channel":"news"})");
  CAF_CHECK_EQUAL(say(ann, R"({"type":"publish","channel":"news","data":1,"meta":{"x":2}})"),
                  texts{R"({"type":"event","channel":"news","meta":{"x":2},"data":1})"});
  CAF_CHECK_EQUAL(hear(thin), texts{R"({"type":"message","message":1,"roomID":"news","x":2})"});
  CAF_CHECK_EQUAL(hear(plain), texts{R"({"channel":"news","data":1})"});
  ann.send_binary("{\"type\":\"publish\",\"channel\":\"news\"}\n\x01\x02");
  CAF_CHECK_EQUAL(hear(ann), texts{"{\"type\":\"event\",\"channel\":\"news\"}\n\x01\x02"});
  CAF_CHECK_EQUAL(hear(plain), texts{R"({"channel":"news","data":"AQI="})"});
}

// -- presence ------------------------------------------------------------------------------------

namespace {

const auto subscribe_with_presence =
  R"({"type":"subscribe","id":1,"channel":"room","presence":true})";
const auto subscribe_without = R"({"type":"subscribe","id":1,"channel":"room"})";

std::string change(const std::string& type, const client_ref& who, const std::string& identity) {
  return R"({"type":")" + type + R"(","channel":"room","member":{"connection":")" + who.id
         + R"(","identity":")" + identity + R"("}})";
}

} // namespace

CAF_TEST(who_asked_for_presence_is_told_of_others_and_not_of_itself) {
  start_all();
  auto& ann = v1("ann");
  auto& bob = v1("bob");
  const auto bob_is = newest();
  auto& eve = v1("eve");
  const auto eve_is = newest();
  const auto subscribed = R"({"type":"subscribed","id":1,"channel":"room"})";
  CAF_CHECK_EQUAL(say(ann, subscribe_with_presence), texts{subscribed});
  CAF_CHECK_EQUAL(say(bob, subscribe_with_presence), texts{subscribed});
  CAF_CHECK_EQUAL(hear(ann), texts{change("join", bob_is, "bob")});
  CAF_CHECK_EQUAL(say(eve, subscribe_without), texts{subscribed});
  CAF_CHECK_EQUAL(hear(ann), texts{change("join", eve_is, "eve")});
  CAF_CHECK_EQUAL(hear(bob), texts{change("join", eve_is, "eve")});
  bob.drop();
  CAF_CHECK_EQUAL(hear(ann), texts{change("leave", bob_is, "bob")});
  CAF_CHECK_EQUAL(hear(eve), texts{});
  (void)say(eve, R"({"type":"unsubscribe","id":1,"channel":"room"})");
  CAF_CHECK_EQUAL(hear(ann), texts{change("leave", eve_is, "eve")});
  (void)say(ann, subscribe_without); // no more
  (void)say(eve, subscribe_without);
  CAF_CHECK_EQUAL(hear(ann), texts{});
}

CAF_TEST(who_is_there_can_be_asked) {
  start_all();
  auto& ann = v1("ann");
  const auto ann_is = newest();
  auto& bob = v1();
  const auto bob_is = newest();
  (void)say(ann, subscribe_without);
  (void)say(bob, subscribe_without);
  CAF_CHECK_EQUAL(ask(ann, R"({"type":"presence","id":5,"channel":"room"})"),
                  R"({"type":"presence","id":5,"channel":"room","members":[{"connection":")"
                    + ann_is.id + R"(","identity":"ann"},{"connection":")" + bob_is.id
                    + R"("}],"total":2})");
  CAF_CHECK_EQUAL(ask(ann, R"({"type":"presence","id":5,"channel":"empty"})"),
                  R"({"type":"presence","id":5,"channel":"empty","members":[],"total":0})");
}

CAF_TEST(at_most_a_thousand_are_listed) {
  start_all();
  auto& people = script->channels[{"default", "room"}].people;
  for (int i = 0; i < 1'001; ++i)
    people.push_back({std::to_string(i), {}});
  const auto heard =
    boost::json::parse(ask(v1(), R"({"type":"presence","id":5,"channel":"room"})"));
  CAF_CHECK_EQUAL(heard.at("members").as_array().size(), 1'000u);
  CAF_CHECK(heard.at("total") == 1'001);
}

CAF_TEST(a_leave_that_the_backplane_did_not_hear_it_is_told_again) {
  start_all();
  auto& ann = v1("ann");
  (void)say(ann, subscribe_without);
  auto& bob = v1("bob");
  (void)say(bob, subscribe_without);
  const auto is_there = [this](const std::string& identity) {
    const auto& people = script->channels[{"default", "room"}].people;
    return std::any_of(people.begin(), people.end(),
                       [&](const auto& one) { return one.identity == identity; });
  };
  script->failing = {{"exit", errc::no_connection}};
  ann.drop();
  (void)say(bob, R"({"type":"unsubscribe","id":1,"channel":"room"})");
  CAF_CHECK(is_there("ann"));
  (void)say(bob, subscribe_without); // it is there again: nothing is owed
  advance(3s);
  CAF_CHECK(is_there("ann"));
  script->failing.clear();
  advance(1s);
  CAF_CHECK(!is_there("ann"));
  CAF_CHECK(is_there("bob"));
}

CAF_TEST(presence_may_be_forbidden) {
  settings.presence = false;
  start_all();
  auto& ann = v1();
  CAF_CHECK(ask(ann, subscribe_with_presence).find("forbidden") != std::string::npos);
  CAF_CHECK(ask(ann, R"({"type":"presence","id":5,"channel":"room"})").find("forbidden")
            != std::string::npos);
  CAF_CHECK(ask(ann, subscribe_without).find("subscribed") != std::string::npos);
  CAF_CHECK((script->channels[{"default", "room"}].people.empty()));
}

CAF_TEST_FIXTURE_SCOPE_END()

} // namespace broker_dialects_test
