// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE connector

#include "net_fixture.hpp"

#include "support/unit_test.hpp"

#include <future>
#include <string>
#include <vector>

namespace connector_test {

using namespace wspool;
using namespace wspool::test;
using namespace std::chrono_literals;

namespace ip = boost::asio::ip;

namespace {

struct fixture : net_fixture {
  connect_options options;
  std::vector<ip::address> names; ///< what "many.test" stands for
  std::shared_ptr<connector> how = make_test_connector([this](const std::string& host) {
    return host == "many.test" ? net::resolved{names, {}} : net::resolved{{}, "unknown name"};
  });

  std::shared_ptr<outcome> connect(const std::string& url) {
    auto result = std::make_shared<outcome>();
    auto operation = start_connect(*how, *this, url, options, result);
    CAF_CHECK(!result->called);
    CAF_REQUIRE(run_until([&] { return result->called; }));
    CAF_MESSAGE(result->error.message());
    CAF_CHECK_EQUAL(static_cast<bool>(result->error), result->stream == nullptr);
    return result;
  }

  failure refused(const std::string& url) {
    auto result = connect(url);
    CAF_REQUIRE(result->error);
    return result->error;
  }
};

std::string at(std::uint16_t port) { return "127.0.0.1:" + std::to_string(port); }

} // namespace

CAF_TEST_FIXTURE_SCOPE(connector_tests, fixture)

CAF_TEST(a_stream_reaches_its_server) {
  scripted_server server{*context};
  auto result = connect("ws://" + server.address());
  CAF_REQUIRE(result->stream);
  CAF_CHECK_EQUAL(result->stream->peer(), server.address());
  bool written = false;
  result->stream->async_write(boost::asio::buffer("hi", 2),
                              [&](std::error_code, std::size_t) { written = true; });
  CAF_CHECK(run_until([&] { return written && server.size() == 1 && server[0].received == "hi"; }));
}

CAF_TEST(a_closed_port_is_told) {
  auto port = unused_port(*context);
  auto error = refused("ws://" + at(port));
  CAF_CHECK(error.code == errc::connect_failed);
  CAF_CHECK_EQUAL(error.detail, at(port) + ": Connection refused");
}

CAF_TEST(a_port_that_does_not_answer_is_told) {
  black_hole hole{*context};
  options.deadlines.address = 50ms;
  auto error = refused("ws://" + at(hole.port()));
  CAF_CHECK(error.code == errc::connect_timeout);
  CAF_CHECK_EQUAL(error.detail, at(hole.port()) + ": no answer within 50 ms");
}

CAF_TEST(every_address_is_tried_in_order) {
  auto port = unused_port(*context);
  black_hole hole{*context, "127.0.0.2", port};
  options.deadlines.address = 50ms;
  names = {ip::make_address("127.0.0.2"), ip::make_address("127.0.0.3"),
           ip::make_address("127.0.0.1")};
  auto url = "ws://many.test:" + std::to_string(port);
  auto suffix = ":" + std::to_string(port) + ": ";
  auto error = refused(url);
  CAF_CHECK(error.code == errc::connect_failed);
  CAF_CHECK_EQUAL(error.detail, "127.0.0.2" + suffix + "no answer within 50 ms; 127.0.0.3" + suffix
                                  + "Connection refused; 127.0.0.1" + suffix
                                  + "Connection refused");
  scripted_server server{*context, "127.0.0.1", port};
  auto result = connect(url);
  CAF_REQUIRE(result->stream);
  CAF_CHECK_EQUAL(result->stream->peer(), at(port));
}

CAF_TEST(ipv6_addresses_are_told_in_brackets) {
  auto port = unused_port(*context);
  auto error = refused("ws://[::1]:" + std::to_string(port));
  CAF_CHECK(error.code == errc::connect_failed);
  CAF_CHECK(error.detail.starts_with("[::1]:" + std::to_string(port) + ": "));
}

CAF_TEST(an_unknown_name_is_told) {
  auto error = refused("ws://nowhere.test/");
  CAF_CHECK(error.code == errc::resolve_failed);
  CAF_CHECK_EQUAL(error.detail, "nowhere.test: unknown name");
}

CAF_TEST(a_name_service_that_hangs_is_told) {
  std::promise<void> release;
  auto released = release.get_future().share();
  how = make_test_connector([released](const std::string&) -> net::resolved {
    released.wait();
    return {};
  });
  options.deadlines.handshake = 50ms;
  auto error = refused("ws://hangs.test/");
  CAF_CHECK(error.code == errc::resolve_failed);
  CAF_CHECK_EQUAL(error.detail, "hangs.test: the name service did not answer in time");
  release.set_value();
}

CAF_TEST(names_are_resolved_for_every_attempt) {
  scripted_server server{*context};
  names = {ip::make_address("127.0.0.1")};
  auto url = "ws://many.test:" + std::to_string(server.port());
  CAF_CHECK(!connect(url)->error);
  names.clear();
  CAF_CHECK(connect(url)->error.code == errc::resolve_failed);
}

CAF_TEST(a_bad_proxy_option_is_told) {
  options.proxy.url = "ftp://proxy";
  CAF_CHECK(refused("ws://127.0.0.1:1").code == errc::invalid_option);
}

CAF_TEST(a_cancelled_attempt_is_silent_and_leaves_nothing) {
  black_hole hole{*context};
  scripted_server server{*context};
  names = {ip::make_address("127.0.0.1")};
  auto before = open_descriptors();
  // Cancelled after so many steps: before it starts, while it resolves, dials, is done.
  for (auto url : {"ws://many.test:" + std::to_string(hole.port()), "ws://" + server.address()})
    for (std::size_t steps = 0; steps < 5; ++steps) {
      auto owned = std::make_shared<int>(0);
      bool done = false;
      auto operation = how->async_connect(context, parse(url), options,
                                          [owned, &done](failure, std::unique_ptr<byte_stream>) {
                                            ++*owned;
                                            done = true;
                                          });
      for (std::size_t i = 0; i < steps && !done; ++i)
        context->restart(), context->poll_one();
      auto calls = *owned;
      operation->cancel();
      operation->cancel();
      operation.reset();
      CAF_CHECK(run_until([&] { return owned.use_count() == 1; }));
      CAF_CHECK_EQUAL(*owned, calls);
    }
  // The server's ends of those that got through are its own to close.
  for (std::size_t i = 0; i < server.size(); ++i) {
    CAF_CHECK(run_until([&] { return server[i].ended; }));
    server[i].socket.close();
  }
  CAF_CHECK(run_until([&] { return open_descriptors() == before; }));
}

CAF_TEST(an_attempt_outlives_its_handle) {
  scripted_server server{*context};
  auto result = std::make_shared<outcome>();
  start_connect(*how, *this, "ws://" + server.address(), options, result).reset();
  CAF_CHECK(run_until([&] { return result->called; }));
  CAF_CHECK(result->stream);
}

CAF_TEST(a_handle_outlives_its_pool) {
  auto owned = std::make_shared<int>(0);
  auto before = open_descriptors();
  std::shared_ptr<connect_operation> operation;
  {
    net_fixture other;
    black_hole hole{*other.context};
    operation = how->async_connect(other.context, parse("ws://" + at(hole.port())), options,
                                   [owned](failure, std::unique_ptr<byte_stream>) { ++*owned; });
    for (int i = 0; i < 10; ++i)
      other.pool.poll();
    other.pool.stop();
  }
  operation->cancel();
  operation.reset();
  CAF_CHECK_EQUAL(owned.use_count(), 1);
  CAF_CHECK_EQUAL(*owned, 0);
  CAF_CHECK_EQUAL(open_descriptors(), before);
}

CAF_TEST_FIXTURE_SCOPE_END()

} // namespace connector_test
