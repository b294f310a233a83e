// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <chrono>

namespace wspool::net {

using tcp = boost::asio::ip::tcp;
using error_code = boost::system::error_code;

// Bound to the executor of io_context itself: Asio's default executor is type-erased, which costs
// an indirect call or two for every operation.
using executor = boost::asio::io_context::executor_type;
using tcp_socket = boost::asio::basic_stream_socket<tcp, executor>;
using tcp_acceptor = boost::asio::basic_socket_acceptor<tcp, executor>;
using steady_timer =
  boost::asio::basic_waitable_timer<std::chrono::steady_clock,
                                    boost::asio::wait_traits<std::chrono::steady_clock>, executor>;

} // namespace wspool::net
