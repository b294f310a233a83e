// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/stream.hpp>

#include <memory>

namespace wspool::bench {

using plain_stream = boost::asio::ip::tcp::socket;
using secure_stream = boost::asio::ssl::stream<plain_stream>;

/// Serves one client of the peer until it is gone. The session owns itself.
void serve(std::unique_ptr<plain_stream> stream);
void serve(std::unique_ptr<secure_stream> stream);

} // namespace wspool::bench
