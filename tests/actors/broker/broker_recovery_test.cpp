// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE broker_recovery

#include "support/broker_fixture.hpp"

namespace broker_recovery_test {

using namespace wspool;
using namespace wspool::test;

namespace {

struct fixture : broker_fixture {
  fixture() {
    settings.tell_publisher = false;
    script->keeps_history = true;
  }

  static std::string event(int offset, const std::string& data, const std::string& epoch = "e") {
    return R"({"type":"event","channel":"news","epoch":")" + epoch + R"(","offset":)"
           + std::to_string(offset) + R"(,"data":)" + data + "}";
  }
  static std::string subscribe(int offset = -1, const std::string& epoch = "e") {
    auto result = std::string{R"({"type":"subscribe","id":1,"channel":"news")"};
    if (offset >= 0)
      result +=
        R"(,"recover":{"epoch":")" + epoch + R"(","offset":)" + std::to_string(offset) + "}";
    return result + "}";
  }
  static std::string subscribed(int offset, const std::string& recovered = {}) {
    auto result = R"({"type":"subscribed","id":1,"channel":"news","epoch":"e","offset":)"
                  + std::to_string(offset);
    if (!recovered.empty())
      result += R"(,"recovered":)" + recovered;
    return result + "}";
  }
  static std::string gap(int offset) {
    return R"({"type":"gap","channel":"news","epoch":"e","offset":)" + std::to_string(offset) + "}";
  }
  /// The application publishes a number.
  void publish(int number) {
    const auto answer =
      begin_at_broker<channel_place>(publish_atom_v, channel_ref{"default", "news"},
                                     content{std::to_string(number), message_kind::text});
    CAF_CHECK(answer->value.has_value());
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(broker_recovery_tests, fixture)

CAF_TEST(subscribed_tells_the_place_and_events_have_theirs) {
  start_all();
  auto& ann = v1();
  publish(1);
  CAF_CHECK_EQUAL(say(ann, subscribe()), texts{subscribed(1)});
  CAF_CHECK_EQUAL(say(ann, R"({"type":"publish","id":2,"channel":"news","data":2})"),
                  (texts{event(2, "2"), R"({"type":"ack","id":2,"epoch":"e","offset":2})"}));
}

CAF_TEST(what_was_missed_follows_and_then_what_is_new_each_once) {
  start_all();
  auto& ann = v1();
  auto& bob = member("news");
  for (int i = 1; i <= 5; ++i)
    publish(i);
  CAF_CHECK_EQUAL(hear(bob).size(), 5u);
  CAF_CHECK_EQUAL(say(ann, subscribe(3)),
                  (texts{subscribed(5, "true"), event(4, "4"), event(5, "5")}));
  publish(6);
  CAF_CHECK_EQUAL(hear(ann), texts{event(6, "6")});
  CAF_CHECK_EQUAL(hear(bob), texts{event(6, "6")});
  CAF_CHECK_EQUAL(say(ann, subscribe(6)), texts{subscribed(6, "true")});
}

CAF_TEST(what_cannot_be_recovered_is_said_plainly) {
  start_all();
  auto& ann = v1();
  publish(1);
  CAF_CHECK_EQUAL(say(ann, subscribe(0, "other")), texts{subscribed(1, "false")});
  publish(2);
  CAF_CHECK_EQUAL(hear(ann), texts{event(2, "2")});
}

CAF_TEST(a_channel_without_history_says_that_nothing_is_recovered_and_no_place) {
  script->keeps_history = false;
  start_all();
  auto& ann = v1();
  CAF_CHECK_EQUAL(say(ann, subscribe(3)),
                  texts{R"({"type":"subscribed","id":1,"channel":"news","recovered":false})"});
}

CAF_TEST(events_that_come_before_the_history_are_neither_lost_nor_doubled) {
  start_all();
  auto& bob = member("news"); // the channel's events come already
  publish(1);
  script->held = {"history"};
  auto& ann = v1();
  (void)say(ann, subscribe(0));
  publish(2);
  publish(3);
  CAF_CHECK_EQUAL(hear(ann), texts{});
  script->release("history"); // knows all three
  CAF_CHECK_EQUAL(hear(ann),
                  (texts{subscribed(3, "true"), event(1, "1"), event(2, "2"), event(3, "3")}));
  publish(4);
  CAF_CHECK_EQUAL(hear(ann), texts{event(4, "4")});
  CAF_CHECK_EQUAL(hear(bob).size(), 4u);
}

CAF_TEST(events_that_come_after_the_history_that_has_them_are_not_doubled) {
  start_all();
  auto& bob = member("news");
  script->held = {"events"};
  publish(1);
  publish(2);
  auto& ann = v1();
  CAF_CHECK_EQUAL(say(ann, subscribe(0)),
                  (texts{subscribed(2, "true"), event(1, "1"), event(2, "2")}));
  publish(3);
  script->release_events();
  CAF_CHECK_EQUAL(hear(ann), texts{event(3, "3")});
  CAF_CHECK_EQUAL(hear(bob), (texts{event(1, "1"), event(2, "2"), event(3, "3")}));
}

CAF_TEST(a_gap_of_the_backplane_is_told_to_the_members_and_may_be_recovered_from) {
  start_all();
  auto& ann = member("news");
  auto& thin = arrive("thinws");
  (void)say(thin, R"({"messageID":1,"type":"subscribe","roomID":"news"})");
  publish(1);
  CAF_CHECK_EQUAL(hear(ann), texts{event(1, "1")});
  script->held = {"events"};
  publish(2);
  script->events_held.clear(); // lost
  script->held.clear();
  script->emit({backplane_event::what::gap, {"default", "news"}, {"e", 2}, {}, {}});
  CAF_CHECK_EQUAL(hear(ann), texts{gap(2)});
  CAF_CHECK_EQUAL(say(ann, subscribe(1)), (texts{subscribed(2, "true"), event(2, "2")}));
  publish(3);
  CAF_CHECK_EQUAL(hear(ann), texts{event(3, "3")});
  CAF_CHECK_EQUAL(hear(thin).size(), 2u); // 1 and 3: it has no word for a gap
}

CAF_TEST(what_cannot_be_understood_is_a_gap) {
  start_all();
  auto& ann = member("news");
  script->emit(
    {backplane_event::what::message, {"default", "news"}, {"e", 1}, "from a newer node", {}});
  CAF_CHECK_EQUAL(hear(ann), texts{gap(1)});
}

CAF_TEST(a_backplane_that_is_lost_closes_nobody_but_members_are_told_and_requests_are_unavailable) {
  start_all();
  auto& ann = member("news");
  caf::anon_send_exit(backplane, caf::exit_reason::kill);
  CAF_CHECK_EQUAL(hear(ann), texts{R"({"type":"gap","channel":"news"})"});
  for (const std::string request : {R"({"type":"subscribe","id":1,"channel":"more"})",
                                    R"({"type":"publish","id":1,"channel":"news","data":1})",
                                    R"({"type":"presence","id":1,"channel":"news"})"})
    CAF_CHECK_EQUAL(ask(ann, request), R"({"type":"error","id":1,"code":"unavailable",)"
                                       R"("message":"the server cannot do this at the moment",)"
                                       R"("retry_after_ms":1000})");
  CAF_CHECK_EQUAL(ask(ann, R"({"type":"ping","id":1})"), R"({"type":"pong","id":1})");
  CAF_CHECK_EQUAL(say(ann, R"({"type":"unsubscribe","id":1,"channel":"news"})"),
                  texts{R"({"type":"ack","id":1})"});
}

CAF_TEST_FIXTURE_SCOPE_END()

} // namespace broker_recovery_test
