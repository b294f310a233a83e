// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE channels_dialect

#include "dialect_speech.hpp"

namespace channels_dialect_test {

using namespace wspool;
using namespace wspool::test;

namespace {

struct fixture {
  speech client{dialect_kind::channels};
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(channels_dialect_tests, fixture)

CAF_TEST(a_client_subscribes_publishes_and_leaves) {
  auto subscribe = client.heard<requests::subscribe>(R"({"action":"subscribe","channel":"news"})");
  CAF_CHECK_EQUAL(subscribe.channel, "news");
  CAF_CHECK_EQUAL(text_of(subscribe.id), "-");
  auto publish = client.heard<requests::publish>(
    R"({"action":"publish","channel":"news","data":{"title":"x"}})");
  CAF_CHECK_EQUAL(publish.message.channel, "news");
  CAF_CHECK_EQUAL(text_of(publish.message.data), R"({"title":"x"})");
  CAF_CHECK(!publish.deduplicate);
  auto unsubscribe =
    client.heard<requests::unsubscribe>(R"({"action":"unsubscribe","channel":"news"})");
  CAF_CHECK_EQUAL(unsubscribe.channel, "news");
}

CAF_TEST(only_subscriptions_are_confirmed) {
  CAF_CHECK_EQUAL(client.say(replies::subscribed{{}, "news", position{"e", 3}, {}}),
                  R"({"channel":"system","data":)"
                  R"({"type":"subscription_confirm","channel":"news"}})");
  CAF_CHECK_EQUAL(client.say(replies::ack{}), "-");
}

CAF_TEST(members_get_channel_and_data) {
  CAF_CHECK_EQUAL(
    client.say(replies::event{make_publication("news", json_payload("[1,{}]")), position{"e", 3}}),
    R"({"channel":"news","data":[1,{}]})");
}

CAF_TEST(a_ping_in_a_message_is_answered_in_one) {
  CAF_CHECK_EQUAL(text_of(client.heard<requests::ping>(R"({"type":"ping"})").id), "-");
  CAF_CHECK_EQUAL(client.say(replies::pong{}), R"({"type":"pong"})");
}

CAF_TEST(unknown_fields_are_ignored) {
  auto publish = client.heard<requests::publish>(
    R"({"action":"publish","channel":"c","data":1,"id":"x","type":"ping"})");
  CAF_CHECK(publish.message.meta.empty());
}

CAF_TEST(what_is_wrong_is_refused_and_named) {
  const std::vector<std::pair<std::string, std::string>> cases{
    {"{\"action\"", "invalid_json - -"},
    {"null", "invalid_message - -"},
    {"{}", "missing_field action -"},
    {R"({"type":"pong"})", "missing_field action -"},
    {R"({"action":5})", "invalid_field action -"},
    {R"({"action":"shout","channel":"c"})", "unknown_type action -"},
    {R"({"action":"subscribe"})", "missing_field channel -"},
    {R"({"action":"subscribe","channel":5})", "invalid_field channel -"},
    {R"({"action":"subscribe","channel":""})", "invalid_field channel -"},
    {R"({"action":"subscribe","channel":"a\tb"})", "invalid_field channel -"},
    {R"({"action":"unsubscribe"})", "missing_field channel -"},
    {R"({"action":"publish","channel":"c"})", "missing_field data -"},
    {R"({"action":"publish","data":1})", "missing_field channel -"},
    {R"({"action":"publish","channel":"c","data":[1e999]})", "invalid_field data -"},
  };
  for (const auto& [text, expected] : cases)
    CAF_CHECK_EQUAL(text + " " + verdict(client.hear(text)), text + " " + expected);
  CAF_CHECK_EQUAL(verdict(client.hear(R"({"type":"ping"})", message_kind::binary)),
                  "invalid_message - -");
}

CAF_TEST(the_servers_own_channel_is_nobody_elses) {
  for (auto text : {R"({"action":"subscribe","channel":"system"})",
                    R"({"action":"unsubscribe","channel":"system"})",
                    R"({"action":"publish","channel":"system","data":{"type":"error"}})"})
    CAF_CHECK_EQUAL(verdict(client.hear(text)), "invalid_field channel -");
  CAF_CHECK_EQUAL(verdict(client.hear(R"({"action":"subscribe","channel":"systems"})")),
                  "accepted");
}

CAF_TEST(a_gap_is_told_by_the_system) {
  CAF_CHECK_EQUAL(client.say(replies::gap{"c", {}}),
                  R"({"channel":"system","data":{"type":"gap","channel":"c"}})");
  CAF_CHECK_EQUAL(client.say(replies::gap{}), R"({"channel":"system","data":{"type":"gap"}})");
}

CAF_TEST(a_refusal_comes_from_the_system) {
  const auto wrong = client.hear(R"({"action":"publish","channel":"c"})");
  CAF_CHECK_EQUAL(client.say(std::get<rejection>(wrong)),
                  R"({"channel":"system","data":{"type":"error","code":"missing_field",)"
                  R"("message":"data is missing","field":"data"}})");
}

CAF_TEST_FIXTURE_SCOPE_END()

} // namespace channels_dialect_test
