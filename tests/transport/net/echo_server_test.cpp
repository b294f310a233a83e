// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE echo_server

#include <wspool/echo_server.hpp>

#include "net_fixture.hpp"

#include "protocol/codec.hpp"
#include "support/certificates.hpp"

#include "support/unit_test.hpp"

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

namespace echo_server_test {

using namespace wspool;
using namespace wspool::test;
using namespace std::chrono_literals;

namespace {

/// A client that speaks the codec over a stream and keeps what it is told.
struct test_client {
  test_client(std::unique_ptr<byte_stream> s, const codec_options& options)
    : stream(std::move(s)), talk(role::client, options) {
    talk.start_handshake({"localhost", "/", {}});
    flush();
    read();
  }

  void read() {
    stream->async_read([this](std::error_code error, std::string_view bytes) {
      if (error) {
        end = error;
        stream->close();
        return;
      }
      talk.feed(bytes, got);
      flush();
      if (!stop_reading)
        read();
    });
  }

  void flush() {
    if (writing || talk.output().empty())
      return;
    out.swap(talk.output());
    talk.output().clear();
    writing = true;
    stream->async_write(boost::asio::buffer(out), [this](std::error_code error, std::size_t) {
      writing = false;
      if (!error)
        flush();
    });
  }

  void send(std::string_view data, message_kind kind = message_kind::text) {
    CAF_CHECK(talk.write(data, kind) == errc::none);
    flush();
  }

  [[nodiscard]] bool open() const { return talk.state() == codec::phase::open; }

  std::unique_ptr<byte_stream> stream;
  codec talk;
  decoded got;
  std::string out;
  std::error_code end;
  bool writing = false;
  bool stop_reading = false;
};

/// A client of bytes only, and all that came back.
struct raw_client {
  explicit raw_client(std::unique_ptr<byte_stream> s) : stream(std::move(s)) { read(); }

  void read() {
    stream->async_read([this](std::error_code error, std::string_view bytes) {
      answer += bytes;
      if (error)
        ended = true;
      else
        read();
    });
  }

  void send(const std::string& bytes) {
    stream->async_write(boost::asio::buffer(bytes), [](std::error_code, std::size_t) {});
  }

  std::unique_ptr<byte_stream> stream;
  std::string answer;
  bool ended = false;
};

struct fixture : net_fixture {
  echo_options options;
  std::unique_ptr<echo_server> server;
  std::shared_ptr<connector> how = make_test_connector();
  connect_options client_options;
  std::vector<std::unique_ptr<test_client>> clients;

  ~fixture() {
    server.reset();
    clients.clear();
  }

  void start() {
    auto error = echo_server::start(pool, options, server);
    CAF_REQUIRE_EQUAL(error.message(), failure{}.message());
  }

  std::unique_ptr<byte_stream> connect() {
    auto result = std::make_shared<outcome>();
    auto operation = start_connect(*how, *this, server->url(), client_options, result);
    CAF_REQUIRE(run_until([&] { return result->called; }));
    CAF_REQUIRE_EQUAL(result->error.detail, "");
    return std::move(result->stream);
  }

  test_client& add_client() {
    codec_options how_to_talk{client_options.deflate, client_options.limits};
    clients.push_back(std::make_unique<test_client>(connect(), how_to_talk));
    return *clients.back();
  }

  test_client& open_client() {
    auto& client = add_client();
    CAF_REQUIRE(run_until([&] { return client.open(); }));
    return client;
  }

  /// What a raw request is answered, until the server ends the connection.
  std::string answer_to(const std::string& request) {
    raw_client client{connect()};
    client.send(request);
    CAF_CHECK(run_until([&] { return client.ended; }));
    return client.answer;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(echo_server_tests, fixture)

CAF_TEST(messages_come_back_as_they_were) {
  start();
  auto& client = open_client();
  client.send("hello");
  client.send(std::string{"\0\1\xff", 3}, message_kind::binary);
  client.send("");
  CAF_REQUIRE(run_until([&] { return client.got.messages.size() == 3; }));
  CAF_CHECK_EQUAL(std::string{client.got.messages[0].data}, "hello");
  CAF_CHECK(!client.got.messages[0].binary());
  CAF_CHECK_EQUAL(std::string{client.got.messages[1].data}, (std::string{"\0\1\xff", 3}));
  CAF_CHECK(client.got.messages[1].binary());
  CAF_CHECK_EQUAL(client.got.messages[2].data.size(), 0u);
  auto counted = server->counters();
  CAF_CHECK_EQUAL(counted.connections, 1u);
  CAF_CHECK_EQUAL(counted.open, 1u);
  CAF_CHECK_EQUAL(counted.messages, 3u);
  CAF_CHECK_EQUAL(counted.bytes, 8u);
}

CAF_TEST(what_was_said_before_a_ping_is_echoed_before_its_pong) {
  start();
  raw_client client{connect()};
  auto ask = [&](const std::string& request, std::string_view last) {
    client.answer.clear();
    client.send(request);
    CAF_REQUIRE(run_until([&] { return client.answer.ends_with(last); }));
    return client.answer;
  };
  ask("GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
      "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
      "\r\n\r\n");
  auto frame = [](char first, std::string_view payload) { // the mask is one of zeros
    return std::string{first, static_cast<char>(0x80 | payload.size())} + std::string(4, '\0')
           + std::string{payload};
  };
  const auto text = '\x81', ping = '\x89', start_of_text = '\x01', end = '\x80';
  CAF_CHECK_EQUAL(
    ask(frame(text, "a") + frame(text, "b") + frame(ping, "1") + frame(text, "c"), "c"), "\x81\x01"
                                                                                         "a\x81\x01"
                                                                                         "b\x8a\x01"
                                                                                         "1\x81\x01"
                                                                                         "c");
  // A ping within a message is answered before it (RFC 6455 §5.4).
  CAF_CHECK_EQUAL(ask(frame(start_of_text, "d") + frame(ping, "2") + frame(end, "e"), "de"),
                  "\x8a\x01"
                  "2\x81\x02"
                  "de");
  CAF_CHECK_EQUAL(server->kill_some(1), 1u);
  CAF_CHECK(run_until([&] { return client.ended; }));
}

CAF_TEST(compression_is_negotiated) {
  options.deflate.enabled = true;
  client_options.deflate.enabled = true;
  start();
  auto& client = open_client();
  CAF_CHECK(client.talk.deflate());
  std::string data(100'000, 'x');
  client.send(data);
  CAF_REQUIRE(run_until([&] { return client.got.messages.size() == 1; }));
  CAF_CHECK(client.got.messages[0].data == data);
}

CAF_TEST(tls_is_served) {
  options.tls = identity("server");
  client_options.tls.ca_file = authority_file();
  start();
  CAF_CHECK(server->url().starts_with("wss://127.0.0.1:"));
  auto& client = open_client();
  client.send("secret");
  CAF_CHECK(run_until([&] { return client.got.messages.size() == 1; }));
}

CAF_TEST(a_discarding_server_counts_only) {
  options.discard = true;
  start();
  auto& client = open_client();
  client.send("one");
  client.send("two");
  CAF_CHECK(run_until([&] { return server->counters().messages == 2; }));
  CAF_CHECK(client.got.messages.empty());
  CAF_CHECK_EQUAL(server->counters().bytes, 6u);
}

CAF_TEST(a_close_is_answered) {
  start();
  auto& client = open_client();
  client.talk.close(4000, "done");
  client.flush();
  CAF_REQUIRE(run_until([&] { return static_cast<bool>(client.end); }));
  CAF_CHECK(client.talk.state() == codec::phase::closed);
  CAF_CHECK_EQUAL(client.talk.closed_by().code, 4000);
  CAF_CHECK(client.talk.closed_by().clean);
  CAF_CHECK(run_until([&] { return server->counters().open == 0; }));
}

CAF_TEST(requests_that_are_no_upgrade_are_refused) {
  start();
  auto answer = answer_to("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  CAF_MESSAGE(answer);
  CAF_CHECK(answer.starts_with("HTTP/1.1 426 "));
  CAF_CHECK(answer_to("nonsense\r\n\r\n").starts_with("HTTP/1.1 400 "));
  CAF_CHECK_EQUAL(server->counters().connections, 0u);
}

CAF_TEST(clients_beyond_the_limit_are_told_to_come_back) {
  options.max_connections = 1;
  start();
  open_client();
  auto& second = add_client();
  CAF_REQUIRE(run_until([&] { return second.talk.state() == codec::phase::refused; }));
  CAF_CHECK_EQUAL(second.talk.response().status, 503u);
  CAF_CHECK_EQUAL(std::string{second.talk.response().header_value("retry-after")}, "1");
  CAF_CHECK_EQUAL(server->counters().refused, 1u);
}

CAF_TEST(a_client_that_never_asks_is_dropped) {
  options.handshake = 50ms;
  start();
  CAF_CHECK_EQUAL(answer_to("GET / HTTP/1.1\r\n"), "");
}

CAF_TEST(a_client_that_does_not_read_is_not_read_from) {
  options.max_unsent_bytes = 10'000;
  start();
  auto& client = open_client();
  client.stop_reading = true;
  client.send("the read that is still pending");
  CAF_REQUIRE(run_until([&] { return client.got.messages.size() == 1; }));
  std::string data(100'000, 'x');
  std::size_t sent = 0;
  auto took_all = [&] { return !client.writing; };
  // Until both sockets' buffers are full and the client's own write is stuck.
  for (std::size_t stuck = 0; stuck < 200 && sent < 2000; stuck = took_all() ? 0 : stuck + 1) {
    if (took_all()) {
      client.send(data);
      ++sent;
    }
    pool.poll();
  }
  CAF_CHECK(sent < 2000);
  CAF_CHECK(server->counters().messages < sent + 1);
  client.stop_reading = false;
  client.read();
  CAF_CHECK(run_until([&] { return client.got.messages.size() == sent + 1; }));
}

CAF_TEST(oversized_messages_close_with_1009) {
  options.limits.max_message_bytes = 1000;
  start();
  auto& client = open_client();
  client.send(std::string(1001, 'x'));
  CAF_REQUIRE(run_until([&] { return static_cast<bool>(client.end); }));
  CAF_CHECK_EQUAL(client.talk.closed_by().code, close_code::too_big);
}

CAF_TEST(some_clients_can_be_killed) {
  start();
  for (int i = 0; i < 5; ++i)
    open_client();
  CAF_CHECK_EQUAL(server->kill_some(2), 2u);
  CAF_CHECK(run_until([&] { return server->counters().open == 3; }));
  auto killed = [&] {
    return std::count_if(clients.begin(), clients.end(),
                         [](const auto& x) { return x->end == errc::connection_reset; });
  };
  CAF_CHECK(run_until([&] { return killed() == 2; }));
  CAF_CHECK_EQUAL(server->kill_some(100), 3u);
  CAF_CHECK(run_until([&] { return killed() == 5; }));
}

CAF_TEST(stop_says_goodbye) {
  start();
  auto& client = open_client();
  auto port = server->port();
  auto begin = std::chrono::steady_clock::now();
  server->stop(10s);
  CAF_CHECK(std::chrono::steady_clock::now() - begin < 5s);
  CAF_CHECK(run_until([&] { return client.talk.state() == codec::phase::closed; }));
  CAF_CHECK_EQUAL(client.talk.closed_by().code, close_code::going_away);
  CAF_CHECK(client.talk.closed_by().clean);
  CAF_CHECK_EQUAL(server->counters().open, 0u);
  options.listen = "127.0.0.1:" + std::to_string(port);
  start(); // the port is free again
  open_client();
}

CAF_TEST(stop_cuts_off_who_does_not_answer) {
  start();
  auto& client = open_client();
  client.stop_reading = true;
  client.send("the read that is still pending");
  CAF_REQUIRE(run_until([&] { return client.got.messages.size() == 1; }));
  auto begin = std::chrono::steady_clock::now();
  server->stop(100ms);
  CAF_CHECK(std::chrono::steady_clock::now() - begin < 5s);
  CAF_CHECK_EQUAL(server->counters().open, 0u);
}

CAF_TEST(a_taken_address_is_named) {
  start();
  options.listen = "127.0.0.1:" + std::to_string(server->port());
  std::unique_ptr<echo_server> second;
  auto error = echo_server::start(pool, options, second);
  CAF_CHECK(error.code == errc::address_in_use);
  CAF_CHECK(error.detail.starts_with(options.listen + ": "));
}

CAF_TEST(bad_options_are_named) {
  for (std::string address : {"", "127.0.0.1", "127.0.0.1:x", "127.0.0.1:65536", "::1:80", "a:"}) {
    options.listen = address;
    auto error = echo_server::start(pool, options, server);
    CAF_MESSAGE(error.detail);
    CAF_CHECK(error.code == errc::invalid_option);
    CAF_CHECK(error.detail.find("\"" + address + "\"") != std::string::npos);
  }
  options = {};
  options.max_connections = 0;
  CAF_CHECK(echo_server::start(pool, options, server).code == errc::invalid_option);
  options = {};
  options.deflate.server_window_bits = 3;
  CAF_CHECK(echo_server::start(pool, options, server).code == errc::invalid_option);
}

CAF_TEST_FIXTURE_SCOPE_END()

CAF_TEST(a_pool_that_stops_first_ends_the_server) {
  io_pool pool{2};
  std::unique_ptr<echo_server> server;
  CAF_REQUIRE(!echo_server::start(pool, {}, server));
  net_fixture clients;
  auto how = make_test_connector();
  auto result = std::make_shared<outcome>();
  auto operation = start_connect(*how, clients, server->url(), {}, result);
  CAF_REQUIRE(clients.run_until([&] { return result->called; }));
  test_client client{std::move(result->stream), {}};
  CAF_REQUIRE(clients.run_until([&] { return client.open(); }));
  auto begin = std::chrono::steady_clock::now();
  pool.stop();
  CAF_CHECK(std::chrono::steady_clock::now() - begin < 4s);
  CAF_CHECK(clients.run_until([&] { return static_cast<bool>(client.end); }));
  CAF_CHECK_EQUAL(server->counters().open, 0u);
}

} // namespace echo_server_test
