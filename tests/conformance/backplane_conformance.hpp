// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

// The contract of `backplane_actor`, for every implementation and through that interface alone:
// two listeners stand for the brokers of two nodes. Define CAF_SUITE and include this last, after
//
//     struct implementation {
//       // One backplane for each of two nodes; they may be the same actor.
//       std::pair<backplane_actor, backplane_actor> make(caf::actor_system&,
//                                                        const backplane_options&);
//     };

#include <wspool/backplane.hpp>

#include <chrono>
#include <cstdint>
#include <future>
#include <memory>
#include <string>

#include "support/backplane_node.hpp"

namespace wspool::test {

template <class Implementation>
struct backplane_fixture {
  backplane_fixture() { options.history = {.max_messages = 5, .max_bytes = 1000, .max_age = 60s}; }

  ~backplane_fixture() {
    a.reset();
    b.reset();
  }

  /// Two nodes that listen to nothing yet.
  void start() {
    auto [first, second] = tested.make(sys, options);
    a = std::make_unique<conformance_node>(sys, first);
    b = std::make_unique<conformance_node>(sys, second);
  }

  void start_subscribed() {
    start();
    a->subscribe(news);
    b->subscribe(news);
  }

  /// The place that a newcomer starts from.
  channel_place here() { return a->since(news, {}).latest; }

  conformance_config cfg;
  caf::actor_system sys{cfg};
  Implementation tested;
  backplane_options options;
  std::unique_ptr<conformance_node> a;
  std::unique_ptr<conformance_node> b;
  const channel_ref news{"space", "news"};
  const channel_ref sport{"space", "sport"};
  const std::uint64_t hour = 3'600'000; ///< in ms
};

} // namespace wspool::test

using namespace wspool;
using namespace wspool::test;

CAF_TEST_FIXTURE_SCOPE(backplane_conformance, backplane_fixture<implementation>)

// -- messages -------------------------------------------------------------------------------------

CAF_TEST(what_one_node_publishes_reaches_both_once_and_in_order) {
  start_subscribed();
  a->publish(news, "1");
  a->publish(news, "2");
  publish_batch batch;
  for (auto body : {"3", "4", "5"})
    batch.orders.push_back({news, body, {}});
  a->publish(batch);
  a->publish(news, "6");
  a->expect("news:1 news:2 news:3 news:4 news:5 news:6 ");
  b->expect("news:1 news:2 news:3 news:4 news:5 news:6 ");
}

CAF_TEST(events_tell_the_place_that_the_publisher_was_told) {
  start_subscribed();
  const auto place = a->publish(news, "1").place;
  CAF_CHECK(place.known());
  CAF_CHECK_EQUAL(place.offset, 1u);
  b->expect("news:1 ");
  const auto heard = b->log().events();
  CAF_REQUIRE_EQUAL(heard.size(), 1u);
  CAF_CHECK(heard[0].place == place);
  CAF_CHECK(heard[0].channel == news);
  const auto next = b->publish(news, "2").place;
  CAF_CHECK_EQUAL(next.epoch, place.epoch);
  CAF_CHECK_EQUAL(next.offset, 2u);
}

CAF_TEST(bodies_are_bytes_of_any_kind) {
  start_subscribed();
  std::string all;
  for (int i = 0; i < 256; ++i)
    all.push_back(static_cast<char>(i));
  const auto before = here();
  a->publish(news, all);
  a->publish(news, "");
  CAF_REQUIRE(b->log().wait([](const auto& events) { return events.size() == 2; }));
  CAF_CHECK(b->log().events()[0].body == all);
  CAF_CHECK(b->log().events()[1].body.empty());
  const auto page = b->since(news, before);
  CAF_REQUIRE_EQUAL(page.missed.size(), 2u);
  CAF_CHECK(page.missed[0].body == all);
  CAF_CHECK(page.missed[1].body.empty());
}

CAF_TEST(names_of_any_bytes_stay_apart) {
  start();
  const channel_ref odd{"a b", std::string{"}x{\0:y", 7}};
  const channel_ref shifted{"a", std::string{"b }x{\0:y", 9}};
  a->subscribe(odd);
  a->publish(shifted, "no");
  b->publish(channel_ref{"other", odd.name}, "no");
  b->publish(odd, "yes");
  CAF_REQUIRE(a->log().wait([](const auto& events) { return !events.empty(); }));
  CAF_CHECK(a->log().events()[0].channel == odd);
  CAF_CHECK_EQUAL(a->log().events()[0].body, "yes");
  CAF_CHECK_EQUAL(a->log().events().size(), 1u);
}

CAF_TEST(only_who_listens_to_a_channel_hears_of_it) {
  start();
  a->subscribe(news);
  b->subscribe(sport);
  a->publish(sport, "1");
  a->publish(news, "2");
  a->publish(channel_ref{"elsewhere", "news"}, "3");
  b->publish(sport, "4");
  b->publish(news, "5");
  a->expect("news:2 news:5 ");
  b->expect("sport:1 sport:4 ");
}

CAF_TEST(listening_twice_is_listening_once) {
  start();
  a->subscribe(news);
  a->subscribe(news);
  a->publish(news, "1");
  a->publish(news, "2");
  a->expect("news:1 news:2 ");
  CAF_CHECK_EQUAL(a->stats().channels, 1u);
}

CAF_TEST(who_unsubscribed_hears_no_more) {
  start_subscribed();
  a->subscribe(sport);
  a->publish(news, "1");
  a->expect("news:1 ");
  a->unsubscribe(news);
  a->unsubscribe(news);
  a->publish(news, "2");
  a->publish(sport, "3");
  a->expect("news:1 sport:3 ");
  b->expect("news:1 news:2 ");
  a->subscribe(news);
  b->publish(news, "4");
  a->expect("news:1 sport:3 news:4 ");
}

CAF_TEST(one_listener_going_leaves_the_other_one_listening) {
  start_subscribed();
  a->die();
  b->publish(news, "1");
  b->expect("news:1 ");
  CAF_CHECK(comes_true([this] { return b->stats().channels == 1; }));
}

// -- history --------------------------------------------------------------------------------------

CAF_TEST(who_comes_back_gets_what_came_after_its_place) {
  start();
  const auto start_place = here();
  CAF_CHECK(start_place.known());
  CAF_CHECK_EQUAL(start_place.offset, 0u);
  for (auto body : {"x", "y", "z"})
    a->publish(news, body);
  CAF_CHECK_EQUAL(b->told_since(news, start_place), "recovered 1:x 2:y 3:z");
  CAF_CHECK_EQUAL(b->told_since(news, {start_place.epoch, 2}), "recovered 3:z");
  CAF_CHECK_EQUAL(b->told_since(news, {start_place.epoch, 3}), "recovered");
  const auto page = b->since(news, start_place);
  CAF_CHECK_EQUAL(page.latest.epoch, start_place.epoch);
  CAF_CHECK_EQUAL(page.latest.offset, 3u);
}

CAF_TEST(places_that_mean_nothing_here_are_told_so) {
  start();
  const auto place = a->publish(news, "x").place;
  CAF_CHECK_EQUAL(b->told_since(news, {"another", 0}), "lost");
  CAF_CHECK_EQUAL(b->told_since(news, {}), "lost");
  CAF_CHECK_EQUAL(b->told_since(news, {place.epoch, 2}), "lost");
  CAF_CHECK_EQUAL(b->told_since(news, {place.epoch, ~std::uint64_t{0}}), "lost");
  CAF_CHECK(b->since(news, {"another", 0}).latest == place);
}

CAF_TEST(channels_have_epochs_of_their_own) {
  start();
  const auto one = a->publish(news, "x").place;
  const auto other = a->publish(sport, "x").place;
  CAF_CHECK_NOT_EQUAL(one.epoch, other.epoch);
}

CAF_TEST(a_history_is_bounded_by_its_number_of_messages) {
  start();
  const auto place = here();
  for (int i = 1; i <= 7; ++i)
    a->publish(news, std::to_string(i));
  CAF_CHECK_EQUAL(b->told_since(news, {place.epoch, 2}), "recovered 3:3 4:4 5:5 6:6 7:7");
  CAF_CHECK_EQUAL(b->told_since(news, {place.epoch, 1}), "lost");
}

CAF_TEST(a_history_is_bounded_by_its_bytes) {
  start();
  const auto place = here();
  for (int i = 1; i <= 3; ++i)
    a->publish(news, std::string(400, 'x'));
  CAF_CHECK_EQUAL(b->since(news, {place.epoch, 1}).missed.size(), 2u);
  CAF_CHECK_EQUAL(b->told_since(news, place), "lost");
  a->publish(news, std::string(1001, 'x'));
  CAF_CHECK_EQUAL(b->told_since(news, {place.epoch, 3}), "lost");
  CAF_CHECK_EQUAL(b->told_since(news, {place.epoch, 4}), "recovered");
  a->publish(news, "small");
  CAF_CHECK_EQUAL(b->told_since(news, {place.epoch, 4}), "recovered 5:small");
}

CAF_TEST(a_history_is_bounded_by_the_age_of_its_messages) {
  options.history.max_age = 500ms;
  start();
  const auto place = a->publish(news, "1").place;
  CAF_CHECK(comes_true([&] { return b->told_since(news, {place.epoch, 0}) == "lost"; }));
}

CAF_TEST(without_a_history_there_are_no_places) {
  options.history.max_messages = 0;
  start_subscribed();
  CAF_CHECK(!a->publish(news, "1").place.known());
  CAF_CHECK(!b->since(news, {}).latest.known());
  CAF_CHECK_EQUAL(b->told_since(news, {}), "lost");
  b->expect("news:1 ");
  CAF_CHECK(!b->log().events()[0].place.known());
}

// -- duplicates -----------------------------------------------------------------------------------

CAF_TEST(the_same_key_is_published_once_whichever_node_is_asked) {
  start_subscribed();
  const auto first = a->publish(news, "1", {"ann", "7"});
  CAF_CHECK(!first.duplicate);
  for (auto* node : {a.get(), b.get()}) {
    const auto again = node->publish(news, "1", {"ann", "7"});
    CAF_CHECK(again.duplicate);
    CAF_CHECK(again.place == first.place);
  }
  CAF_CHECK(!a->publish(news, "2", {"ann", "8"}).duplicate);
  CAF_CHECK(!a->publish(news, "3", {"bob", "7"}).duplicate);
  CAF_CHECK(!a->publish(news, "4").duplicate);
  CAF_CHECK(!a->publish(news, "4").duplicate);
  a->expect("news:1 news:2 news:3 news:4 news:4 ");
  b->expect("news:1 news:2 news:3 news:4 news:4 ");
}

CAF_TEST(duplicates_are_found_while_the_first_is_on_its_way) {
  start_subscribed();
  publish_batch batch;
  for (auto body : {"1", "1", "1"})
    batch.orders.push_back({news, body, {"ann", "7"}});
  batch.orders.push_back({news, "2", {"ann", "8"}});
  const auto result = a->publish(batch).outcomes;
  CAF_REQUIRE_EQUAL(result.size(), 4u);
  CAF_CHECK(!result[0].duplicate);
  CAF_CHECK(result[1].duplicate);
  CAF_CHECK(result[2].duplicate);
  CAF_CHECK(result[2].place == result[0].place);
  CAF_CHECK(!result[3].duplicate);
  CAF_CHECK_EQUAL(result[3].place.offset, 2u);
  b->expect("news:1 news:2 ");
  CAF_CHECK_EQUAL(a->stats().duplicates, 2u);
  CAF_CHECK_EQUAL(a->stats().published, 2u);
}

CAF_TEST(keys_are_forgotten_after_a_time) {
  options.deduplication = 300ms;
  start();
  a->publish(news, "1", {"ann", "7"});
  CAF_CHECK(comes_true([&] { return !b->publish(news, "1", {"ann", "7"}).duplicate; }));
}

CAF_TEST(duplicates_are_found_without_a_history) {
  options.history.max_messages = 0;
  start_subscribed();
  a->publish(news, "1", {"ann", "7"});
  const auto again = b->publish(news, "1", {"ann", "7"});
  CAF_CHECK(again.duplicate);
  CAF_CHECK(!again.place.known());
  b->publish(news, "2");
  b->expect("news:1 news:2 ");
}

// -- people ---------------------------------------------------------------------------------------

CAF_TEST(who_enters_and_exits_is_told_to_all_listeners) {
  start_subscribed();
  a->enter(news, "ann");
  a->expect("+ann ");
  b->expect("+ann ");
  CAF_CHECK_EQUAL(b->log().events()[0].who.identity, "id of ann");
  CAF_CHECK(b->log().events()[0].channel == news);
  b->enter(news, "bob");
  a->expect("+ann +bob ");
  CAF_CHECK_EQUAL(a->present(news), "ann bob 2");
  CAF_CHECK_EQUAL(b->present(news), "ann bob 2");
  CAF_CHECK_EQUAL(b->present(sport), "0");
  a->exit(news, "ann");
  b->expect("+ann +bob -ann ");
  CAF_CHECK_EQUAL(b->present(news), "bob 1");
}

CAF_TEST(entering_and_exiting_twice_is_told_once) {
  start_subscribed();
  a->enter(news, "ann");
  a->enter(news, "ann");
  a->exit(news, "ann");
  a->exit(news, "ann");
  a->exit(news, "nobody");
  a->publish(news, "end");
  b->expect("+ann -ann news:end ");
}

CAF_TEST(who_is_present_by_another_node_cannot_be_sent_away) {
  start_subscribed();
  a->enter(news, "ann");
  b->exit(news, "ann");
  CAF_CHECK_EQUAL(a->present(news), "ann 1");
}

CAF_TEST(a_page_of_people_has_its_limit) {
  start();
  for (auto who : {"a", "b", "c", "d"})
    a->enter(news, who);
  const auto page = b->people(news, 3);
  CAF_CHECK_EQUAL(page.people.size(), 3u);
  CAF_CHECK_EQUAL(page.total, 4u);
  CAF_CHECK_EQUAL(b->people(news, 0).people.size(), 0u);
  CAF_CHECK_EQUAL(b->people(news, 0).total, 4u);
}

CAF_TEST(those_of_a_listener_that_dies_have_left) {
  start_subscribed();
  a->enter(news, "ann");
  a->enter(news, "bob");
  b->enter(news, "cid");
  b->expect("+ann +bob +cid ");
  a->die();
  CAF_REQUIRE(b->log().wait([](const auto& events) { return events.size() >= 5; }));
  const auto events = b->log().events();
  CAF_CHECK(events[3].kind == backplane_event::what::exited);
  CAF_CHECK(events[4].kind == backplane_event::what::exited);
  CAF_CHECK_NOT_EQUAL(events[3].who.connection, events[4].who.connection);
  CAF_CHECK_EQUAL(b->present(news), "cid 1");
}

// -- memberships ----------------------------------------------------------------------------------

CAF_TEST(a_client_that_returns_is_where_it_was_when_it_left) {
  start();
  CAF_CHECK_EQUAL(a->recall("ann"), "");
  a->tell(remember_atom_v, "ann", "news");
  a->tell(remember_atom_v, "ann", "sport");
  a->tell(remember_atom_v, "ann", "weather");
  a->tell(forget_atom_v, "ann", "sport");
  a->tell(depart_atom_v, "ann");
  CAF_CHECK_EQUAL(b->recall("ann"), "news weather ");
  CAF_CHECK_EQUAL(b->recall("bob"), "");
  b->tell(forget_atom_v, "ann", "news");
  b->tell(depart_atom_v, "ann");
  CAF_CHECK_EQUAL(a->recall("ann"), "weather ");
}

CAF_TEST(who_is_away_for_too_long_is_forgotten) {
  options.memory = 300ms;
  options.deduplication = 500ms;
  start();
  a->recall("ann");
  a->tell(remember_atom_v, "ann", "news");
  a->tell(depart_atom_v, "ann");
  a->publish(news, "a clock", {"clock", "1"});
  CAF_REQUIRE(comes_true([this] { return !b->publish(news, "", {"clock", "1"}).duplicate; }));
  CAF_CHECK_EQUAL(b->recall("ann"), "");
}

// -- what is done once ----------------------------------------------------------------------------

CAF_TEST(of_those_who_claim_something_one_has_it_until_it_says_what_came_of_it) {
  start();
  CAF_CHECK_EQUAL(a->claim("order", "x"), "mine");
  CAF_CHECK_EQUAL(b->claim("order", "y"), "other");
  CAF_CHECK_EQUAL(a->claim("order", "x"), "mine"); // an answer may have been lost
  CAF_CHECK_EQUAL(b->claim("another", "y"), "mine");
  b->settle("order", "y", "wrong", hour); // has no say
  CAF_CHECK_EQUAL(a->claim("order", "x"), "mine");
  const std::string bytes{"42\0\n\xff", 5};
  a->settle("order", "x", bytes, hour);
  CAF_CHECK_EQUAL(b->claim("order", "y"), "settled " + bytes);
  CAF_CHECK_EQUAL(a->claim("order", "x"), "settled " + bytes);
  a->settle("order", "x", "again", hour);
  CAF_CHECK_EQUAL(b->claim("order", "y"), "settled " + bytes);
}

CAF_TEST(who_gives_up_leaves_it_to_others) {
  start();
  CAF_CHECK_EQUAL(a->claim("order", "x"), "mine");
  a->settle("order", "x", "", hour);
  CAF_CHECK_EQUAL(b->claim("order", "y"), "mine");
}

CAF_TEST(who_says_nothing_in_time_leaves_it_to_others_and_what_came_of_it_is_forgotten) {
  start();
  CAF_CHECK_EQUAL(a->claim("order", "x", 300), "mine");
  CAF_REQUIRE(comes_true([this] { return b->claim("order", "y") == "mine"; }));
  a->settle("order", "x", "too late", hour);
  CAF_CHECK_EQUAL(a->claim("order", "x"), "other");
  b->settle("order", "y", "in time", 300);
  CAF_CHECK(comes_true([this] { return a->claim("order", "x") == "mine"; }));
}

CAF_TEST(what_came_of_it_may_be_said_after_the_time_if_nobody_else_has_it) {
  start();
  a->settle("order", "x", "late", hour);
  CAF_CHECK_EQUAL(b->claim("order", "y"), "settled late");
}

// -- answers --------------------------------------------------------------------------------------

CAF_TEST(answers_come_in_the_order_of_the_requests) {
  start();
  std::promise<std::string> told;
  const auto asker = sys.spawn(ask_many, a->plane(), news, &told);
  auto answers = told.get_future();
  CAF_REQUIRE(answers.wait_for(backplane_patience) == std::future_status::ready);
  CAF_CHECK_EQUAL(answers.get(), "p1 h1 n0 p2 h2 n0 p3 h3 n0 r0 ");
  caf::anon_send_exit(asker, caf::exit_reason::kill);
}

CAF_TEST_FIXTURE_SCOPE_END()
