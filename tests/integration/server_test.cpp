// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE server

#include "support/certificates.hpp"
#include "support/descriptor_limit.hpp"
#include "support/live_pool.hpp"
#include "support/sanitizer.hpp"
#include "support/server_log.hpp"
#include "support/unit_test.hpp"

#include <wspool/authenticators.hpp>
#include <wspool/server.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/websocket.hpp>

#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace server_test {

using namespace wspool;
using namespace wspool::test;

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using tcp = asio::ip::tcp;

/// A blocking client that reads only when it is told to. It has its descriptors from the beginning.
class plain_client {
public:
  plain_client() : ws_(context_) { ws_.next_layer().open(tcp::v4()); }
  /// To "127.0.0.1:port".
  void connect(const std::string& address) {
    address_ = address;
    const auto port = std::stoul(address.substr(address.rfind(':') + 1));
    ws_.next_layer().connect(
      {asio::ip::make_address("127.0.0.1"), static_cast<std::uint16_t>(port)});
  }
  void upgrade() { ws_.handshake(address_, "/"); }

private:
  asio::io_context context_;
  beast::websocket::stream<tcp::socket> ws_;
  std::string address_;
};

/// A server beside a pool's fixture, whose pool is its client.
struct fixture : live_pool {
  ~fixture() {
    if (server)
      caf::anon_send_exit(server, caf::exit_reason::kill);
    caf::anon_send_exit(watcher, caf::exit_reason::kill);
  }

  void serve() {
    server = spawn_server(sys, io, served);
    watcher = sys.spawn(log_server, seen);
    compat::anon_tell(server, subscribe_atom_v, watcher, subscription{});
    addresses = ask_server<listen_report>(address_atom_v).addresses;
  }

  template <class T, class... Ts>
  T ask_server(Ts... xs) {
    caf::scoped_actor me{sys};
    T result{};
    compat::ask(me.ptr(), server, patience, xs...)
      .receive([&](T& x) { result = std::move(x); },
               [&](const caf::error& e) { CAF_FAIL(render(sys, e)); });
    return result;
  }

  bool wait_for_clients(std::size_t count) {
    return seen->wait([count](const server_log& l) { return l.arrived.size() >= count; });
  }

  server_options served;
  server_actor server;
  std::vector<std::string> addresses;
  server_log_ptr seen = std::make_shared<server_log>();
  caf::actor watcher;
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(server_tests, fixture)

CAF_TEST(clients_over_tcp_and_tls_talk_with_the_same_hub) {
  served.listen = {{"127.0.0.1:0", {}}, {"localhost:0", {}}};
  served.listen[1].tls = identity("server");
  serve();
  CAF_REQUIRE_EQUAL(addresses.size(), 2u);
  options.connect.tls.ca_file = authority_file();
  const auto port = addresses[1].substr(addresses[1].rfind(':') + 1);
  start({{"ws://" + addresses[0] + "/", 3, 1, 0}, {"wss://localhost:" + port + "/", 3, 1, 0}});
  CAF_REQUIRE(wait_for_clients(6));
  // The server knows of them first; a broadcast reaches those of which the pool knows.
  CAF_REQUIRE(ask<std::uint32_t>(await_open_atom_v, std::uint32_t{6}));
  compat::anon_tell(pool, broadcast_atom_v, outgoing{"from each", {}});
  CAF_CHECK(seen->wait([](const server_log& l) { return l.messages.size() == 6; }));
  CAF_CHECK_EQUAL(ask_server<std::uint64_t>(send_atom_v, to_all(), outgoing{"to all", {}}), 6u);
  CAF_CHECK(log->wait_for([](const auto& l) { return l.messages.size() == 6; }));
  const auto numbers = ask_server<server_stats>(stats_atom_v);
  CAF_CHECK_EQUAL(numbers.clients, 6u);
  CAF_CHECK_EQUAL(numbers.total_traffic.messages_in, 6u);
  CAF_CHECK_EQUAL(numbers.total_traffic.messages_out, 6u);
}

CAF_TEST(one_client_that_never_reads_costs_the_others_nothing) {
  constexpr std::size_t messages = 3'000;
  constexpr std::uint32_t readers = 10;
  served.backlog.max_messages = messages; // those who read may be late, but not by bytes
  served.backlog.max_bytes = 16 * 1024 * 1024;
  served.stay.close = 200ms;
  serve();
  plain_client stalled;
  stalled.connect(addresses[0]);
  stalled.upgrade();
  CAF_REQUIRE(start_open("ws://" + addresses[0] + "/", readers));
  CAF_REQUIRE(wait_for_clients(readers + 1));
  const auto text = [](std::size_t i) { return std::to_string(i) + std::string(8'000, '.'); };
  for (std::size_t i = 0; i < messages; ++i) {
    const auto reached = ask_server<std::uint64_t>(send_atom_v, to_all(), outgoing{text(i), {}});
    CAF_REQUIRE_GREATER_OR_EQUAL(reached, readers);
    if (i % 100 == 99) // so that only one of them is slow
      CAF_REQUIRE(
        log->wait_for([&](const auto& l) { return l.messages.size() == (i + 1) * readers; }));
  }
  std::map<connection_id, std::size_t> next;
  std::lock_guard guard{log->mutex};
  for (const auto& m : log->messages)
    CAF_REQUIRE(m.data == text(next[m.connection]++)); // in order, and nothing is missing
  CAF_CHECK(seen->wait([](const server_log& l) {
    return l.left.size() == 1 && l.left[0].why == errc::slow_consumer;
  }));
  CAF_CHECK_GREATER(ask_server<server_stats>(stats_atom_v).dropped_messages, 0u);
}

CAF_TEST(a_drain_closes_no_faster_than_it_may_and_answers_when_all_are_gone) {
  constexpr std::uint32_t count = 60;
  constexpr double rate = 100;
  serve();
  options.reconnect.attempts = 0; // what is closed stays closed
  CAF_REQUIRE(start_open("ws://" + addresses[0] + "/", count));
  CAF_REQUIRE(wait_for_clients(count));
  const auto began = std::chrono::steady_clock::now();
  const auto report = ask_server<drain_report>(
    drain_atom_v, drain_order{rate, {close_code::service_restart, "bye"}, 20s});
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  CAF_CHECK_EQUAL(report.closed, count);
  CAF_CHECK_EQUAL(report.cut_off, 0u);
  CAF_CHECK_EQUAL(report.left, 0u);
  CAF_CHECK_GREATER_OR_EQUAL(took.count(), (count - 1) / rate - 0.001);
  CAF_CHECK(log->wait_for([](const auto& l) { return l.closes.size() == count; }));
  CAF_CHECK_EQUAL(log->closes.at(0).code, close_code::service_restart);
  boost::system::error_code refused;
  asio::io_context context;
  tcp::socket late{context};
  const auto port = std::stoul(addresses[0].substr(addresses[0].rfind(':') + 1));
  late.connect({asio::ip::make_address("127.0.0.1"), static_cast<std::uint16_t>(port)}, refused);
  CAF_CHECK(refused == asio::error::connection_refused);
}

// UndefinedBehaviorSanitizer, which comes with it, needs descriptors to look at an object.
#ifndef WSPOOL_ADDRESS_SANITIZER

CAF_TEST(without_descriptors_accepting_waits_and_goes_on) {
  constexpr std::size_t count = 20;
  constexpr std::size_t room = 4;
  serve();
  std::vector<std::unique_ptr<plain_client>> clients;
  for (std::size_t i = 0; i < count; ++i)
    clients.push_back(std::make_unique<plain_client>());
  {
    descriptor_limit limit{room};
    for (auto& client : clients)
      client->connect(addresses[0]); // the kernel does that
    for (std::size_t i = 0; i < room; ++i)
      clients[i]->upgrade();
    CAF_CHECK(wait_for_clients(room));
    CAF_CHECK_EQUAL(ask_server<server_stats>(stats_atom_v).sockets, room);
  }
  for (std::size_t i = room; i < count; ++i)
    clients[i]->upgrade();
  CAF_CHECK(wait_for_clients(count));
}

#endif

CAF_TEST(an_address_that_is_taken_is_named_and_nothing_is_left_of_the_server) {
  serve();
  auto again = served;
  again.listen[0].address = addresses[0];
  try {
    auto second = spawn_server(sys, io, again);
    CAF_FAIL("it listens on what is taken");
  } catch (const invalid_options& e) {
    CAF_CHECK_EQUAL(e.code(), errc::address_in_use);
    CAF_CHECK(std::string{e.what()}.find(addresses[0]) != std::string::npos);
  }
}

CAF_TEST(a_client_shows_its_token_and_the_authenticator_keeps_no_system_from_ending) {
  live_config own;
  io_pool threads{1};
  caf::actor_system short_lived{own};
  const auto address = [&] {
    served.listen = {{"127.0.0.1:0", {}}};
    auto list = spawn_token_authenticator(short_lived, {{"alice", "t0k3n"}});
    const auto guarded = spawn_server(short_lived, threads, served, list);
    caf::scoped_actor me{short_lived};
    std::string result;
    compat::ask(me.ptr(), guarded, patience, address_atom_v)
      .receive([&](listen_report& x) { result = x.addresses.at(0); },
               [&](const caf::error& e) { CAF_FAIL(render(short_lived, e)); });
    return result;
  }();
  options.connect.upgrade.bearer = "t0k3n";
  CAF_CHECK(start_open("ws://" + address + "/"));
}

CAF_TEST(pool_and_system_may_end_while_clients_are_there) {
  serve();
  CAF_REQUIRE(start_open("ws://" + addresses[0] + "/", 20));
  CAF_REQUIRE(wait_for_clients(20));
  io.stop();
  CAF_CHECK(seen->wait([](const server_log& l) { return l.left.size() == 20; }));
}

CAF_TEST_FIXTURE_SCOPE_END()

} // namespace server_test
