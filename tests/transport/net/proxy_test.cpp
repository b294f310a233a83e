// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE proxy

#include "net_fixture.hpp"

#include "net/listener.hpp"
#include "support/certificates.hpp"

#include "support/unit_test.hpp"

#include <memory>
#include <string>

namespace proxy_test {

using namespace wspool;
using namespace wspool::test;
using namespace std::chrono_literals;

namespace ip = boost::asio::ip;

namespace {

struct fixture : net_fixture {
  scripted_server proxy{*context};
  connect_options options;
  std::shared_ptr<connector> how = make_test_connector([](const std::string& host) {
    return host == "known.test"
             ? net::resolved{{ip::make_address("::9"), ip::make_address("192.0.2.7")}, {}}
             : net::resolved{{}, "unknown name"};
  });
  std::shared_ptr<outcome> result = std::make_shared<outcome>();
  std::shared_ptr<connect_operation> operation;

  void start(const std::string& url, const std::string& scheme) {
    options.proxy.url = scheme + proxy.address();
    operation = start_connect(*how, *this, url, options, result);
  }

  /// Waits for what the proxy hears next.
  std::string heard() {
    CAF_REQUIRE(run_until(
      [&] { return result->called || (proxy.size() == 1 && !proxy[0].received.empty()); }));
    return proxy.size() == 1 ? std::exchange(proxy[0].received, {}) : "";
  }

  void expect_refused(errc code, const std::string& because) {
    CAF_REQUIRE(run_until([&] { return result->called; }));
    CAF_MESSAGE(result->error.message());
    CAF_CHECK_EQUAL(to_string(result->error.code), to_string(code));
    CAF_CHECK_EQUAL(result->error.detail, because);
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(proxy_tests, fixture)

CAF_TEST(a_stream_goes_through_an_http_proxy) {
  start("ws://far.invalid:81/", "http://me:pass@");
  CAF_CHECK_EQUAL(heard(), "CONNECT far.invalid:81 HTTP/1.1\r\nHost: far.invalid:81\r\n"
                           "Proxy-Authorization: Basic bWU6cGFzcw==\r\n\r\n");
  proxy[0].send("HTTP/1.1 200 OK\r\n\r\n");
  CAF_REQUIRE(run_until([&] { return result->called; }));
  CAF_REQUIRE(result->stream);
  result->stream->async_write(boost::asio::buffer("hi", 2), [](std::error_code, std::size_t) {});
  CAF_CHECK_EQUAL(heard(), "hi");
}

CAF_TEST(an_http_refusal_is_told) {
  start("ws://far.invalid:81/", "http://me:s3cret@");
  heard();
  proxy[0].send("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n");
  expect_refused(errc::proxy_refused,
                 "proxy http://" + proxy.address() + ": 407 Proxy Authentication Required");
}

CAF_TEST(a_stream_goes_through_a_socks_proxy_that_resolves) {
  start("ws://far.invalid:81/", "socks5h://");
  CAF_CHECK_EQUAL(heard(), (std::string{"\5\1\0", 3}));
  proxy[0].send({"\5\0", 2});
  CAF_CHECK_EQUAL(heard(), (std::string{"\5\1\0\3\x0b"
                                        "far.invalid\0\x51",
                                        18}));
  proxy[0].send({"\5\0\0\1\0\0\0\0\0\0", 10});
  CAF_REQUIRE(run_until([&] { return result->called; }));
  CAF_CHECK(result->stream);
}

CAF_TEST(a_socks_proxy_gets_an_address_that_was_resolved_here) {
  start("ws://known.test:81/", "socks5://");
  heard();
  proxy[0].send({"\5\0", 2});
  CAF_CHECK_EQUAL(heard(), (std::string{"\5\1\0\1\xc0\0\2\7\0\x51", 10}));
}

CAF_TEST(a_name_unknown_here_is_told) {
  start("ws://unknown.test:81/", "socks5://");
  expect_refused(errc::resolve_failed, "unknown.test: unknown name");
}

CAF_TEST(a_socks_refusal_is_told) {
  start("ws://far.invalid:81/", "socks5h://");
  heard();
  proxy[0].send({"\5\0", 2});
  heard();
  proxy[0].send({"\5\4\0\1\0\0\0\0\0\0", 10});
  expect_refused(errc::proxy_refused, "proxy socks5h://" + proxy.address() + ": host unreachable");
}

CAF_TEST(a_proxy_that_says_nothing_is_told) {
  options.deadlines.handshake = 50ms;
  start("ws://far.invalid:81/", "http://");
  expect_refused(errc::connect_timeout,
                 "proxy http://" + proxy.address() + ": no answer within 50 ms");
}

CAF_TEST(a_proxy_that_hangs_up_is_told) {
  start("ws://far.invalid:81/", "http://");
  heard();
  proxy[0].socket.close();
  expect_refused(errc::proxy_failed,
                 "proxy http://" + proxy.address() + ": it ended the connection");
}

CAF_TEST(a_proxy_that_cannot_be_reached_is_told) {
  auto address = "127.0.0.1:" + std::to_string(unused_port(*context));
  options.proxy.url = "http://" + address;
  operation = start_connect(*how, *this, "ws://far.invalid/", options, result);
  expect_refused(errc::connect_failed,
                 "proxy http://" + address + ": " + address + ": Connection refused");
}

CAF_TEST(tls_goes_through_a_proxy) {
  net::listen_options where;
  where.tls = identity("server");
  std::unique_ptr<byte_stream> accepted;
  std::unique_ptr<net::listener> listener;
  CAF_REQUIRE(!net::listener::open(
    pool, where,
    [&](const auto&, std::unique_ptr<byte_stream> stream) { accepted = std::move(stream); },
    listener));
  options.tls.ca_file = authority_file();
  auto target = "localhost:" + std::to_string(listener->port());
  start("wss://" + target, "http://");
  CAF_CHECK(heard().starts_with("CONNECT " + target + " "));
  proxy[0].send("HTTP/1.1 200 OK\r\n\r\n");
  // The proxy passes bytes on by hand.
  net::tcp_socket beyond{*context};
  beyond.connect({ip::address_v4::loopback(), listener->port()});
  auto back = std::make_shared<scripted_server::connection>(std::move(beyond));
  back->read();
  CAF_CHECK(run_until([&] {
    if (auto bytes = std::exchange(proxy[0].received, {}); !bytes.empty())
      back->send(bytes);
    if (auto bytes = std::exchange(back->received, {}); !bytes.empty())
      proxy[0].send(bytes);
    return result->called && accepted;
  }));
  CAF_CHECK_EQUAL(result->error.detail, "");
  CAF_CHECK(result->stream);
  back->socket.close();
  pool.poll();
}

CAF_TEST(a_cancelled_tunnel_leaves_nothing) {
  auto before = open_descriptors();
  start("ws://far.invalid:81/", "http://");
  heard();
  operation->cancel();
  operation.reset();
  CAF_CHECK(run_until([&] { return result.use_count() == 1 && proxy[0].ended; }));
  CAF_CHECK(!result->called);
  proxy[0].socket.close();
  CAF_CHECK_EQUAL(open_descriptors(), before);
}

CAF_TEST_FIXTURE_SCOPE_END()

} // namespace proxy_test
