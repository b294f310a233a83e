// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE broker_publishing

#include "support/broker_fixture.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace broker_publishing_test {

using namespace wspool;
using namespace wspool::test;

namespace {

std::string publish(const std::string& id, const std::string& data = "1") {
  return R"({"type":"publish","id":)" + id + R"(,"channel":"news","data":)" + data + "}";
}
std::string unavailable(const std::string& id) {
  return R"({"type":"error","id":)" + id
         + R"(,"code":"unavailable",)"
           R"("message":"the server cannot do this at the moment","retry_after_ms":1000})";
}

struct fixture : broker_fixture {
  fixture() { settings.tell_publisher = false; }

  std::size_t published() { return script->channels[{"default", "news"}].history.size(); }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(broker_publishing_tests, fixture)

CAF_TEST(with_an_id_it_is_acknowledged_without_nothing_is_heard_of_it) {
  script->keeps_history = true;
  start_all();
  auto& ann = v1();
  CAF_CHECK_EQUAL(say(ann, R"({"type":"publish","channel":"news","data":1})"), texts{});
  CAF_CHECK_EQUAL(say(ann, publish("6")), texts{R"({"type":"ack","id":6,"epoch":"e","offset":2})"});
  CAF_CHECK_EQUAL(counts().published, 2u);
}

CAF_TEST(the_same_id_of_the_same_session_is_published_once_on_another_connection_too) {
  script->keeps_history = true;
  start_all();
  auto& ann = v1("ann", "s");
  CAF_CHECK_EQUAL(say(ann, publish("6")), texts{R"({"type":"ack","id":6,"epoch":"e","offset":1})"});
  ann.drop();
  settle();
  auto& again = v1("ann", "s");
  CAF_CHECK_EQUAL(say(again, publish("6")),
                  texts{R"({"type":"ack","id":6,"epoch":"e","offset":1,"duplicate":true})"});
  CAF_CHECK_EQUAL(published(), 1u);
  CAF_CHECK_EQUAL(counts().duplicates, 1u);
  (void)say(again, publish("\"6\"")); // another id
  CAF_CHECK_EQUAL(published(), 2u);
}

CAF_TEST(the_same_session_of_another_identity_is_another_client) {
  start_all();
  (void)say(v1("ann", "s"), publish("6"));
  (void)say(v1("bob", "s"), publish("6"));
  CAF_CHECK_EQUAL(published(), 2u);
}

CAF_TEST(clients_without_a_session_of_their_own_do_not_share_one) {
  start_all();
  (void)say(v1(), publish("6"));
  (void)say(v1(), publish("6"));
  CAF_CHECK_EQUAL(published(), 2u);
}

CAF_TEST(what_the_backplane_refuses_is_unavailable_with_and_without_an_id_and_not_published) {
  start_all();
  auto& ann = v1();
  script->failing = {{"publish", errc::no_connection}};
  CAF_CHECK_EQUAL(say(ann, publish("6")), texts{unavailable("6")});
  CAF_CHECK_EQUAL(say(ann, R"({"type":"publish","channel":"news","data":1})"),
                  texts{R"({"type":"error","code":"unavailable",)"
                        R"("message":"the server cannot do this at the moment",)"
                        R"("retry_after_ms":1000})"});
  script->failing.clear();
  CAF_CHECK_EQUAL(say(ann, publish("6")), texts{R"({"type":"ack","id":6})"});
  CAF_CHECK_EQUAL(published(), 1u);
}

CAF_TEST(what_the_backplane_does_not_answer_is_unavailable_after_the_timeout) {
  settings.backplane_timeout = 2s;
  start_all();
  auto& ann = v1();
  script->held = {"publish"};
  (void)say(ann, publish("6"));
  advance(1999ms);
  CAF_CHECK_EQUAL(hear(ann), texts{});
  advance(1ms);
  CAF_CHECK_EQUAL(hear(ann), texts{unavailable("6")});
  script->release("publish"); // too late
  CAF_CHECK_EQUAL(hear(ann), texts{});
}

CAF_TEST(what_was_published_before_its_publisher_left_is_still_published) {
  start_all();
  auto& bob = member("news");
  auto& ann = v1();
  script->held = {"history"};
  ann.send_text(R"({"type":"subscribe","id":1,"channel":"other"})");
  ann.send_text(publish("2"));
  ann.send_text(R"({"type":"subscribe","id":3,"channel":"third"})");
  ann.close(1000);
  settle();
  CAF_CHECK_EQUAL(hear(bob), texts{});
  script->release("history");
  CAF_CHECK_EQUAL(hear(bob), texts{R"({"type":"event","channel":"news","data":1})"});
  CAF_CHECK_EQUAL(script->count("subscribe third"), 0u);
  CAF_CHECK_EQUAL(counts().clients, 1u);
}

CAF_TEST(a_client_whose_publications_wait_is_not_read_any_further) {
  options.max_unread_bytes = 4'000;
  options.backlog.max_messages = 10'000;
  start_all();
  auto& ann = v1();
  script->held = {"publish"};
  for (int i = 0; i < 2'000; ++i) {
    ann.send_text(publish(std::to_string(i + 1)));
    if (i % 10 == 0)
      settle();
  }
  settle();
  const auto orders = [this] {
    return std::count_if(script->asked.begin(), script->asked.end(),
                         [](const auto& line) { return line.starts_with("publish news"); });
  };
  CAF_CHECK_EQUAL(orders(), 256);
  CAF_CHECK(stats().total_traffic.messages_in < 600);
  script->release("publish");
  const auto heard = hear(ann);
  CAF_REQUIRE_EQUAL(heard.size(), 2'000u);
  for (int i = 0; i < 2'000; ++i)
    CAF_REQUIRE_EQUAL(heard[static_cast<std::size_t>(i)],
                      R"({"type":"ack","id":)" + std::to_string(i + 1) + "}");
}

CAF_TEST(when_too_much_is_at_the_backplane_clients_wait_and_the_application_is_refused) {
  start_all();
  script->held = {"publish"};
  std::vector<scripted_client*> all;
  for (int i = 0; i < 41; ++i)
    all.push_back(&v1());
  for (auto* who : all) {
    for (int i = 0; i < 256; ++i)
      who->send_text(R"({"type":"publish","channel":"news","data":1})");
    settle();
  }
  const auto orders = [this] {
    return std::count_if(script->asked.begin(), script->asked.end(),
                         [](const auto& line) { return line.starts_with("publish news"); });
  };
  CAF_CHECK_EQUAL(orders(), 10'000);
  const auto answer = begin_at_broker<channel_place>(publish_atom_v, channel_ref{"default", "news"},
                                                     content{"1", message_kind::text});
  CAF_CHECK(answer->error == errc::queue_full);
  script->release("publish");
  settle();
  CAF_CHECK_EQUAL(orders(), 41 * 256);
  CAF_CHECK_EQUAL(counts().published, 41u * 256u);
}

CAF_TEST(the_application_publishes_too) {
  script->keeps_history = true;
  start_all();
  auto& ann = member("news");
  const auto say_to = [this](const std::string& channel, content what) {
    return begin_at_broker<channel_place>(publish_atom_v, channel_ref{"default", channel},
                                          std::move(what));
  };
  auto answer = say_to("news", {R"({"a":1})", message_kind::text});
  CAF_REQUIRE(answer->value.has_value());
  CAF_CHECK((*answer->value == channel_place{"e", 1}));
  CAF_CHECK_EQUAL(
    hear(ann), texts{R"({"type":"event","channel":"news","epoch":"e","offset":1,"data":{"a":1}})"});
  CAF_CHECK(say_to("news", {"{", message_kind::text})->error == errc::invalid_message);
  CAF_CHECK(say_to("", {"1", message_kind::text})->error == errc::invalid_message);
  CAF_CHECK(say_to("news", {std::string(65'537, ' '), message_kind::binary})->error
            == errc::too_big);
  script->failing = {{"publish", errc::no_connection}};
  CAF_CHECK(say_to("news", {"1", message_kind::text})->error == errc::no_connection);
}

CAF_TEST_FIXTURE_SCOPE_END()

} // namespace broker_publishing_test
