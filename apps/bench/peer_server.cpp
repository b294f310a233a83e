// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "peer_server.hpp"

#include "certificate.hpp"
#include "machine.hpp"
#include "peer_session.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>

#include <cstdio>
#include <functional>
#include <memory>

namespace wspool::bench {

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

/// Takes clients for good.
class door {
public:
  using welcome = std::function<void(tcp::socket)>;

  door(asio::io_context& context, welcome f)
    : acceptor_(context, {asio::ip::address_v4::loopback(), 0}), welcome_(std::move(f)) {
    accept();
  }

  [[nodiscard]] unsigned port() const { return acceptor_.local_endpoint().port(); }

private:
  void accept() {
    acceptor_.async_accept([this](error_code ec, tcp::socket socket) {
      if (!ec)
        welcome_(std::move(socket));
      accept();
    });
  }

  tcp::acceptor acceptor_;
  welcome welcome_;
};

} // namespace

void run_peer() {
  raise_file_limit();
  asio::ssl::context tls{asio::ssl::context::tls_server};
  use_fresh_certificate(tls);
  asio::io_context context{1};
  door plain{context,
             [](tcp::socket socket) { serve(std::make_unique<plain_stream>(std::move(socket))); }};
  door secure{context, [&tls](tcp::socket socket) {
                serve(std::make_unique<secure_stream>(std::move(socket), tls));
              }};
  std::printf("%u %u\n", plain.port(), secure.port());
  std::fflush(stdout);
  context.run();
}

} // namespace wspool::bench
