// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE tls

#include "net_fixture.hpp"

#include "net/listener.hpp"
#include "support/certificates.hpp"

#include "support/unit_test.hpp"

#include <string>
#include <vector>

namespace tls_test {

using namespace wspool;
using namespace wspool::test;
using namespace std::chrono_literals;

namespace {

struct fixture : net_fixture {
  std::unique_ptr<net::listener> listener;
  std::vector<std::unique_ptr<byte_stream>> accepted;
  std::shared_ptr<connector> how = make_test_connector();
  connect_options options;

  fixture() { options.tls.ca_file = authority_file(); }

  failure open(const net::listen_options& where) {
    auto on_accept = [this](const auto&, std::unique_ptr<byte_stream> stream) {
      accepted.push_back(std::move(stream));
    };
    return net::listener::open(pool, where, on_accept, listener);
  }

  void serve(const tls_options& tls) {
    net::listen_options where;
    where.tls = tls;
    auto error = open(where);
    CAF_REQUIRE_EQUAL(error.detail, "");
  }

  std::string url(const std::string& host = "localhost") const {
    return "wss://" + host + ":" + std::to_string(listener->port());
  }

  std::shared_ptr<outcome> connect(const std::string& where) {
    auto result = std::make_shared<outcome>();
    auto operation = start_connect(*how, *this, where, options, result);
    CAF_REQUIRE(run_until([&] { return result->called; }));
    CAF_MESSAGE(result->error.message());
    return result;
  }

  void expect_refused(const std::string& where, errc code, const std::string& because) {
    auto result = connect(where);
    CAF_CHECK_EQUAL(to_string(result->error.code), to_string(code));
    CAF_CHECK(result->error.detail.find(because) != std::string::npos);
    CAF_CHECK(!result->stream);
  }

  /// Whether both ends have a stream that carries bytes.
  bool works(const std::string& where) {
    auto before = accepted.size();
    auto result = connect(where);
    if (!result->stream || !run_until([&] { return accepted.size() > before; }))
      return false;
    std::string got;
    accepted.back()->async_read([&](std::error_code, std::string_view bytes) { got = bytes; });
    result->stream->async_write(boost::asio::buffer("hi", 2), [](std::error_code, std::size_t) {});
    return run_until([&] { return got == "hi"; });
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(tls_tests, fixture)

CAF_TEST(a_trusted_certificate_is_accepted_by_name_and_by_address) {
  serve(identity("server"));
  CAF_CHECK(works(url("localhost")));
  CAF_CHECK(works(url("127.0.0.1")));
}

CAF_TEST(an_unknown_authority_is_refused) {
  serve(identity("server"));
  options.tls.ca_file.clear(); // the system's know nothing of ours
  expect_refused(url(), errc::certificate_invalid, "unable to get local issuer certificate");
}

CAF_TEST(a_self_signed_certificate_is_refused) {
  serve(identity("stranger"));
  expect_refused(url(), errc::certificate_invalid, "self-signed certificate");
}

CAF_TEST(an_expired_certificate_is_refused) {
  serve(identity("expired"));
  expect_refused(url(), errc::certificate_invalid, "certificate has expired");
}

CAF_TEST(a_certificate_for_another_host_is_refused) {
  serve(identity("wrong-host"));
  expect_refused(url(), errc::certificate_invalid,
                 "hostname mismatch: the certificate is not for \"localhost\"");
  expect_refused(url("127.0.0.1"), errc::certificate_invalid,
                 "the certificate is not for \"127.0.0.1\"");
}

CAF_TEST(another_name_can_be_asked_for) {
  serve(identity("wrong-host"));
  options.tls.server_name = "elsewhere.invalid";
  CAF_CHECK(works(url()));
}

CAF_TEST(verification_can_be_switched_off) {
  for (auto name : {"stranger", "expired", "wrong-host"}) {
    serve(identity(name));
    options.tls.verify = false;
    CAF_CHECK(works(url()));
  }
}

CAF_TEST(clients_show_their_certificate) {
  auto server = identity("server");
  server.ca_file = authority_file();
  serve(server);
  // With TLS 1.3 a server refuses after the client's part of the handshake is over.
  auto bare = connect(url());
  if (bare->stream) {
    std::error_code end;
    bare->stream->async_read([&](std::error_code error, std::string_view) { end = error; });
    CAF_CHECK(run_until([&] { return static_cast<bool>(end); }));
    CAF_MESSAGE(end.message());
  } else {
    CAF_CHECK(bare->error.code == errc::tls_failed);
  }
  CAF_CHECK(accepted.empty());
  auto client = identity("client");
  client.ca_file = authority_file();
  options.tls = client;
  CAF_CHECK(works(url()));
}

CAF_TEST(unusable_files_are_named) {
  serve(identity("server"));
  std::string no_pem = WSPOOL_TEST_SOURCE_DIR "/CMakeLists.txt";
  options.tls.ca_file = no_pem;
  expect_refused(url(), errc::tls_configuration, "tls.ca_file: \"" + no_pem + "\"");
  options.tls = identity("client");
  options.tls.ca_file = authority_file();
  options.tls.certificate_file = no_pem;
  expect_refused(url(), errc::tls_configuration, "tls.certificate_file: \"" + no_pem + "\"");
  options.tls = identity("client");
  options.tls.ca_file = authority_file();
  options.tls.key_file = identity("server").key_file; // of another certificate
  expect_refused(url(), errc::tls_configuration, "tls.key_file: ");
  net::listen_options where;
  where.tls.certificate_file = no_pem;
  auto error = open(where);
  CAF_CHECK(error.code == errc::tls_configuration);
  CAF_CHECK(error.detail.find(no_pem) != std::string::npos);
}

CAF_TEST(a_server_without_tls_is_told) {
  scripted_server server{*context};
  auto result = std::make_shared<outcome>();
  auto operation = start_connect(*how, *this, "wss://" + server.address(), options, result);
  CAF_REQUIRE(run_until([&] { return server.size() == 1 && !server[0].received.empty(); }));
  server[0].send("HTTP/1.1 400 Bad Request\r\n\r\n");
  CAF_REQUIRE(run_until([&] { return result->called; }));
  CAF_MESSAGE(result->error.message());
  CAF_CHECK(result->error.code == errc::tls_failed);
  CAF_CHECK(result->error.detail.starts_with(server.address() + ": "));
}

CAF_TEST(a_server_that_hangs_up_is_told) {
  scripted_server server{*context};
  auto result = std::make_shared<outcome>();
  auto operation = start_connect(*how, *this, "wss://" + server.address(), options, result);
  CAF_REQUIRE(run_until([&] { return server.size() == 1 && !server[0].received.empty(); }));
  server[0].socket.close();
  CAF_REQUIRE(run_until([&] { return result->called; }));
  CAF_CHECK(result->error.code == errc::tls_failed);
}

CAF_TEST(a_server_that_says_nothing_is_told) {
  scripted_server server{*context};
  options.deadlines.handshake = 50ms;
  expect_refused("wss://" + server.address(), errc::connect_timeout,
                 "no TLS handshake within 50 ms");
}

CAF_TEST(a_cancelled_handshake_leaves_nothing) {
  scripted_server server{*context};
  auto before = open_descriptors();
  auto result = std::make_shared<outcome>();
  auto operation = start_connect(*how, *this, "wss://" + server.address(), options, result);
  CAF_REQUIRE(run_until([&] { return server.size() == 1 && !server[0].received.empty(); }));
  operation->cancel();
  operation.reset();
  CAF_CHECK(run_until([&] { return result.use_count() == 1 && server[0].ended; }));
  CAF_CHECK(!result->called);
  server[0].socket.close();
  CAF_CHECK_EQUAL(open_descriptors(), before);
}

CAF_TEST(a_client_that_says_nothing_is_dropped_by_its_server) {
  net::listen_options where;
  where.tls = identity("server");
  where.handshake = 50ms;
  CAF_REQUIRE(!open(where));
  auto silent = make_test_connector();
  auto result = std::make_shared<outcome>();
  auto operation = start_connect(*silent, *this, "ws://" + listener->address(), {}, result);
  CAF_REQUIRE(run_until([&] { return result->called; }));
  std::error_code end;
  result->stream->async_read([&](std::error_code error, std::string_view) { end = error; });
  CAF_CHECK(run_until([&] { return static_cast<bool>(end); }));
  CAF_CHECK(end == errc::end_of_stream);
  CAF_CHECK(accepted.empty());
}

CAF_TEST(a_name_with_a_star_is_that_of_hosts_with_one_label_more) {
  using net::name_matches;
  CAF_CHECK(name_matches("example.com", "EXAMPLE.com"));
  CAF_CHECK(name_matches("example.com", "example.com."));
  CAF_CHECK(!name_matches("example.com", "www.example.com"));
  CAF_CHECK(name_matches("*.example.com", "www.example.com"));
  CAF_CHECK(!name_matches("*.example.com", "example.com"));
  CAF_CHECK(!name_matches("*.example.com", ".example.com"));
  CAF_CHECK(!name_matches("*.example.com", "a.b.example.com"));
  CAF_CHECK(!name_matches("*.example.com", "wwwexample.com"));
  CAF_CHECK(!name_matches("example.com", ""));
}

CAF_TEST(contexts_are_shared_by_equal_options) {
  net::tls_contexts contexts;
  net::tls_context first;
  net::tls_context second;
  CAF_REQUIRE(!contexts.get(options.tls, first));
  CAF_REQUIRE(!contexts.get(options.tls, second));
  CAF_CHECK(first == second);
  options.tls.server_name = "other"; // belongs to a connection
  CAF_REQUIRE(!contexts.get(options.tls, second));
  CAF_CHECK(first == second);
  options.tls.verify = false;
  CAF_REQUIRE(!contexts.get(options.tls, second));
  CAF_CHECK(first != second);
}

CAF_TEST_FIXTURE_SCOPE_END()

} // namespace tls_test
