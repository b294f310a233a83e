// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <wspool/byte_stream.hpp>

#include "net/asio_types.hpp"
#include "net/tls_socket.hpp"

#include <boost/asio/io_context.hpp>

#include <memory>

namespace wspool::net {

/// Takes over a connected socket of `context`.
[[nodiscard]] std::unique_ptr<byte_stream>
make_tcp_stream(std::shared_ptr<boost::asio::io_context> context, tcp_socket socket);

/// The same of one that was accepted from `peer`: who connects says something at once, so the first
/// read looks for it without waiting to be told.
[[nodiscard]] std::unique_ptr<byte_stream>
make_accepted_stream(std::shared_ptr<boost::asio::io_context> context, tcp_socket socket,
                     const boost::asio::ip::tcp::endpoint& peer);

/// Takes over a socket of `context` whose TLS handshake is done, or, with `as_server`, is to be
/// done by the first read, which fails with `errc::tls_failed` if that does. Until then nothing may
/// be written.
[[nodiscard]] std::unique_ptr<byte_stream>
make_tls_stream(std::shared_ptr<boost::asio::io_context> context,
                std::unique_ptr<tls_socket> socket, bool as_server = false);

} // namespace wspool::net
