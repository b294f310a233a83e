// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE pool_remote

#include "support/unit_test.hpp"

#include "support/event_log.hpp"
#include "support/peer_process.hpp"

#include <wspool/echo_server.hpp>
#include <wspool/pool.hpp>

#include <caf/io/all.hpp>

#include <memory>
#include <optional>
#include <string>

namespace pool_remote_test {

// A pool that another process published, used by the same typed messages.

using namespace wspool;
using namespace wspool::test;
using namespace std::chrono_literals;

namespace {

struct config : caf::actor_system_config {
  config() {
    load<caf::io::middleman>();
    prepare(*this);
    compat::prefer_sharing(*this);
  }
};

struct fixture {
  fixture() {
    CAF_REQUIRE(!echo_server::start(server_io, {}, echo));
    node.emplace(std::vector<std::string>{WSPOOL_TEST_EXECUTABLE, "node", "--listen", "127.0.0.1:0",
                                          "-n", "2", echo->url()});
    const auto address =
      node->wait_for_line([](std::string_view line) { return line.starts_with("127.0.0.1:"); });
    CAF_REQUIRE(!address.empty());
    const auto port = static_cast<std::uint16_t>(std::stoul(address.substr(10)));
    auto found = sys.middleman().remote_actor<pool_actor>("127.0.0.1", port);
    if (!found)
      CAF_FAIL("no pool at " << address << ": " << render(sys, found.error()));
    pool = *found;
  }
  ~fixture() { caf::anon_send_exit(subscriber, caf::exit_reason::kill); }

  template <class T, class... Ts>
  std::optional<T> ask(Ts... xs) {
    std::optional<T> result;
    caf::scoped_actor me{sys};
    compat::ask(me.ptr(), pool, 20s, xs...)
      .receive([&](T& x) { result = std::move(x); }, [&](const caf::error& e) { last_error = e; });
    return result;
  }

  /// CAF drops what is sent to a remote actor that is known to be gone, requests included; who
  /// has to know monitors it.
  bool is_down_in_time() {
    caf::scoped_actor me{sys};
    auto down = false;
    me->monitor(pool);
    me->receive([&](const caf::down_msg& x) { down = x.source == pool.address(); },
                caf::after(20s) >> [] {});
    return down;
  }

  io_pool server_io{1};
  std::unique_ptr<echo_server> echo;
  config cfg;
  caf::actor_system sys{cfg};
  std::optional<peer_process> node;
  pool_actor pool;
  event_log_ptr log = std::make_shared<event_log>();
  caf::actor subscriber;
  caf::error last_error;
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(pool_remote_tests, fixture)

CAF_TEST(deliveries_and_their_outcomes_cross_the_processes) {
  CAF_CHECK_EQUAL(ask<std::uint32_t>(await_open_atom_v, std::uint32_t{2}).value_or(0), 2u);
  CAF_CHECK(ask<receipt>(deliver_atom_v, outgoing{"hello", {}}).has_value());
  message_batch batch;
  for (int i = 0; i < 1000; ++i)
    batch.add(std::to_string(i));
  batch.add("\xff");
  auto result = ask<batch_receipt>(deliver_atom_v, batch);
  CAF_REQUIRE(result.has_value());
  CAF_CHECK_EQUAL(result->sent, 1000u);
  CAF_CHECK_EQUAL(result->failed, 1u);
  CAF_CHECK_EQUAL(result->first_failure, errc::invalid_message);
}

CAF_TEST(an_error_keeps_its_meaning) {
  send_options text;
  CAF_CHECK(!ask<receipt>(deliver_atom_v, outgoing{"\xff", text}).has_value());
  CAF_CHECK_EQUAL(error_of(last_error), errc::invalid_message);
}

CAF_TEST(statistics_metrics_and_pings_cross_the_processes) {
  CAF_REQUIRE(ask<std::uint32_t>(await_open_atom_v, std::uint32_t{2}).has_value());
  CAF_CHECK(ask<receipt>(deliver_atom_v, outgoing{"hello", {}}).has_value());
  auto numbers = ask<pool_stats>(stats_atom_v);
  CAF_REQUIRE(numbers.has_value());
  CAF_CHECK_EQUAL(numbers->sent, 1u);
  CAF_CHECK_EQUAL(numbers->connections.size(), 2u);
  CAF_CHECK_EQUAL(numbers->send_wait.count(), 1u);
  auto metrics = ask<std::string>(metrics_atom_v);
  CAF_CHECK(metrics && metrics->find("wspool_messages_total") != std::string::npos);
  auto pings = ask<ping_report>(broadcast_ping_atom_v);
  CAF_REQUIRE(pings.has_value());
  CAF_CHECK_EQUAL(pings->size(), 2u);
  auto report = ask<broadcast_report>(broadcast_atom_v, outgoing{"all", {}});
  CAF_REQUIRE(report.has_value());
  CAF_CHECK_EQUAL(report->size(), 2u);
}

CAF_TEST(a_subscriber_in_another_process_gets_messages_in_order) {
  subscriber = sys.spawn(log_events, log);
  compat::anon_tell(pool, subscribe_atom_v, subscriber, subscription{event::message, true});
  // Behind the subscription on the same way.
  CAF_REQUIRE(ask<std::uint32_t>(await_open_atom_v, std::uint32_t{2}).has_value());
  send_options keyed;
  keyed.key = "one connection";
  for (int i = 0; i < 50; ++i) {
    message_batch batch;
    for (int n = 0; n < 100; ++n)
      batch.add(std::to_string(i * 100 + n), keyed);
    CAF_REQUIRE(ask<batch_receipt>(deliver_atom_v, batch).has_value());
  }
  auto received = [](auto& seen) {
    std::size_t count = 0;
    for (auto& batch : seen.batches)
      count += batch.messages.size();
    return count;
  };
  CAF_CHECK(log->wait_for([&](auto& seen) { return received(seen) == 5'000; }));
  std::lock_guard guard{log->mutex};
  int next = 0;
  bool in_order = true;
  for (auto& batch : log->batches)
    for (std::size_t i = 0; i < batch.messages.size(); ++i)
      in_order = in_order && batch.messages.data(i) == std::to_string(next++);
  CAF_CHECK(in_order);
}

CAF_TEST(the_pool_outlives_a_subscriber_whose_process_is_gone) {
  {
    config short_lived_cfg;
    caf::actor_system short_lived{short_lived_cfg};
    auto mortal = short_lived.spawn(log_events, std::make_shared<event_log>());
    auto address =
      node->wait_for_line([](std::string_view line) { return line.starts_with("127.0.0.1:"); });
    auto same = short_lived.middleman().remote_actor<pool_actor>(
      "127.0.0.1", static_cast<std::uint16_t>(std::stoul(address.substr(10))));
    CAF_REQUIRE(same);
    caf::scoped_actor me{short_lived};
    compat::tell(me.ptr(), *same, subscribe_atom_v, mortal, subscription{});
    compat::ask(me.ptr(), *same, 20s, stats_atom_v)
      .receive([](const pool_stats&) {}, [](const caf::error&) { CAF_ERROR("no answer"); });
    caf::anon_send_exit(mortal, caf::exit_reason::kill);
  }
  for (int i = 0; i < 100; ++i)
    CAF_CHECK(ask<receipt>(deliver_atom_v, outgoing{std::to_string(i), {}}).has_value());
}

CAF_TEST(close_answers_with_the_account_and_ends_the_pool) {
  for (int i = 0; i < 10; ++i)
    CAF_CHECK(ask<receipt>(deliver_atom_v, outgoing{std::to_string(i), {}}).has_value());
  auto report = ask<close_report>(close_atom_v);
  CAF_REQUIRE(report.has_value());
  CAF_CHECK_EQUAL(report->accepted, 10u);
  CAF_CHECK_EQUAL(report->sent, 10u);
  CAF_CHECK(is_down_in_time());
}

CAF_TEST(a_monitor_is_told_when_the_process_is_killed) {
  CAF_REQUIRE(ask<std::uint32_t>(await_open_atom_v).has_value());
  node->kill();
  CAF_CHECK(is_down_in_time());
}

CAF_TEST_FIXTURE_SCOPE_END()

} // namespace pool_remote_test
