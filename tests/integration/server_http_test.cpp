// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE server_http

#include "support/live_pool.hpp"
#include "support/scratch_directory.hpp"
#include "support/unit_test.hpp"

#include <wspool/server.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

#include <string>

namespace server_http_test {

using namespace wspool;
using namespace wspool::test;

namespace {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;

struct fixture : live_pool {
  ~fixture() {
    if (server)
      caf::anon_send_exit(server, caf::exit_reason::kill);
  }

  void serve() {
    server = spawn_server(sys, io, served);
    caf::scoped_actor me{sys};
    compat::ask(me.ptr(), server, patience, address_atom_v)
      .receive([&](listen_report& x) { address = x.addresses.at(0); },
               [&](const caf::error& e) { CAF_FAIL(render(sys, e)); });
  }

  /// The whole answer, until the server ends the connection in order.
  std::string get(const std::string& path, const std::string& more = {}) {
    asio::io_context context;
    tcp::socket socket{context};
    const auto port = std::stoul(address.substr(address.rfind(':') + 1));
    socket.connect({asio::ip::make_address("127.0.0.1"), static_cast<std::uint16_t>(port)});
    asio::write(socket, asio::buffer("GET " + path + " HTTP/1.1\r\nHost: x\r\n" + more + "\r\n"));
    std::string answer;
    boost::system::error_code end;
    asio::read(socket, asio::dynamic_buffer(answer), end);
    CAF_CHECK(end == asio::error::eof);
    return answer;
  }

  server_options served;
  server_actor server;
  std::string address;
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(server_http_tests, fixture)

CAF_TEST(a_large_file_arrives_whole_while_clients_talk) {
  const scratch_directory site;
  std::string large;
  for (std::size_t i = 0; large.size() < 5'000'000; ++i)
    large += std::to_string(i) + '\n';
  site.write("large.txt", large);
  served.http.files = {{"/files/", site.path()}};
  serve();
  CAF_REQUIRE(start_open("ws://" + address + "/", 3));
  const auto answer = get("/files/large.txt");
  CAF_CHECK(answer.starts_with("HTTP/1.1 200 OK\r\n"));
  CAF_CHECK(answer.find("\r\nContent-Type: text/plain; charset=utf-8\r\n") != std::string::npos);
  CAF_CHECK(answer.ends_with("\r\n\r\n" + large));
  const auto metrics = get("/metrics");
  CAF_CHECK(metrics.find("wspool_server_clients{server=\"server\"} 3\n") != std::string::npos);
  CAF_CHECK(metrics.find("wspool_server_http_total{status=\"200\",server=\"server\"} 1\n")
            != std::string::npos);
  CAF_CHECK_EQUAL(stats().connections.size(), 3u);
}

CAF_TEST(a_broken_upgrade_is_refused_and_not_answered_as_a_page) {
  serve();
  const auto old = get("/", "Upgrade: websocket\r\nConnection: Upgrade\r\n"
                            "Sec-WebSocket-Version: 8\r\n");
  CAF_CHECK(old.starts_with("HTTP/1.1 426 "));
  caf::scoped_actor me{sys};
  compat::ask(me.ptr(), server, patience, stats_atom_v)
    .receive(
      [](const server_stats& x) {
        CAF_CHECK_EQUAL(x.refused.at(426), 1u);
        CAF_CHECK(x.http.empty());
      },
      [&](const caf::error& e) { CAF_FAIL(render(sys, e)); });
}

CAF_TEST_FIXTURE_SCOPE_END()

} // namespace server_http_test
