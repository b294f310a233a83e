// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "net/asio_types.hpp"

#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>

#include <memory>
#include <utility>

namespace wspool::net {

/// A TLS stream with the context it was made from, which must outlive it.
struct tls_socket {
  std::shared_ptr<boost::asio::ssl::context> context;
  boost::asio::ssl::stream<tcp_socket> stream;

  tls_socket(tcp_socket socket, std::shared_ptr<boost::asio::ssl::context> tls_context)
    : context(std::move(tls_context)), stream(std::move(socket), *context) {
    // nop
  }
};

} // namespace wspool::net
