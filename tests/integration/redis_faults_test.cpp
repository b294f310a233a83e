// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE redis_faults

#include "support/certificates.hpp"
#include "support/redis_process.hpp"

#include <wspool/io_pool.hpp>
#include <wspool/redis_backplane.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <spdlog/logger.h>
#include <spdlog/sinks/ringbuffer_sink.h>

#include <csignal>
#include <utility>

#include "support/backplane_node.hpp"

namespace redis_faults_test {

using namespace wspool;
using namespace wspool::test;

namespace {

/// Nodes of a Redis that fails.
struct fixture {
  fixture() {
    where.reconnect.initial = 10ms;
    where.reconnect.maximum = 100ms;
    where.reconnect.minimum_uptime = 10ms;
    options.history = {.max_messages = 100, .max_bytes = 100'000, .max_age = 60s};
    where.logger = std::make_shared<spdlog::logger>("test", logged);
  }

  ~fixture() {
    a.reset();
    b.reset();
  }

  std::unique_ptr<conformance_node> spawn() {
    return std::make_unique<conformance_node>(sys, spawn_redis_backplane(sys, io, where, options));
  }

  void start(redis_process::setup how = {}) {
    redis = std::make_unique<redis_process>(std::move(how));
    where.url = redis->url();
  }

  /// Two nodes that listen to the news.
  void start_subscribed(redis_process::setup how = {}) {
    start(std::move(how));
    for (auto* node : {&a, &b}) {
      *node = spawn();
      CAF_REQUIRE(is_connected(sys, (*node)->plane()));
      (*node)->subscribe(news);
    }
  }

  bool is_down(conformance_node& node) {
    return comes_true([&] { return !node.stats().connected; });
  }
  bool is_up(conformance_node& node) { return is_connected(sys, node.plane()); }

  /// Waits until something was logged that contains this.
  bool is_logged(const std::string& text) {
    return comes_true([&] { return log().find(text) != std::string::npos; });
  }
  std::string log() {
    std::string result;
    for (const auto& line : logged->last_formatted())
      result += line;
    return result;
  }

  conformance_config cfg;
  caf::actor_system sys{cfg};
  std::unique_ptr<redis_process> redis;
  io_pool io{1};
  redis_options where;
  backplane_options options;
  std::shared_ptr<spdlog::sinks::ringbuffer_sink_mt> logged =
    std::make_shared<spdlog::sinks::ringbuffer_sink_mt>(500);
  std::unique_ptr<conformance_node> a;
  std::unique_ptr<conformance_node> b;
  const channel_ref news{"space", "news"};
};

bool has_gap(const std::vector<backplane_event>& events) {
  return std::any_of(events.begin(), events.end(),
                     [](const auto& x) { return x.kind == backplane_event::what::gap; });
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(redis_faults, fixture)

CAF_TEST(while_redis_is_dead_everything_is_answered_at_once) {
  start_subscribed();
  redis->kill();
  CAF_REQUIRE(is_down(*a));
  publish_batch batch;
  batch.orders.push_back({news, "x", {}});
  const auto none = std::string{name_of(errc::no_connection)};
  CAF_CHECK_EQUAL(a->try_ask<publish_outcomes>(publish_atom_v, batch).second, none);
  CAF_CHECK_EQUAL(a->try_ask<history_page>(history_atom_v, news, channel_place{}).second, none);
  CAF_CHECK_EQUAL(a->try_ask<presence_page>(presence_atom_v, news, std::uint32_t{1}).second, none);
  CAF_CHECK_EQUAL(a->try_ask<channel_list>(recall_atom_v, std::string{"ann"}).second, none);
  CAF_CHECK_EQUAL(a->try_tell(subscribe_atom_v, a->listener(), channel_ref{"space", "new"}), none);
  CAF_CHECK_EQUAL(a->try_tell(enter_atom_v, a->listener(), news, channel_person{"ann", ""}), none);
  CAF_CHECK_EQUAL(a->try_tell(remember_atom_v, std::string{"ann"}, std::string{"news"}), none);
  CAF_CHECK_EQUAL(a->stats().failed, 1u);
}

CAF_TEST(a_redis_that_forgot_everything_is_a_gap_in_a_new_epoch) {
  start_subscribed();
  const auto before = a->publish(news, "1").place;
  b->expect("news:1 ");
  redis->kill();
  CAF_REQUIRE(is_down(*a) && is_down(*b));
  redis->start();
  CAF_REQUIRE(is_up(*a) && is_up(*b));
  CAF_REQUIRE(b->log().wait(has_gap));
  const auto after = a->publish(news, "2").place;
  CAF_CHECK_NOT_EQUAL(after.epoch, before.epoch);
  CAF_CHECK_EQUAL(a->told_since(news, before), "lost");
  b->expect("news:1 gap news news:2 ");
  CAF_CHECK_EQUAL(b->stats().reconnects, 1u);
  CAF_CHECK_EQUAL(b->stats().gaps, 1u);
}

CAF_TEST(a_redis_that_may_have_lost_its_latest_data_begins_new_epochs) {
  start_subscribed({.keep_data = true});
  const auto before = a->publish(news, "1").place;
  b->expect("news:1 ");
  redis->kill();
  CAF_REQUIRE(is_down(*a) && is_down(*b));
  redis->start();
  CAF_REQUIRE(is_up(*a) && is_up(*b));
  CAF_REQUIRE(b->log().wait(has_gap));
  CAF_CHECK_NOT_EQUAL(b->log().events().back().place.epoch, before.epoch);
  CAF_CHECK_EQUAL(b->told_since(news, before), "lost");
  const auto after = a->publish(news, "2").place;
  CAF_CHECK_EQUAL(after.epoch, b->log().events().at(1).place.epoch);
  CAF_CHECK_EQUAL(after.offset, 1u);
}

CAF_TEST(a_gap_tells_where_the_channel_stands_and_heals_by_history) {
  where.durable = true;
  start_subscribed({.keep_data = true});
  const auto before = a->publish(news, "1", {"ann", "7"}).place;
  b->expect("news:1 ");
  redis->kill();
  CAF_REQUIRE(is_down(*a) && is_down(*b));
  redis->start();
  CAF_REQUIRE(is_up(*a) && is_up(*b));
  CAF_REQUIRE(b->log().wait(has_gap));
  CAF_CHECK(b->log().events().back().place == before);
  CAF_CHECK(a->publish(news, "1", {"ann", "7"}).duplicate);
  CAF_CHECK_EQUAL(a->publish(news, "2").place.offset, 2u);
  CAF_CHECK_EQUAL(b->told_since(news, before), "recovered 2:2");
  b->expect("news:1 gap news news:2 ");
}

CAF_TEST(what_is_missed_while_one_node_is_cut_off_is_in_its_gap) {
  start_subscribed();
  const auto before = a->publish(news, "1").place;
  b->expect("news:1 ");
  // Redis throws out its pub/sub clients, those of both nodes, as it does with slow ones.
  CAF_CHECK_EQUAL(redis->run({"CLIENT", "KILL", "TYPE", "pubsub"}), "2");
  CAF_REQUIRE(a->log().wait(has_gap) && b->log().wait(has_gap));
  CAF_CHECK(b->log().events().back().place == before);
  a->publish(news, "2");
  b->expect("news:1 gap news news:2 ");
  a->expect("news:1 gap news news:2 ");
}

CAF_TEST(people_stay_present_over_a_reconnect_and_return_after_a_loss) {
  start_subscribed();
  a->enter(news, "ann");
  a->enter(news, "bob");
  b->expect("+ann +bob ");
  redis->kill();
  CAF_REQUIRE(is_down(*a));
  CAF_CHECK_EQUAL(a->try_tell(exit_atom_v, a->listener(), news, channel_person{"bob", "id of bob"}),
                  std::string{name_of(errc::no_connection)});
  redis->start();
  CAF_REQUIRE(is_up(*a) && is_up(*b));
  CAF_CHECK(comes_true([this] { return b->present(news) == "ann 1"; }));
}

CAF_TEST(those_who_left_while_the_link_was_down_are_swept) {
  start_subscribed({.keep_data = true});
  a->enter(news, "ann");
  a->enter(news, "bob");
  b->expect("+ann +bob ");
  redis->kill();
  CAF_REQUIRE(is_down(*a));
  static_cast<void>(
    a->try_tell(exit_atom_v, a->listener(), news, channel_person{"bob", "id of bob"}));
  redis->start();
  CAF_CHECK(comes_true([this] {
    return b->stats().connected && a->stats().connected && b->present(news) == "ann 1";
  }));
}

CAF_TEST(those_of_a_node_that_died_leave_within_its_timeout) {
  options.node_timeout = 400ms;
  start_subscribed();
  a->enter(news, "ann");
  b->enter(news, "bob");
  b->expect("+ann +bob ");
  // The actor ends without a word to Redis, as one does whose machine loses power.
  caf::anon_send_exit(a->plane(), caf::exit_reason::kill);
  b->expect("+ann +bob -ann ");
  CAF_CHECK_EQUAL(b->present(news), "bob 1");
}

CAF_TEST(scripts_that_redis_forgot_are_sent_again_in_order) {
  start_subscribed();
  a->publish(news, "1");
  CAF_CHECK_EQUAL(redis->run({"SCRIPT", "FLUSH"}), "OK");
  publish_batch batch;
  std::string wanted = "news:1 ";
  for (int i = 2; i < 20; ++i) {
    batch.orders.push_back({news, std::to_string(i), {}});
    wanted += "news:" + std::to_string(i) + " ";
  }
  for (const auto& one : a->publish(batch).outcomes)
    CAF_CHECK_EQUAL(name_of(one.why), name_of(errc::none));
  b->expect(wanted);
  CAF_CHECK_EQUAL(a->stats().reconnects, 0u);
}

CAF_TEST(a_redis_that_stops_answering_is_given_up_in_time) {
  where.command_timeout = 300ms;
  start_subscribed();
  redis->send_signal(SIGSTOP);
  publish_batch batch;
  batch.orders.push_back({news, "x", {}});
  const auto answer = a->ask<publish_outcomes>(publish_atom_v, batch);
  redis->send_signal(SIGCONT);
  CAF_CHECK_EQUAL(name_of(answer.outcomes.at(0).why), name_of(errc::expired));
  CAF_CHECK(is_logged("no answer in time"));
  CAF_REQUIRE(is_up(*a));
}

CAF_TEST(a_server_that_accepts_and_never_speaks_is_given_up_in_time) {
  boost::asio::io_context context;
  boost::asio::ip::tcp::acceptor silent{context, {boost::asio::ip::make_address("127.0.0.1"), 0}};
  where.command_timeout = 100ms;
  where.url = "redis://127.0.0.1:" + std::to_string(silent.local_endpoint().port());
  a = spawn();
  CAF_CHECK(is_logged("no answer in time"));
  CAF_CHECK(!a->stats().connected);
}

CAF_TEST(more_commands_than_may_be_pending_are_refused) {
  where.max_pending = 10;
  start_subscribed();
  redis->send_signal(SIGSTOP);
  publish_batch batch;
  for (int i = 0; i < 30; ++i)
    batch.orders.push_back({news, "x", {}});
  std::promise<publish_outcomes> told;
  auto answer = told.get_future();
  const auto asker = sys.spawn([&](caf::event_based_actor* self) {
    compat::ask(self, a->plane(), backplane_patience, publish_atom_v, batch)
      .then([&](const publish_outcomes& x) { told.set_value(x); });
  });
  // What does not fit is refused before Redis goes on; the whole batch is answered after that.
  CAF_CHECK(comes_true([this] { return a->stats().failed > 0; }));
  redis->send_signal(SIGCONT);
  CAF_REQUIRE(answer.wait_for(backplane_patience) == std::future_status::ready);
  const auto outcomes = answer.get().outcomes;
  CAF_CHECK_EQUAL(name_of(outcomes.front().why), name_of(errc::none));
  CAF_CHECK_EQUAL(name_of(outcomes.back().why), name_of(errc::queue_full));
  CAF_CHECK(is_up(*a));
}

CAF_TEST(passwords_are_used_and_never_told) {
  start({.password = "sesame-open"});
  a = spawn();
  CAF_CHECK(is_up(*a));
  where.url = "redis://:wrong-word@127.0.0.1:" + std::to_string(redis->port());
  b = spawn();
  CAF_CHECK(is_logged("AUTH: WRONGPASS"));
  CAF_CHECK(!b->stats().connected);
  where.url = "redis://127.0.0.1:" + std::to_string(redis->port());
  const auto third = spawn();
  CAF_CHECK(is_logged("NOAUTH"));
  CAF_CHECK_EQUAL(log().find("sesame"), std::string::npos);
  CAF_CHECK_EQUAL(log().find("wrong-word"), std::string::npos);
}

CAF_TEST(a_database_that_is_not_there_is_told) {
  start();
  where.url = redis->url("4711");
  a = spawn();
  CAF_CHECK(is_logged("SELECT: ERR"));
  CAF_CHECK(!a->stats().connected);
}

CAF_TEST(over_tls_a_redis_must_be_signed_by_who_is_trusted) {
  start({.tls = true});
  where.tls.ca_file = authority_file();
  a = spawn();
  CAF_CHECK(is_up(*a));
  where.tls.ca_file.clear(); // the system's, which do not know the test's authority
  b = spawn();
  CAF_CHECK(is_logged(std::string{describe(errc::certificate_invalid)}));
  CAF_CHECK(!b->stats().connected);
}

CAF_TEST(what_is_published_again_after_a_loss_comes_once_or_in_a_gap) {
  options.history.max_messages = 1'000;
  start_subscribed();
  const auto before = a->since(news, {}).latest;
  constexpr std::uint64_t count = 300;
  for (std::uint64_t i = 1; i <= count; ++i) {
    // The commands' link of both nodes, or the events', breaks in the middle of it all.
    if (i % 50 == 20)
      redis->run({"CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes"});
    if (i % 50 == 40)
      redis->run({"CLIENT", "KILL", "TYPE", "pubsub"});
    publish_batch batch;
    batch.orders.push_back({news, std::to_string(i), {"ann", std::to_string(i)}});
    CAF_REQUIRE(comes_true([&] {
      const auto answer = a->try_ask<publish_outcomes>(publish_atom_v, batch).first.outcomes;
      return !answer.empty() && answer[0].why == errc::none && answer[0].place.offset == i;
    }));
  }
  CAF_REQUIRE(is_up(*a) && is_up(*b));
  const auto page = b->since(news, before);
  CAF_CHECK(page.recovered);
  CAF_CHECK_EQUAL(page.missed.size(), count);
  // The last message, or a gap up to it.
  CAF_REQUIRE(b->log().wait([](const auto& x) { return x.back().place.offset == count; }));
  std::uint64_t last = 0;
  for (const auto& one : b->log().events()) {
    if (one.kind == backplane_event::what::gap)
      last = std::max(last, one.place.offset);
    else
      CAF_CHECK_EQUAL(one.place.offset, ++last);
  }
  CAF_CHECK_GREATER(b->stats().gaps, 0u);
  CAF_CHECK_GREATER(a->stats().reconnects, 5u);
}

CAF_TEST(the_way_to_redis_and_back_is_measured) {
  start_subscribed();
  CAF_CHECK_EQUAL(a->stats().lag.count(), 0);
  a->publish(news, "1");
  a->expect("news:1 ");
  b->expect("news:1 ");
  CAF_CHECK_GREATER(a->stats().lag.count(), 0);
  CAF_CHECK_LESS(a->stats().lag, backplane_patience);
  CAF_CHECK_EQUAL(b->stats().lag.count(), 0);
}

CAF_TEST(the_last_listener_takes_the_subscription_along) {
  start_subscribed();
  auto listening = [this] { return redis->run({"PUBSUB", "CHANNELS"}); };
  CAF_CHECK_EQUAL(listening(), "wspool:{space/news}:events");
  a->unsubscribe(news);
  b->die();
  CAF_CHECK(comes_true([&] { return listening().empty(); }));
  CAF_CHECK_EQUAL(a->stats().channels, 0u);
}

CAF_TEST_FIXTURE_SCOPE_END()

} // namespace redis_faults_test
