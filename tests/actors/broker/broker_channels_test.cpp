// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE broker_channels

#include "support/broker_fixture.hpp"

#include <array>

namespace broker_channels_test {

using namespace wspool;
using namespace wspool::test;

namespace {

const auto subscribe_news = R"({"type":"subscribe","id":1,"channel":"news"})";
const auto unsubscribe_news = R"({"type":"unsubscribe","id":2,"channel":"news"})";
const auto subscribed_news = R"({"type":"subscribed","id":1,"channel":"news"})";
const auto publish_news = R"({"type":"publish","channel":"news","data":1})";
const auto event_news = R"({"type":"event","channel":"news","data":1})";

struct fixture : broker_fixture {
  fixture() { settings.tell_publisher = false; }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(broker_channels_tests, fixture)

CAF_TEST(members_get_what_is_published_the_publisher_too_if_it_is_one) {
  start_all();
  auto& ann = member("news");
  auto& bob = member("news");
  auto& eve = v1();
  CAF_CHECK_EQUAL(say(ann, publish_news), texts{event_news});
  CAF_CHECK_EQUAL(hear(bob), texts{event_news});
  CAF_CHECK_EQUAL(say(eve, publish_news), texts{});
  CAF_CHECK_EQUAL(hear(bob), texts{event_news});
  CAF_CHECK_EQUAL(hear(eve), texts{});
  CAF_CHECK_EQUAL(counts().events, 4u);
  CAF_CHECK_EQUAL(counts().memberships, 2u);
}

CAF_TEST(events_say_who_published_if_the_server_tells) {
  settings.tell_publisher = true;
  start_all();
  auto& ann = member("news", "ann");
  CAF_CHECK_EQUAL(say(ann, publish_news),
                  texts{R"({"type":"event","channel":"news","from":{"connection":")" + newest().id
                        + R"(","identity":"ann"},"data":1})"});
}

CAF_TEST(meta_and_bytes_travel) {
  start_all();
  auto& ann = member("news");
  CAF_CHECK_EQUAL(say(ann, R"({"type":"publish","channel":"news","data":1,"meta":{"a":[]}})"),
                  texts{R"({"type":"event","channel":"news","meta":{"a":[]},"data":1})"});
  ann.send_binary("{\"type\":\"publish\",\"channel\":\"news\"}\n\x01\x02");
  CAF_CHECK_EQUAL(hear(ann), texts{"{\"type\":\"event\",\"channel\":\"news\"}\n\x01\x02"});
}

CAF_TEST(who_has_unsubscribed_gets_no_more_and_both_can_be_repeated) {
  start_all();
  auto& ann = v1();
  CAF_CHECK_EQUAL(say(ann, unsubscribe_news), texts{R"({"type":"ack","id":2})"});
  CAF_CHECK_EQUAL(say(ann, subscribe_news), texts{subscribed_news});
  CAF_CHECK_EQUAL(say(ann, subscribe_news), texts{subscribed_news});
  CAF_CHECK_EQUAL(say(ann, publish_news), texts{event_news});
  CAF_CHECK_EQUAL(say(ann, unsubscribe_news), texts{R"({"type":"ack","id":2})"});
  CAF_CHECK_EQUAL(say(ann, publish_news), texts{});
}

CAF_TEST(the_backplane_is_asked_for_a_channel_by_its_first_member_and_left_with_the_last) {
  start_all();
  auto& ann = member("news");
  auto& bob = member("news");
  CAF_CHECK_EQUAL(script->count("subscribe news"), 1u);
  (void)say(ann, unsubscribe_news);
  CAF_CHECK_EQUAL(script->count("unsubscribe news"), 0u);
  bob.drop();
  settle();
  CAF_CHECK_EQUAL(script->count("unsubscribe news"), 1u);
  CAF_CHECK_EQUAL(counts().channels, 0u);
  CAF_CHECK_EQUAL(counts().memberships, 0u);
  CAF_CHECK_EQUAL(counts().clients, 1u);
}

CAF_TEST(namespaces_do_not_hear_of_each_other) {
  options.entrance.space = {request_part::query, "in", "default", false};
  start_all();
  auto& ann = connect("/?in=a", {{"Sec-WebSocket-Protocol", "wspool.v1.json"}});
  auto& bob = connect("/?in=b", {{"Sec-WebSocket-Protocol", "wspool.v1.json"}});
  for (auto* one : {&ann, &bob})
    (void)say(*one, R"({"type":"connect","id":0})", subscribe_news);
  CAF_CHECK_EQUAL(say(ann, publish_news), texts{event_news});
  CAF_CHECK_EQUAL(hear(bob), texts{});
}

CAF_TEST(requests_that_come_together_are_taken_and_answered_in_order) {
  start_all();
  auto& ann = arrive("wspool.v1.json");
  const auto heard =
    say(ann, R"({"type":"connect","id":0,"session":"s"})", subscribe_news,
        R"({"type":"publish","id":"p","channel":"news","data":1})", R"({"type":"ping","id":5})",
        unsubscribe_news, publish_news, R"({"type":"ping","id":6})");
  CAF_REQUIRE_EQUAL(heard.size(), 7u);
  CAF_CHECK_EQUAL(
    texts(heard.begin() + 1, heard.end()),
    (texts{subscribed_news, event_news, R"({"type":"ack","id":"p"})", R"({"type":"pong","id":5})",
           R"({"type":"ack","id":2})", R"({"type":"pong","id":6})"}));
}

CAF_TEST(what_comes_behind_a_subscription_waits_until_the_backplane_has_answered) {
  start_all();
  auto& ann = v1();
  script->held = {"history"};
  CAF_CHECK_EQUAL(say(ann, subscribe_news, R"({"type":"ping","id":1})"), texts{});
  CAF_CHECK_EQUAL(say(ann, R"({"type":"ping","id":2})"), texts{});
  script->release("history");
  CAF_CHECK_EQUAL(
    hear(ann), (texts{subscribed_news, R"({"type":"pong","id":1})", R"({"type":"pong","id":2})"}));
}

CAF_TEST(publications_are_at_the_backplane_together_and_answers_keep_their_places) {
  start_all();
  auto& ann = v1();
  script->held = {"publish"};
  CAF_CHECK_EQUAL(say(ann, R"({"type":"publish","id":1,"channel":"news","data":1})",
                      R"({"type":"publish","id":2,"channel":"news","data":2})",
                      R"({"type":"ping","id":3})"),
                  texts{});
  CAF_CHECK_EQUAL(script->count("publish 2"), 1u);
  script->release("publish");
  CAF_CHECK_EQUAL(hear(ann), (texts{R"({"type":"ack","id":1})", R"({"type":"ack","id":2})",
                                    R"({"type":"pong","id":3})"}));
}

CAF_TEST(a_client_may_be_in_so_many_channels_and_so_many_there_may_be) {
  settings.max_channels_per_client = 2;
  settings.max_channels = 3;
  start_all();
  auto& ann = v1();
  auto& bob = v1();
  const auto subscribe = [this](scripted_client& who, const std::string& channel) {
    return ask(who, R"({"type":"subscribe","id":1,"channel":")" + channel + R"("})");
  };
  const auto refused = [](const std::string& why) {
    return R"({"type":"error","id":1,"code":"limit_exceeded","field":"channel","message":")" + why
           + R"("})";
  };
  (void)subscribe(ann, "a");
  (void)subscribe(ann, "b");
  CAF_CHECK_EQUAL(subscribe(ann, "c"), refused("channel is one more than a client may be in"));
  CAF_CHECK_EQUAL(subscribe(ann, "a"), R"({"type":"subscribed","id":1,"channel":"a"})");
  (void)subscribe(bob, "c");
  CAF_CHECK_EQUAL(subscribe(bob, "d"), refused("channel is one more than there may be"));
  CAF_CHECK_EQUAL(script->count("subscribe d"), 0u);
}

CAF_TEST(a_subscription_that_the_backplane_refuses_is_unavailable_and_nothing_of_it_has_happened) {
  start_all();
  auto& ann = v1();
  for (const std::string kind : {"subscribe", "enter", "history"}) {
    script->failing = {{kind, errc::no_connection}};
    CAF_CHECK_EQUAL(ask(ann, subscribe_news),
                    R"({"type":"error","id":1,"code":"unavailable",)"
                    R"("message":"the server cannot do this at the moment",)"
                    R"("retry_after_ms":1000})");
    CAF_CHECK_EQUAL(counts().channels, 0u);
    script->failing.clear();
    CAF_CHECK_EQUAL(say(ann, publish_news), texts{});
  }
  CAF_CHECK((script->channels[{"default", "news"}].people.empty()));
  CAF_CHECK_EQUAL(say(ann, subscribe_news, publish_news), (texts{subscribed_news, event_news}));
}

CAF_TEST(recovering_in_vain_changes_nothing) {
  start_all();
  auto& ann = member("news");
  script->held = {"history"};
  (void)say(ann,
            R"({"type":"subscribe","id":1,"channel":"news",)"
            R"("recover":{"epoch":"e","offset":0}})",
            publish_news);
  auto& bob = v1();
  CAF_CHECK_EQUAL(say(bob, publish_news), texts{});
  CAF_CHECK_EQUAL(hear(ann), texts{});
  script->failing = {{"history", errc::no_connection}};
  script->release("history");
  const auto heard = hear(ann);
  CAF_REQUIRE_EQUAL(heard.size(), 3u); // what was held, the refusal, what it published
  CAF_CHECK_EQUAL(heard[0], event_news);
  CAF_CHECK(heard[1].find("unavailable") != std::string::npos);
  CAF_CHECK_EQUAL(heard[2], event_news);
  CAF_CHECK_EQUAL(say(ann, publish_news), texts{event_news});
}

CAF_TEST(a_member_that_subscribes_again_is_told_where_it_is_and_misses_nothing) {
  script->keeps_history = true;
  start_all();
  auto& ann = member("news");
  script->held = {"events"};
  CAF_CHECK_EQUAL(say(ann, publish_news), texts{});
  CAF_CHECK_EQUAL(say(ann, subscribe_news),
                  texts{R"({"type":"subscribed","id":1,"channel":"news","epoch":"e","offset":0})"});
  script->release_events();
  CAF_CHECK_EQUAL(hear(ann), texts{R"({"type":"event","channel":"news","epoch":"e","offset":1,)"
                                   R"("data":1})"});
  CAF_CHECK_EQUAL(say(ann, subscribe_news),
                  texts{R"({"type":"subscribed","id":1,"channel":"news","epoch":"e","offset":1})"});
}

CAF_TEST(two_who_come_into_a_channel_at_once_are_both_in_or_both_not) {
  start_all();
  auto& ann = v1();
  auto& bob = v1();
  const std::array kinds{"subscribe", "enter", "history"};
  script->held = {kinds.begin(), kinds.end()};
  script->failing = {{"subscribe", errc::no_connection}};
  (void)say(ann, subscribe_news);
  (void)say(bob, subscribe_news);
  CAF_CHECK_EQUAL(script->count("subscribe news"), 1u);
  for (const auto* kind : kinds)
    script->release(kind);
  CAF_CHECK(hear(ann).at(0).find("unavailable") != std::string::npos);
  CAF_CHECK(hear(bob).at(0).find("unavailable") != std::string::npos);
  CAF_CHECK_EQUAL(counts().channels, 0u);
  script->held = {kinds.begin(), kinds.end()};
  script->failing.clear();
  (void)say(ann, subscribe_news);
  (void)say(bob, subscribe_news);
  CAF_CHECK_EQUAL(script->count("subscribe news"), 2u);
  for (const auto* kind : kinds)
    script->release(kind);
  CAF_CHECK_EQUAL(hear(ann), texts{subscribed_news});
  CAF_CHECK_EQUAL(hear(bob), texts{subscribed_news});
}

CAF_TEST(a_backplane_that_does_not_answer_is_unavailable_after_the_timeout) {
  settings.backplane_timeout = 3s;
  start_all();
  auto& ann = v1();
  script->held = {"history"};
  (void)say(ann, subscribe_news);
  advance(2999ms);
  CAF_CHECK_EQUAL(hear(ann), texts{});
  advance(1ms);
  const auto heard = hear(ann);
  CAF_REQUIRE_EQUAL(heard.size(), 1u);
  CAF_CHECK(heard.front().find("unavailable") != std::string::npos);
  script->release("history"); // too late
  CAF_CHECK_EQUAL(hear(ann), texts{});
  CAF_CHECK_EQUAL(say(ann, subscribe_news), texts{subscribed_news});
}

CAF_TEST(who_goes_while_it_is_on_its_way_into_a_channel_leaves_nothing_behind) {
  start_all();
  auto& ann = v1();
  script->held = {"history"};
  (void)say(ann, subscribe_news);
  ann.drop();
  settle();
  script->release("history");
  settle();
  CAF_CHECK_EQUAL(counts().clients, 0u);
  CAF_CHECK_EQUAL(counts().channels, 0u);
  CAF_CHECK_EQUAL(script->count("unsubscribe news"), 1u);
  CAF_CHECK((script->channels[{"default", "news"}].people.empty()));
}

CAF_TEST(who_gets_no_more_of_the_hubs_rooms_is_served_all_the_same_and_told_of_the_gap) {
  options.max_rooms = 1;
  start_all();
  auto& ann = member("news");
  CAF_CHECK_EQUAL(say(ann, R"({"type":"subscribe","id":1,"channel":"more"})"),
                  (texts{R"({"type":"subscribed","id":1,"channel":"more"})",
                         R"({"type":"gap","channel":"more"})"}));
  CAF_CHECK_EQUAL(say(ann, R"({"type":"publish","channel":"more","data":1})"),
                  texts{R"({"type":"event","channel":"more","data":1})"});
  CAF_CHECK_EQUAL(say(ann, R"({"type":"unsubscribe","id":1,"channel":"more"})",
                      R"({"type":"publish","channel":"more","data":1})"),
                  texts{R"({"type":"ack","id":1})"});
}

CAF_TEST(an_event_that_is_too_large_for_the_server_is_a_gap_and_takes_no_other_with_it) {
  options.limits.max_message_bytes = 70'000;
  settings.max_message_bytes = 70'000;
  settings.tell_publisher = true; // so that the event is larger than what was published
  start_all();
  auto& ann = member("news");
  const std::string large(69'950, 'x');
  const auto heard =
    say(ann, publish_news, R"({"type":"publish","channel":"news","data":")" + large + "\"}");
  CAF_REQUIRE_EQUAL(heard.size(), 2u);
  CAF_CHECK(heard[0].find(R"("data":1)") != std::string::npos);
  CAF_CHECK_EQUAL(heard[1], R"({"type":"gap","channel":"news"})");
}

CAF_TEST_FIXTURE_SCOPE_END()

} // namespace broker_channels_test
