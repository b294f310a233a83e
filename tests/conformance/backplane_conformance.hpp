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
#include <wspool/pool.hpp>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "support/unit_test.hpp"

namespace wspool::test {

using namespace std::chrono_literals;

/// Every wait of a conformance test ends here, with a failure.
inline constexpr std::chrono::seconds backplane_patience{20};

/// What a listener was told, written down on its own thread and read on the test's.
class backplane_log {
public:
  void add(backplane_events&& what) {
    std::lock_guard guard{mutex_};
    for (auto& one : what.events)
      events_.push_back(std::move(one));
    changed_.notify_all();
  }

  /// Waits until the events are as wanted. @returns whether they came to be so.
  bool wait(const std::function<bool(const std::vector<backplane_event>&)>& wanted) {
    std::unique_lock guard{mutex_};
    return changed_.wait_for(guard, backplane_patience, [&] { return wanted(events_); });
  }

  [[nodiscard]] std::vector<backplane_event> events() {
    std::lock_guard guard{mutex_};
    return events_;
  }

private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<backplane_event> events_;
};

/// "channel:body", "+who", "-who", "gap channel".
inline std::string text_of(const backplane_event& x) {
  switch (x.kind) {
    case backplane_event::what::message:
      return x.channel.name + ":" + x.body;
    case backplane_event::what::entered:
      return "+" + x.who.connection;
    case backplane_event::what::exited:
      return "-" + x.who.connection;
    case backplane_event::what::gap:
      return "gap " + x.channel.name;
  }
  return "?";
}

inline std::string text_of(const std::vector<backplane_event>& events) {
  std::string result;
  for (const auto& one : events)
    result += text_of(one) + " ";
  return result;
}

struct conformance_config : caf::actor_system_config {
  conformance_config() { prepare(*this); }
};

/// A broker's stand-in: one node's backplane, with a listener that writes down what it is told.
class conformance_node {
public:
  conformance_node(caf::actor_system& sys, backplane_actor plane)
    : plane_(std::move(plane)), self_(sys),
      listener_(sys.spawn([log = log_](caf::event_based_actor*) -> caf::behavior {
        return {[log](backplane_events& what) { log->add(std::move(what)); }};
      })) {}

  ~conformance_node() { die(); }

  void die() {
    if (listener_)
      caf::anon_send_exit(listener_, caf::exit_reason::kill);
    listener_ = nullptr;
  }

  /// The answer, or the name of the error.
  template <class T, class... Ts>
  std::pair<T, std::string> try_ask(Ts&&... xs) {
    std::pair<T, std::string> result;
    compat::ask(&*self_, plane_, backplane_patience, std::forward<Ts>(xs)...)
      .receive([&](const T& x) { result.first = x; },
               [&](const caf::error& why) { result.second = name_of(error_of(why)); });
    return result;
  }

  template <class T, class... Ts>
  T ask(Ts&&... xs) {
    auto [answer, why] = try_ask<T>(std::forward<Ts>(xs)...);
    CAF_REQUIRE_EQUAL(why, "");
    return answer;
  }

  template <class... Ts>
  std::string try_tell(Ts&&... xs) {
    std::string result;
    compat::ask(&*self_, plane_, backplane_patience, std::forward<Ts>(xs)...)
      .receive([] {}, [&](const caf::error& why) { result = name_of(error_of(why)); });
    return result;
  }

  template <class... Ts>
  void tell(Ts&&... xs) {
    CAF_REQUIRE_EQUAL(try_tell(std::forward<Ts>(xs)...), "");
  }

  void subscribe(const channel_ref& to) { tell(subscribe_atom_v, listener_, to); }
  void unsubscribe(const channel_ref& from) { tell(unsubscribe_atom_v, listener_, from); }
  void enter(const channel_ref& in, const std::string& who) {
    tell(enter_atom_v, listener_, in, channel_person{who, "id of " + who});
  }
  void exit(const channel_ref& from, const std::string& who) {
    tell(exit_atom_v, listener_, from, channel_person{who, "id of " + who});
  }

  publish_outcomes publish(publish_batch batch) {
    return ask<publish_outcomes>(publish_atom_v, std::move(batch));
  }
  publish_outcome publish(const channel_ref& to, std::string body, publication_key key = {}) {
    publish_batch batch;
    batch.orders.push_back({to, std::move(body), std::move(key)});
    auto result = publish(std::move(batch));
    CAF_REQUIRE_EQUAL(result.outcomes.size(), 1u);
    CAF_CHECK_EQUAL(name_of(result.outcomes[0].why), name_of(errc::none));
    return result.outcomes[0];
  }

  history_page since(const channel_ref& channel, const channel_place& place) {
    return ask<history_page>(history_atom_v, channel, place);
  }
  /// "recovered offset:body …" or "lost".
  std::string told_since(const channel_ref& channel, const channel_place& place) {
    const auto page = since(channel, place);
    CAF_CHECK(page.recovered || page.missed.empty());
    std::string result = page.recovered ? "recovered" : "lost";
    for (const auto& one : page.missed)
      result += " " + std::to_string(one.offset) + ":" + one.body;
    return result;
  }

  presence_page people(const channel_ref& channel, std::uint32_t limit = 100) {
    return ask<presence_page>(presence_atom_v, channel, limit);
  }
  /// Their names in order, "a b 2" with the total.
  std::string present(const channel_ref& channel) {
    const auto page = people(channel);
    std::vector<std::string> names;
    for (const auto& one : page.people)
      names.push_back(one.connection);
    std::sort(names.begin(), names.end());
    std::string result;
    for (const auto& one : names)
      result += one + " ";
    return result + std::to_string(page.total);
  }

  /// What "client" was in, in order.
  std::string recall(const std::string& client) {
    auto list = ask<channel_list>(recall_atom_v, client).channels;
    std::sort(list.begin(), list.end());
    std::string result;
    for (const auto& one : list)
      result += one + " ";
    return result;
  }

  backplane_stats stats() { return ask<backplane_stats>(stats_atom_v); }

  /// Checks what was heard so far, and that it is all of that.
  void expect(const std::string& heard) {
    log_->wait([&](const auto& events) { return text_of(events).size() >= heard.size(); });
    CAF_CHECK_EQUAL(text_of(log_->events()), heard);
  }

  [[nodiscard]] backplane_log& log() { return *log_; }
  [[nodiscard]] const backplane_actor& plane() const { return plane_; }
  [[nodiscard]] const caf::actor& listener() const { return listener_; }
  [[nodiscard]] caf::scoped_actor& self() { return self_; }

private:
  backplane_actor plane_;
  caf::scoped_actor self_;
  std::shared_ptr<backplane_log> log_ = std::make_shared<backplane_log>();
  caf::actor listener_;
};

/// Asks again until the answer is as wanted, or patience ends.
template <class F>
bool comes_true(F wanted) {
  const auto until = std::chrono::steady_clock::now() + backplane_patience;
  while (!wanted())
    if (std::chrono::steady_clock::now() >= until)
      return false;
  return true;
}

/// Waits until a backplane has its connections.
inline bool is_connected(caf::actor_system& sys, const backplane_actor& plane) {
  caf::scoped_actor self{sys};
  return comes_true([&] {
    bool result = false;
    compat::ask(&*self, plane, backplane_patience, stats_atom_v)
      .receive([&](const backplane_stats& x) { result = x.connected; }, [](const caf::error&) {});
    return result;
  });
}

/// Asks a backplane all kinds of things at once, and tells in which order the answers came.
inline caf::behavior ask_many(caf::event_based_actor* self, const backplane_actor& plane,
                              const channel_ref& channel, std::promise<std::string>* told) {
  auto order = std::make_shared<std::string>();
  auto note = [=](const char* what, std::uint64_t number) {
    *order += what + std::to_string(number) + " ";
  };
  auto failed = [=](const caf::error&) { *order += "failed "; };
  for (int i = 0; i < 3; ++i) {
    publish_batch batch;
    batch.orders.push_back({channel, "x", {}});
    compat::ask(self, plane, backplane_patience, publish_atom_v, batch)
      .then([=](const publish_outcomes& x) { note("p", x.outcomes.at(0).place.offset); }, failed);
    compat::ask(self, plane, backplane_patience, history_atom_v, channel, channel_place{})
      .then([=](const history_page& x) { note("h", x.latest.offset); }, failed);
    compat::ask(self, plane, backplane_patience, presence_atom_v, channel, std::uint32_t{5})
      .then([=](const presence_page& x) { note("n", x.total); }, failed);
  }
  compat::ask(self, plane, backplane_patience, recall_atom_v, std::string{"ann"})
    .then(
      [=](const channel_list& x) {
        note("r", x.channels.size());
        told->set_value(*order);
      },
      failed);
  return {[](caf::ok_atom) {}};
}

template <class Implementation>
struct backplane_fixture {
  backplane_fixture() {
    options.history = {.max_messages = 5, .max_bytes = 1000, .max_age = 60s};
  }

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
