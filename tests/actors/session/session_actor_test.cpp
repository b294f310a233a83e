// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE session_actor

#include "runtime/strand_host.hpp"

#include "session_fixture.hpp"

namespace session_actor_test {

using namespace wspool;
using namespace wspool::test;
using texts = std::vector<std::string>;

CAF_TEST_FIXTURE_SCOPE(session_actor_tests, session_fixture)

CAF_TEST(connect_comes_first_and_alone) {
  settings.token = "secret";
  begin();
  const auto log = new_log();
  const auto subscribed = subscribe(log, "news");
  CAF_CHECK_EQUAL(heard(), R"({"type":"connect","id":1,"session":"me","token":"secret"})");
  CAF_CHECK_EQUAL(heard(), "-");
  say(R"({"type":"connected","id":1,"connection":"c1","session":"me","identity":"ann",)"
      R"("max_message_bytes":1000,"deduplication_ms":1000})");
  CAF_CHECK_EQUAL(heard(), R"({"type":"subscribe","id":2,"channel":"news"})");
  CAF_CHECK(!subscribed->arrived());
  say(R"({"type":"subscribed","id":2,"channel":"news","epoch":"e","offset":7})");
  CAF_REQUIRE(succeeded(subscribed));
  CAF_CHECK(subscribed->value->place == (channel_place{"e", 7}));
  CAF_CHECK_EQUAL(observer->said, texts{"open c1"});
  CAF_CHECK_EQUAL(last_peer().header("Sec-WebSocket-Protocol"), "wspool.v1.json");
}

CAF_TEST(subscribers_get_each_message_once_or_hear_of_a_gap) {
  begin_open();
  const auto log = new_log();
  subscribe(log, "c");
  CAF_CHECK_EQUAL(heard(), R"({"type":"subscribe","id":2,"channel":"c"})");
  say(R"({"type":"event","channel":"c","epoch":"e","offset":7,"data":"too early"})");
  say(R"({"type":"subscribed","id":2,"channel":"c","epoch":"e","offset":7})");
  say(R"({"type":"event","channel":"c","epoch":"e","offset":8,"data":8,"meta":{"a":1},)"
      R"("from":{"connection":"c9","identity":"bob"}})");
  say(R"({"type":"event","channel":"c","epoch":"e","offset":8,"data":"again"})");
  say(R"({"type":"event","channel":"c","epoch":"e","offset":11,"data":11})");
  say(R"({"type":"gap","channel":"c","epoch":"e","offset":20})");
  say(R"({"type":"event","channel":"c","epoch":"f","offset":1,"data":1})");
  say(R"({"type":"event","channel":"elsewhere","data":1})");
  const texts all{"c 8", "c gap e/10", "c 11", "c gap e/20", "c gap f/0", "c 1"};
  CAF_CHECK_EQUAL(log->said, all);
  const auto& event = log->events.front();
  CAF_CHECK_EQUAL(event.meta, R"({"a":1})");
  CAF_CHECK_EQUAL(event.from.identity, "bob");
  CAF_CHECK(event.place == (channel_place{"e", 8}));
  const auto now = numbers();
  CAF_CHECK_EQUAL(now.events, 3u);
  CAF_CHECK_EQUAL(now.gaps, 3u);
}

CAF_TEST(bytes_are_brought_and_published_as_bytes) {
  begin_open();
  const auto log = new_log();
  subscribe(log, "c");
  (void)heard();
  say(R"({"type":"subscribed","id":2,"channel":"c"})");
  last_peer().send_binary("{\"type\":\"event\",\"channel\":\"c\"}\n\1\2");
  settle();
  CAF_REQUIRE_EQUAL(log->events.size(), 1u);
  CAF_CHECK(log->events[0].data == (content{"\1\2", message_kind::binary}));
  request<publish_outcome>(publish_atom_v, std::string{"c"}, content{"\3", message_kind::binary});
  CAF_CHECK_EQUAL(heard(), "{\"type\":\"publish\",\"id\":3,\"channel\":\"c\"}\n\3");
  CAF_CHECK(last_peer().messages().back().kind == message_kind::binary);
}

CAF_TEST(a_new_connection_restores_and_resends) {
  begin_open();
  const auto log = new_log();
  subscribe(log, "c");
  (void)heard();
  say(R"({"type":"subscribed","id":2,"channel":"c","epoch":"e","offset":7})");
  say(R"({"type":"event","channel":"c","epoch":"e","offset":8,"data":8})");
  const auto first = publish("c", "1");
  const auto second = publish("c", "2");
  CAF_CHECK_EQUAL(heard(), R"({"type":"publish","id":3,"channel":"c","data":1})");
  CAF_CHECK_EQUAL(heard(), R"({"type":"publish","id":4,"channel":"c","data":2})");
  say(R"({"type":"ack","id":3,"epoch":"e","offset":9})");
  CAF_REQUIRE(succeeded(first));
  CAF_CHECK(first->value->place == (channel_place{"e", 9}));
  break_connection();
  const auto third = publish("c", "3");
  welcome();
  CAF_CHECK_EQUAL(heard(), R"({"type":"subscribe","id":7,"channel":"c",)"
                           R"("recover":{"epoch":"e","offset":8}})");
  CAF_CHECK_EQUAL(heard(), R"({"type":"publish","id":4,"channel":"c","data":2})");
  CAF_CHECK_EQUAL(heard(), R"({"type":"publish","id":6,"channel":"c","data":3})");
  CAF_CHECK_EQUAL(heard(), "-");
  say(R"({"type":"subscribed","id":7,"channel":"c","epoch":"e","offset":10,"recovered":true})");
  say(R"({"type":"event","channel":"c","epoch":"e","offset":9,"data":1})");
  say(R"({"type":"event","channel":"c","epoch":"e","offset":10,"data":2})");
  say(R"({"type":"ack","id":4,"epoch":"e","offset":10,"duplicate":true})");
  CAF_CHECK_EQUAL(log->said, (texts{"c 8", "c 1", "c 2"}));
  CAF_REQUIRE(succeeded(second));
  CAF_CHECK(second->value->duplicate);
  CAF_CHECK(!third->arrived());
  const auto now = numbers();
  CAF_CHECK_EQUAL(now.resent, 1u);
  CAF_CHECK_EQUAL(now.connections, 2u);
  CAF_CHECK_EQUAL(now.pending, 1u);
  CAF_REQUIRE_EQUAL(observer->said.size(), 3u);
  CAF_CHECK_EQUAL(observer->said[1].substr(0, 5), "lost ");
}

CAF_TEST(what_cannot_be_recovered_is_a_gap) {
  begin_open();
  const auto log = new_log();
  subscribe(log, "kept");
  subscribe(log, "not kept");
  (void)heard();
  (void)heard();
  say(R"({"type":"subscribed","id":2,"channel":"kept","epoch":"e","offset":7})");
  say(R"({"type":"subscribed","id":3,"channel":"not kept"})");
  break_connection();
  welcome();
  CAF_CHECK_EQUAL(heard(), R"({"type":"subscribe","id":5,"channel":"kept",)"
                           R"("recover":{"epoch":"e","offset":7}})");
  CAF_CHECK_EQUAL(heard(), R"({"type":"subscribe","id":6,"channel":"not kept"})");
  say(R"({"type":"subscribed","id":5,"channel":"kept","epoch":"f","offset":2,"recovered":false})");
  say(R"({"type":"subscribed","id":6,"channel":"not kept"})");
  say(R"({"type":"event","channel":"kept","epoch":"f","offset":3,"data":3})");
  CAF_CHECK_EQUAL(log->said, (texts{"kept gap f/2", "not kept gap -", "kept 3"}));
}

CAF_TEST(a_subscriber_may_go_on_where_an_earlier_life_ended) {
  begin_open();
  const auto log = new_log();
  const auto report = subscribe(log, "c", true, {"e", 3});
  CAF_CHECK_EQUAL(heard(), R"({"type":"subscribe","id":2,"channel":"c",)"
                           R"("recover":{"epoch":"e","offset":3},"presence":true})");
  say(R"({"type":"subscribed","id":2,"channel":"c","epoch":"e","offset":4,"recovered":true})");
  say(R"({"type":"event","channel":"c","epoch":"e","offset":4,"data":4})");
  say(R"({"type":"join","channel":"c","member":{"connection":"x"}})");
  say(R"({"type":"leave","channel":"c","member":{"connection":"x"}})");
  CAF_REQUIRE(succeeded(report));
  CAF_CHECK(report->value->recovered);
  CAF_CHECK_EQUAL(log->said, (texts{"c 4", "c + x", "c - x"}));
}

CAF_TEST(two_subscribers_of_a_channel_share_its_subscription) {
  begin_open();
  const auto one = new_log();
  const auto two = new_log();
  subscribe(one, "c");
  (void)heard();
  say(R"({"type":"subscribed","id":2,"channel":"c","epoch":"e","offset":7})");
  const auto report = subscribe(two, "c");
  CAF_REQUIRE(succeeded(report));
  CAF_CHECK(report->value->place == (channel_place{"e", 7}));
  CAF_CHECK_EQUAL(heard(), "-");
  say(R"({"type":"event","channel":"c","epoch":"e","offset":8,"data":8})");
  CAF_CHECK(succeeded(request<caf::unit_t>(unsubscribe_atom_v, actor_of(one), std::string{"c"})));
  CAF_CHECK_EQUAL(heard(), "-");
  say(R"({"type":"event","channel":"c","epoch":"e","offset":9,"data":9})");
  CAF_CHECK_EQUAL(one->said, texts{"c 8"});
  CAF_CHECK_EQUAL(two->said, (texts{"c 8", "c 9"}));
  caf::anon_send_exit(actor_of(two), caf::exit_reason::kill);
  settle();
  CAF_CHECK_EQUAL(heard(), R"({"type":"unsubscribe","id":3,"channel":"c"})");
  CAF_CHECK_EQUAL(numbers().channels, 0u);
}

CAF_TEST(queries_commands_and_presence_are_answered) {
  begin_open();
  const auto price =
    request<content>(query_atom_v, std::string{"price"}, content{R"({"of":"tea"})"});
  const auto slow =
    request<content>(query_atom_v, std::string{"slow"}, content{}, caf::timespan{2s});
  const auto rename = request<caf::unit_t>(command_atom_v, std::string{"rename"}, content{"1"});
  const auto who = request<presence_page>(presence_atom_v, std::string{"c"});
  const auto bad = request<content>(query_atom_v, std::string{"price"}, content{"{"});
  CAF_CHECK_EQUAL(heard(), R"({"type":"query","id":2,"name":"price","deadline_ms":30000,)"
                           R"("key":"2","data":{"of":"tea"}})");
  CAF_CHECK_EQUAL(heard(), R"({"type":"query","id":3,"name":"slow","deadline_ms":2000,"key":"3"})");
  CAF_CHECK_EQUAL(heard(), R"({"type":"command","id":4,"name":"rename","data":1})");
  CAF_CHECK_EQUAL(heard(), R"({"type":"presence","id":5,"channel":"c"})");
  say(R"({"type":"response","id":2,"data":{"eur":4}})");
  say(R"({"type":"ack","id":4})");
  say(R"({"type":"presence","id":5,"channel":"c","members":[{"connection":"x"}],"total":3})");
  CAF_REQUIRE(succeeded(price));
  CAF_CHECK_EQUAL(price->value->data, R"({"eur":4})");
  CAF_CHECK(succeeded(rename));
  CAF_REQUIRE(succeeded(who));
  CAF_CHECK_EQUAL(who->value->total, 3u);
  CAF_CHECK_EQUAL(who->value->people.at(0).connection, "x");
  CAF_CHECK(failed_with(bad, errc::invalid_message));
  CAF_CHECK(!slow->arrived());
  advance(2s);
  CAF_CHECK(failed_with(slow, errc::expired));
  CAF_CHECK_EQUAL(heard(), R"({"type":"cancel","id":3})");
}

CAF_TEST(refusals_come_with_the_servers_words) {
  begin_open();
  const auto log = new_log();
  const auto subscribed = subscribe(log, "c");
  const auto asked = request<content>(query_atom_v, std::string{"what"}, content{});
  say(R"({"type":"error","id":2,"code":"forbidden","message":"not you"})");
  say(R"({"type":"error","id":3,"code":"not_found","message":"no such query"})");
  CAF_CHECK(subscribed->failed);
  CAF_CHECK(subscribed->text.find("forbidden: not you") != std::string::npos);
  CAF_CHECK(asked->text.find("not_found: no such query") != std::string::npos);
  CAF_CHECK_EQUAL(numbers().channels, 0u);
}

CAF_TEST(what_is_refused_for_now_is_sent_again_later) {
  begin_open();
  const auto published = publish("c", "1");
  (void)heard();
  say(R"({"type":"error","id":2,"code":"unavailable","message":"later","retry_after_ms":200})");
  const auto next = publish("c", "2");
  CAF_CHECK_EQUAL(heard(), "-");
  advance(200ms);
  CAF_CHECK_EQUAL(heard(), R"({"type":"publish","id":2,"channel":"c","data":1})");
  CAF_CHECK_EQUAL(heard(), R"({"type":"publish","id":3,"channel":"c","data":2})");
  say(R"({"type":"ack","id":2})");
  CAF_CHECK(succeeded(published));
}

CAF_TEST(requests_expire_and_are_bounded) {
  settings.max_pending = 2;
  settings.timeout = 5s;
  begin();
  const auto one = publish("c", "1");
  const auto two = publish("c", "2");
  const auto three = publish("c", "3");
  CAF_CHECK(failed_with(three, errc::queue_full));
  advance(5s);
  CAF_CHECK(failed_with(one, errc::expired));
  CAF_CHECK(failed_with(two, errc::expired));
}

CAF_TEST(what_is_larger_than_the_server_takes_is_not_sent) {
  begin_open();
  std::string text(1'000, 'x');
  text.front() = text.back() = '"';
  const auto published = publish("c", text);
  CAF_CHECK(failed_with(published, errc::too_big));
  CAF_CHECK_EQUAL(heard(), "-");
}

CAF_TEST(a_server_that_does_not_answer_connect_is_left) {
  settings.timeout = 5s;
  begin();
  CAF_CHECK_EQUAL(connector->size(), 1u);
  advance(5s + options.reconnect.initial);
  CAF_CHECK_EQUAL(connector->size(), 2u);
}

CAF_TEST(a_draining_server_is_left_within_its_window) {
  begin_open();
  say(R"({"type":"drain","deadline_ms":30000,"reconnect_after_ms":1000,)"
      R"("reconnect_window_ms":5000})");
  advance(990ms);
  CAF_CHECK(!last_peer().closed());
  advance(5s + options.reconnect.initial);
  CAF_CHECK_EQUAL(connector->size(), 2u);
  welcome();
  CAF_CHECK(numbers().open);
}

CAF_TEST(a_wrong_token_ends_the_session) {
  settings.token = "wrong";
  begin();
  const auto published = publish("c", "1");
  say(R"({"type":"error","id":1,"code":"unauthorized","message":"wrong token"})");
  CAF_CHECK(failed_with(published, errc::unreachable));
  CAF_CHECK(published->text.find("unauthorized: wrong token") != std::string::npos);
  CAF_CHECK(is_down());
  CAF_CHECK_EQUAL(observer->said, texts{"lost unauthorized: wrong token"});
  advance(1min);
  CAF_CHECK_EQUAL(connector->size(), 1u);
  CAF_CHECK_EQUAL(strand_host::of(sys, io)->live(), 0u);
}

CAF_TEST(an_authentication_that_is_over_ends_the_session) {
  begin_open();
  const auto published = publish("c", "1");
  last_peer().close(4401, "expired");
  settle();
  CAF_CHECK(failed_with(published, errc::unreachable));
  CAF_CHECK(is_down());
  advance(1min);
  CAF_CHECK_EQUAL(connector->size(), 1u);
  CAF_CHECK_EQUAL(strand_host::of(sys, io)->live(), 0u);
}

CAF_TEST(a_server_of_something_else_ends_the_session) {
  on_peer = {};
  begin();
  CAF_CHECK(is_down());
  CAF_CHECK_EQUAL(observer->said, texts{"lost the server does not speak wspool.v1.json"});
}

CAF_TEST(closing_waits_for_answers_and_for_the_server) {
  begin_open();
  const auto published = publish("c", "1");
  const auto closed = request<caf::unit_t>(close_atom_v);
  CAF_CHECK(failed_with(publish("c", "2"), errc::pool_closed));
  CAF_CHECK_EQUAL(heard(), R"({"type":"publish","id":2,"channel":"c","data":1})");
  CAF_CHECK_EQUAL(heard(), "-");
  say(R"({"type":"ack","id":2})");
  CAF_CHECK(succeeded(published));
  CAF_CHECK_EQUAL(heard(), R"({"type":"disconnect","id":3})");
  CAF_CHECK(!closed->arrived());
  say(R"({"type":"ack","id":3})");
  advance(2s);
  CAF_CHECK(succeeded(closed));
  CAF_CHECK(is_down());
  CAF_CHECK_EQUAL(strand_host::of(sys, io)->live(), 0u);
}

CAF_TEST(closing_waits_no_longer_than_the_timeout) {
  settings.timeout = 3s;
  begin_open();
  const auto closed = request<caf::unit_t>(close_atom_v);
  CAF_CHECK_EQUAL(heard(), R"({"type":"disconnect","id":2})");
  advance(2s);
  CAF_CHECK(!closed->arrived());
  advance(3s);
  CAF_CHECK(succeeded(closed));
  CAF_CHECK(is_down());
}

CAF_TEST(closing_before_a_connection_ends_at_once) {
  connector->decide_by([](const auto&) { return failure{errc::connect_failed, "no"}; });
  begin();
  const auto subscribed = subscribe(new_log(), "c");
  CAF_CHECK(!subscribed->arrived());
  CAF_CHECK(succeeded(request<caf::unit_t>(close_atom_v)));
  CAF_CHECK(is_down());
}

CAF_TEST(each_attempt_that_fails_is_told_to_the_observer) {
  connector->decide_by([](const auto&) { return failure{errc::connect_failed, "nobody"}; });
  begin();
  CAF_REQUIRE(!observer->said.empty());
  CAF_CHECK_EQUAL(observer->said.front().substr(0, 5), "lost ");
  CAF_CHECK(observer->said.front().find("nobody") != std::string::npos);
}

CAF_TEST(commands_of_the_server_reach_the_observer_and_are_acknowledged) {
  begin_open();
  say(R"({"type":"command","id":"s1","name":"reload"})");
  CAF_CHECK_EQUAL(observer->said, (texts{"open c1", "command reload"}));
  CAF_CHECK_EQUAL(heard(), R"({"type":"ack","id":"s1"})");
}

CAF_TEST(what_a_server_must_not_say_is_a_gap_for_all) {
  begin_open();
  const auto log = new_log();
  subscribe(log, "c");
  (void)heard();
  say(R"({"type":"subscribed","id":2,"channel":"c","epoch":"e","offset":7})");
  say("{nonsense");
  say(R"({"type":"hologram"})");
  CAF_CHECK_EQUAL(log->said, texts{"c gap e/7"});
}

CAF_TEST(messages_that_were_dropped_on_the_connection_are_a_gap_in_every_channel) {
  begin_open();
  const auto log = new_log();
  subscribe(log, "c");
  say(R"({"type":"subscribed","id":2,"channel":"c","epoch":"e","offset":7})");
  subscribe(log, "d");
  say(R"({"type":"subscribed","id":3,"channel":"d"})");
  say(R"({"type":"gap"})");
  say(R"({"type":"event","channel":"d","data":1})");
  CAF_CHECK_EQUAL(log->said, (texts{"c gap e/7", "d gap -", "d 1"}));
  CAF_CHECK_EQUAL(numbers().gaps, 2u);
}

CAF_TEST(a_subscriber_that_is_slow_holds_back_the_server) {
  options.window.max_unread_bytes = 64;
  begin_open();
  const auto log = new_log();
  subscribe(log, "c");
  (void)heard();
  say(R"({"type":"subscribed","id":2,"channel":"c"})");
  log->hold = true;
  for (int i = 0; i < 10; ++i)
    say(R"({"type":"event","channel":"c","data":)" + std::to_string(i) + "}");
  const auto before = log->said.size();
  CAF_CHECK(before < 10u);
  log->hold = false;
  for (auto& promise : log->held)
    promise.deliver();
  log->held.clear();
  settle();
  CAF_CHECK_EQUAL(log->said.size(), 10u);
}

CAF_TEST(a_session_ends_its_pool_when_it_is_killed) {
  begin_open();
  const auto published = publish("c", "1");
  caf::anon_send_exit(session, caf::exit_reason::kill);
  settle();
  CAF_CHECK(published->failed);
  CAF_CHECK_EQUAL(strand_host::of(sys, io)->live(), 0u);
  CAF_CHECK(last_peer().is_gone());
}

CAF_TEST(options_are_checked) {
  auto refused = [this](const pool_options& from, const session_options& with) {
    try {
      caf::anon_send_exit(spawn_session(sys, io, from, with), caf::exit_reason::kill);
    } catch (const invalid_options& e) {
      return std::string{e.what()};
    }
    return std::string{"-"};
  };
  auto two = options;
  two.endpoints.push_back({other_url, 1, 1, 0});
  CAF_CHECK(refused(two, {}).find("endpoints") != std::string::npos);
  session_options bad;
  bad.token = "se\ncret";
  CAF_CHECK(refused(options, bad).find("token") != std::string::npos);
  CAF_CHECK(refused(options, bad).find("cret") == std::string::npos);
  bad = {};
  bad.timeout = 0ms;
  CAF_CHECK(refused(options, bad).find("timeout") != std::string::npos);
  auto wrong_url = options;
  wrong_url.endpoints.front().url = "ftp://x";
  CAF_CHECK(refused(wrong_url, {}) != "-");
}

CAF_TEST_FIXTURE_SCOPE_END()

} // namespace session_actor_test
