// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "net/system_errors.hpp"

#include <wspool/error.hpp>

#include <boost/asio/error.hpp>
#include <boost/asio/ssl/error.hpp>

namespace wspool::net {

namespace asio = boost::asio;

std::error_code translate(const error_code& error) {
  // A peer that ends TLS without close_notify merely ended the connection: RFC 6455 has a closing
  // handshake of its own, so nothing can be cut off unnoticed.
  if (error == asio::error::eof || error == asio::ssl::error::stream_truncated)
    return make_error_code(errc::end_of_stream);
  if (error == asio::error::connection_reset || error == asio::error::connection_aborted
      || error == asio::error::broken_pipe || error == asio::error::timed_out)
    return make_error_code(errc::connection_reset);
  return error;
}

} // namespace wspool::net
