// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE listener

#include "net_fixture.hpp"

#include "net/listener.hpp"

#include "support/descriptor_limit.hpp"
#include "support/sanitizer.hpp"
#include "support/unit_test.hpp"

#include <condition_variable>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace listener_test {

using namespace wspool;
using namespace wspool::test;
using namespace std::chrono_literals;

namespace {

struct fixture : net_fixture {
  std::unique_ptr<net::listener> listener;
  std::vector<std::unique_ptr<byte_stream>> accepted;
  std::shared_ptr<connector> how = make_test_connector();

  failure open(const std::string& address) {
    net::listen_options where;
    where.address = address;
    auto on_accept = [this](const auto&, std::unique_ptr<byte_stream> stream) {
      accepted.push_back(std::move(stream));
    };
    return net::listener::open(pool, where, on_accept, listener);
  }

  std::shared_ptr<outcome> connect() {
    auto result = std::make_shared<outcome>();
    auto operation = start_connect(*how, *this, "ws://" + listener->address(), {}, result);
    CAF_REQUIRE(run_until([&] { return result->called; }));
    return result;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(listener_tests, fixture)

CAF_TEST(names_addresses_and_ports_are_understood) {
  for (std::string address : {"127.0.0.1:0", "localhost:0", "*:0", ":0", "0.0.0.0:0"}) {
    CAF_MESSAGE(address);
    CAF_CHECK_EQUAL(open(address).message(), failure{}.message());
    CAF_CHECK(listener->port() != 0);
    CAF_CHECK(listener->address().ends_with(":" + std::to_string(listener->port())));
  }
}

CAF_TEST(connections_are_handed_over) {
  CAF_REQUIRE(!open("127.0.0.1:0"));
  auto first = connect();
  auto second = connect();
  CAF_CHECK(run_until([&] { return accepted.size() == 2; }));
  CAF_CHECK(accepted[0]->peer().starts_with("127.0.0.1:"));
}

CAF_TEST(a_stopped_listener_refuses) {
  CAF_REQUIRE(!open("127.0.0.1:0"));
  auto first = connect();
  CAF_REQUIRE(run_until([&] { return accepted.size() == 1; }));
  listener->stop();
  listener->stop();
  pool.poll();
  auto late = connect();
  CAF_CHECK(late->error.code == errc::connect_failed);
  CAF_CHECK_EQUAL(accepted.size(), 1u);
}

// UndefinedBehaviorSanitizer, which comes with it, needs descriptors to look at an object.
#ifndef WSPOOL_ADDRESS_SANITIZER

CAF_TEST(accepting_goes_on_after_descriptors_ran_out) {
  CAF_REQUIRE(!open("127.0.0.1:0"));
  std::shared_ptr<outcome> client;
  {
    descriptor_limit limit{1}; // the client's own
    client = connect();
    CAF_CHECK(client->stream);
    for (int i = 0; i < 100; ++i)
      pool.poll();
    CAF_CHECK(accepted.empty());
  }
  CAF_CHECK(run_until([&] { return accepted.size() == 1; }));
}

#endif

CAF_TEST_FIXTURE_SCOPE_END()

CAF_TEST(connections_are_spread_over_threads) {
  constexpr std::size_t count = 100;
  std::mutex mutex;
  std::condition_variable changed;
  std::set<std::thread::id> threads;
  std::vector<std::unique_ptr<byte_stream>> streams;
  io_pool pool{2};
  net::listen_options where;
  std::unique_ptr<net::listener> listener;
  CAF_REQUIRE(!net::listener::open(
    pool, where,
    [&](const auto&, std::unique_ptr<byte_stream> stream) {
      std::lock_guard lock{mutex};
      threads.insert(std::this_thread::get_id());
      streams.push_back(std::move(stream));
      changed.notify_all();
    },
    listener));
  auto how = make_test_connector();
  auto target = parse("ws://" + listener->address());
  std::vector<std::shared_ptr<connect_operation>> operations;
  for (std::size_t i = 0; i < count; ++i)
    operations.push_back(how->async_connect(
      pool.next(), target, {}, [&](failure error, std::unique_ptr<byte_stream> stream) {
        std::lock_guard lock{mutex};
        if (!error)
          streams.push_back(std::move(stream));
        changed.notify_all();
      }));
  {
    std::unique_lock lock{mutex};
    CAF_CHECK(changed.wait_for(lock, 20s, [&] { return streams.size() == 2 * count; }));
    CAF_CHECK_EQUAL(threads.size(), 2u);
  }
  listener->stop();
  pool.stop();
}

} // namespace listener_test
