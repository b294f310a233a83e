// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE thinws_dialect

#include "dialect_speech.hpp"

#include <rapidcheck.h>

namespace thinws_dialect_test {

using namespace wspool;
using namespace wspool::test;

namespace {

namespace json = boost::json;

struct fixture {
  speech client{dialect_kind::thinws};

  /// What the members of the room get, the sender too.
  std::string shared(std::string_view message) const {
    auto published = client.heard<requests::publish>(message);
    return client.say(
      replies::event{std::make_shared<const publication>(std::move(published.message)), {}});
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(thinws_dialect_tests, fixture)

CAF_TEST(its_own_client_is_understood) {
  auto connect = client.heard<requests::connect>(
    R"({"messageID":8414720937284031,"type":"connect","connectionID":"-1478123"})");
  CAF_CHECK_EQUAL(text_of(connect.id), "8414720937284031");
  CAF_CHECK_EQUAL(connect.session.value_or("-"), "-1478123");
  CAF_CHECK(!connect.token);
  auto subscribe = client.heard<requests::subscribe>(
    R"({"messageID":8414720937284032,"type":"subscribe","roomID":"lobby"})");
  CAF_CHECK_EQUAL(subscribe.channel, "lobby");
  CAF_CHECK(!subscribe.presence);
  CAF_CHECK(!subscribe.recover);
  auto message = client.heard<requests::publish>(
    R"({"messageID":8414720937284033,"type":"message","message":"hello","roomID":"lobby"})");
  CAF_CHECK_EQUAL(message.message.channel, "lobby");
  CAF_CHECK_EQUAL(text_of(message.message.data), "\"hello\"");
  CAF_CHECK(!message.deduplicate);
  auto unsubscribe = client.heard<requests::unsubscribe>(
    R"({"messageID":8414720937284034,"type":"unsubscribe","roomID":"lobby"})");
  CAF_CHECK_EQUAL(unsubscribe.channel, "lobby");
  auto disconnect =
    client.heard<requests::disconnect>(R"({"messageID":8414720937284035,"type":"disconnect"})");
  CAF_CHECK_EQUAL(text_of(disconnect.id), "8414720937284035");
}

CAF_TEST(every_answer_is_the_same_acknowledgement) {
  const message_id id{std::int64_t{7}};
  replies::connected connected;
  connected.id = id;
  connected.connection = "n1-42";
  CAF_CHECK_EQUAL(client.say(connected), R"({"type":"ack","messageID":7})");
  CAF_CHECK_EQUAL(client.say(replies::subscribed{id, "c", position{"e", 1}, true}),
                  R"({"type":"ack","messageID":7})");
  CAF_CHECK_EQUAL(client.say(replies::ack{id, position{"e", 1}, true}),
                  R"({"type":"ack","messageID":7})");
  CAF_CHECK_EQUAL(client.say(replies::ack{}), "-");
}

CAF_TEST(ids_keep_their_type) {
  for (auto id : {"7", "\"7\"", "\"a-b\"", "-7", "0", "18446744073709551615", "1.5E0"}) {
    const auto text = R"({"messageID":)" + std::string{id} + R"(,"type":"disconnect"})";
    const auto request = client.heard<requests::disconnect>(text);
    CAF_CHECK_EQUAL(client.say(replies::ack{request.id, {}, false}),
                    R"({"type":"ack","messageID":)" + std::string{id} + "}");
  }
}

CAF_TEST(members_get_the_message_without_its_id) {
  CAF_CHECK_EQUAL(shared(R"({"messageID":1,"type":"message","message":"hi","roomID":"r"})"),
                  R"({"type":"message","message":"hi","roomID":"r"})");
  CAF_CHECK_EQUAL(
    shared(R"({"messageID":"a","type":"message","message":{"x":[1,null]},"roomID":"r"})"),
    R"({"type":"message","message":{"x":[1,null]},"roomID":"r"})");
}

CAF_TEST(other_fields_travel_along) {
  CAF_CHECK_EQUAL(shared(R"({"messageID":1,"type":"message","roomID":"r","payload":{"a":1},)"
                         R"("connectionID":"me","":0})"),
                  R"({"type":"message","roomID":"r","payload":{"a":1},"connectionID":"me","":0})");
}

CAF_TEST(a_room_may_be_a_number_and_stays_one) {
  CAF_CHECK_EQUAL(shared(R"({"messageID":1,"type":"message","message":1,"roomID":5})"),
                  R"({"type":"message","message":1,"roomID":5})");
  CAF_CHECK_EQUAL(
    client.heard<requests::subscribe>(R"({"messageID":1,"type":"subscribe","roomID":5})").channel,
    client.heard<requests::subscribe>(R"({"messageID":1,"type":"subscribe","roomID":"5"})")
      .channel);
  CAF_CHECK_EQUAL(client
                    .heard<requests::connect>(
                      R"({"messageID":1,"type":"connect","connectionID":18446744073709551615})")
                    .session.value_or("-"),
                  "18446744073709551615");
}

CAF_TEST(the_room_in_a_message_is_the_one_it_was_published_in) {
  const auto message =
    make_publication("r", json_payload("1"), {{"roomID", 5}, {"messageID", 9}, {"type", "ack"}});
  CAF_CHECK_EQUAL(client.say(replies::event{message, {}}),
                  R"({"type":"message","message":1,"roomID":"r"})");
}

CAF_TEST(what_is_wrong_is_refused_and_named) {
  const std::vector<std::pair<std::string, std::string>> cases{
    {"{", "invalid_json - -"},
    {"7", "invalid_message - -"},
    {"{}", "missing_field messageID -"},
    {R"({"type":"subscribe","roomID":"r"})", "missing_field messageID -"},
    {R"({"messageID":null,"type":"subscribe","roomID":"r"})", "invalid_field messageID -"},
    {R"({"messageID":{},"type":"subscribe","roomID":"r"})", "invalid_field messageID -"},
    {R"({"messageID":"","type":"subscribe","roomID":"r"})", "invalid_field messageID -"},
    {R"({"messageID":1e999,"type":"subscribe","roomID":"r"})", "invalid_field messageID -"},
    {R"({"messageID":1})", "missing_field type 1"},
    {R"({"messageID":1,"type":1})", "invalid_field type 1"},
    {R"({"messageID":"x","type":"shout"})", "unknown_type type \"x\""},
    {R"({"messageID":1,"type":"connect"})", "missing_field connectionID 1"},
    {R"({"messageID":1,"type":"connect","connectionID":""})", "invalid_field connectionID 1"},
    {R"({"messageID":1,"type":"connect","connectionID":true})", "invalid_field connectionID 1"},
    {R"({"messageID":1,"type":"subscribe"})", "missing_field roomID 1"},
    {R"({"messageID":1,"type":"subscribe","roomID":""})", "invalid_field roomID 1"},
    {R"({"messageID":1,"type":"subscribe","roomID":1.5})", "invalid_field roomID 1"},
    {R"({"messageID":1,"type":"subscribe","roomID":null})", "invalid_field roomID 1"},
    {R"({"messageID":1,"type":"unsubscribe"})", "missing_field roomID 1"},
    {R"({"messageID":1,"type":"message","message":"hi"})", "missing_field roomID 1"},
    {R"({"messageID":1,"type":"message","message":"hi","roomID":["r"]})", "invalid_field roomID 1"},
    {R"({"messageID":1,"type":"message","message":1e999,"roomID":"r"})", "invalid_field message 1"},
    {R"({"messageID":1,"type":"message","roomID":"r","payload":[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]})",
     "too_deep payload -"},
  };
  for (const auto& [text, expected] : cases)
    CAF_CHECK_EQUAL(text + " " + verdict(client.hear(text)), text + " " + expected);
  CAF_CHECK_EQUAL(
    verdict(client.hear(R"({"messageID":1,"type":"disconnect"})", message_kind::binary)),
    "invalid_message - -");
}

CAF_TEST(a_refusal_says_why_and_to_what) {
  auto answer = [this](std::string_view text) {
    return client.say(std::get<rejection>(client.hear(text)));
  };
  CAF_CHECK_EQUAL(answer(R"({"messageID":"m","type":"subscribe"})"),
                  R"({"type":"error","messageID":"m","message":"roomID is missing"})");
  CAF_CHECK_EQUAL(answer(R"({"messageID":[],"type":"subscribe"})"),
                  R"({"type":"error","message":"messageID must be a string or a number"})");
}

CAF_TEST(what_thinws_has_no_word_for_is_not_said) {
  const message_id id{std::int64_t{1}};
  const channel_member who{"c", "ann"};
  CAF_CHECK_EQUAL(client.say(replies::pong{id}), "-");
  CAF_CHECK_EQUAL(client.say(replies::response{id, json_payload("1")}), "-");
  CAF_CHECK_EQUAL(client.say(replies::presence{id, "r", {who}, 1}), "-");
  CAF_CHECK_EQUAL(client.say(replies::joined{"r", who}), "-");
  CAF_CHECK_EQUAL(client.say(replies::left{"r", who}), "-");
  CAF_CHECK_EQUAL(client.say(replies::gap{"r", {}}), "-");
  CAF_CHECK_EQUAL(client.say(replies::command{id, "n", {}}), "-");
  CAF_CHECK_EQUAL(client.say(replies::drain{}), "-");
}

CAF_TEST(an_acknowledgement_is_heard) {
  CAF_CHECK(client.heard<requests::ack>(R"({"messageID":3,"type":"ack"})").id == message_id{3});
}

CAF_TEST(whatever_else_a_message_has_comes_out_again) {
  CAF_CHECK(rc::check([this] {
    json::object sent{{"messageID", 1}, {"type", "message"}, {"roomID", "r"}};
    for (auto n = *rc::gen::inRange(0, 6); n > 0; --n) {
      const auto name = *rc::gen::container<std::string>(rc::gen::inRange<char>('a', 'z'));
      sent.emplace(name, *rc::gen::arbitrary<std::int64_t>());
    }
    auto expected = sent;
    expected.erase("messageID");
    RC_ASSERT(json::parse(shared(json::serialize(sent))) == json::value(expected));
  }));
}

CAF_TEST_FIXTURE_SCOPE_END()

} // namespace thinws_dialect_test
