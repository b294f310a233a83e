// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE broker

// Brokers of two servers on one backplane, over real sockets.

#include "support/live_pool.hpp"
#include "support/unit_test.hpp"

#include <wspool/backplane.hpp>
#include <wspool/broker.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/websocket.hpp>
#include <boost/json.hpp>

#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace broker_test {

using namespace wspool;
using namespace wspool::test;

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace json = boost::json;
using tcp = asio::ip::tcp;

/// A client that waits for each thing it does, but not for ever.
class plain_client {
public:
  plain_client(const std::string& address, const std::string& subprotocol) : ws_(context_) {
    const auto port = std::stoul(address.substr(address.rfind(':') + 1));
    beast::get_lowest_layer(ws_).connect(
      {asio::ip::make_address("127.0.0.1"), static_cast<std::uint16_t>(port)});
    ws_.set_option(beast::websocket::stream_base::decorator([=](auto& request) {
      request.set(beast::http::field::sec_websocket_protocol, subprotocol);
    }));
    ws_.handshake(address, "/");
  }

  void say(const std::string& text) { ws_.write(asio::buffer(text)); }
  void say(const json::object& fields) { say(json::serialize(fields)); }

  json::object hear() {
    beast::flat_buffer buffer;
    beast::error_code result = asio::error::would_block;
    ws_.async_read(buffer, [&](beast::error_code e, std::size_t) { result = e; });
    context_.restart();
    context_.run_for(std::chrono::seconds{20});
    CAF_REQUIRE_EQUAL(result.message(), beast::error_code{}.message());
    return json::parse(beast::buffers_to_string(buffer.data())).as_object();
  }
  json::object ask(const json::object& fields) {
    say(fields);
    return hear();
  }

private:
  asio::io_context context_;
  beast::websocket::stream<beast::tcp_stream> ws_;
};

struct fixture : live_pool {
  struct node {
    server_actor server;
    broker_actor broker;
    std::string address;
  };

  ~fixture() {
    for (auto& one : nodes)
      caf::anon_send_exit(one.server, caf::exit_reason::kill);
  }

  node& start_node() {
    server_options served;
    served.entrance.subprotocols = {"wspool.v1.json", "thinws", "channels"};
    auto server = spawn_server(sys, io, served);
    broker_options settings;
    settings.tell_publisher = false;
    auto broker = spawn_broker(sys, io, server, backplane, settings);
    caf::scoped_actor me{sys};
    std::string address;
    compat::ask(me.ptr(), server, patience, address_atom_v)
      .receive([&](const listen_report& report) { address = report.addresses.at(0); },
               [&](const caf::error& e) { CAF_FAIL(render(sys, e)); });
    nodes.push_back({std::move(server), std::move(broker), std::move(address)});
    return nodes.back();
  }

  /// A v1 client in a channel.
  std::unique_ptr<plain_client> member(const node& of, const std::string& channel,
                                       bool presence = false) {
    auto result = std::make_unique<plain_client>(of.address, "wspool.v1.json");
    CAF_CHECK(result->ask({{"type", "connect"}, {"id", 0}}).at("type") == "connected");
    const auto answer =
      result->ask({{"type", "subscribe"}, {"id", 1}, {"channel", channel}, {"presence", presence}});
    CAF_CHECK(answer.at("type") == "subscribed");
    return result;
  }

  static backplane_options kept() {
    backplane_options result;
    result.history.max_messages = 1'000;
    return result;
  }

  backplane_actor backplane = spawn_memory_backplane(sys, kept());
  std::vector<node> nodes;
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(broker_tests, fixture)

CAF_TEST(members_on_all_nodes_get_every_message_once_and_in_the_same_order) {
  constexpr int messages = 500;
  nodes.reserve(2);
  auto& here = start_node();
  auto& there = start_node();
  std::vector<std::unique_ptr<plain_client>> members;
  for (auto* one : {&here, &there, &here, &there})
    members.push_back(member(*one, "news"));
  // Two of them publish while all listen.
  for (int i = 0; i < messages; ++i)
    for (const std::size_t who : {0u, 1u})
      members[who]->say(
        {{"type", "publish"}, {"channel", "news"}, {"data", {static_cast<int>(who), i}}});
  std::vector<std::vector<std::pair<std::int64_t, std::int64_t>>> heard(members.size());
  for (std::size_t who = 0; who < members.size(); ++who)
    for (int i = 0; i < 2 * messages; ++i) {
      const auto event = members[who]->hear();
      CAF_REQUIRE(event.at("type") == "event");
      CAF_REQUIRE(event.at("offset") == i + 1);
      const auto& data = event.at("data").as_array();
      heard[who].emplace_back(data[0].as_int64(), data[1].as_int64());
    }
  std::map<std::int64_t, std::int64_t> next;
  for (const auto& [publisher, number] : heard[0])
    CAF_REQUIRE_EQUAL(number, next[publisher]++);
  for (std::size_t who = 1; who < members.size(); ++who)
    CAF_CHECK(heard[who] == heard[0]);
}

CAF_TEST(who_returns_to_another_node_recovers_what_it_missed) {
  nodes.reserve(2);
  auto& here = start_node();
  auto& there = start_node();
  auto publisher = member(here, "other");
  auto listener = member(here, "news");
  const auto publish = [&publisher](int number) {
    const auto ack =
      publisher->ask({{"type", "publish"}, {"id", number}, {"channel", "news"}, {"data", number}});
    CAF_CHECK(ack.at("type") == "ack");
  };
  publish(1);
  const auto last = listener->hear();
  CAF_CHECK(last.at("data") == 1);
  listener.reset();
  publish(2);
  publish(3);
  plain_client back{there.address, "wspool.v1.json"};
  CAF_CHECK(back.ask({{"type", "connect"}, {"id", 0}}).at("type") == "connected");
  const auto answer =
    back.ask({{"type", "subscribe"},
              {"id", 1},
              {"channel", "news"},
              {"recover", {{"epoch", last.at("epoch")}, {"offset", last.at("offset")}}}});
  CAF_CHECK(answer.at("recovered") == true);
  publish(4);
  for (int i = 2; i <= 4; ++i)
    CAF_CHECK(back.hear().at("data") == i);
}

CAF_TEST(a_node_that_ends_takes_its_members_with_it_and_the_others_are_told) {
  nodes.reserve(2);
  auto& here = start_node();
  auto& there = start_node();
  auto watcher = member(here, "room", true);
  auto other = member(there, "room");
  const auto joined = watcher->hear();
  CAF_CHECK(joined.at("type") == "join");
  caf::anon_send_exit(there.server, caf::exit_reason::kill);
  const auto left = watcher->hear();
  CAF_CHECK(left.at("type") == "leave");
  CAF_CHECK(left.at("member") == joined.at("member"));
}

CAF_TEST(clients_of_all_dialects_meet) {
  auto& here = start_node();
  auto v1 = member(here, "news");
  plain_client thin{here.address, "thinws"};
  plain_client plain{here.address, "channels"};
  CAF_CHECK(thin.ask({{"messageID", 1}, {"type", "subscribe"}, {"roomID", "news"}}).at("type")
            == "ack");
  CAF_CHECK(plain.ask({{"action", "subscribe"}, {"channel", "news"}}).at("channel") == "system");
  plain.say({{"action", "publish"}, {"channel", "news"}, {"data", "hi"}});
  CAF_CHECK(v1->hear().at("data") == "hi");
  CAF_CHECK(thin.hear().at("message") == "hi");
  CAF_CHECK(plain.hear().at("data") == "hi");
}

CAF_TEST_FIXTURE_SCOPE_END()

} // namespace broker_test
