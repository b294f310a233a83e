// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "chaos/server_socket.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>

#include <utility>

namespace wspool::chaos {

namespace asio = boost::asio;

tls_context_ptr make_tls_context(const std::string& certificate_file, const std::string& key_file) {
  auto result = std::make_shared<asio::ssl::context>(asio::ssl::context::tls_server);
  result->use_certificate_chain_file(certificate_file);
  result->use_private_key_file(key_file, asio::ssl::context::pem);
  return result;
}

server_socket::server_socket(tcp::socket socket, tls_context_ptr context)
  : context_(std::move(context)), socket_(std::move(socket)) {
  error_code ignored;
  socket_.set_option(tcp::no_delay{true}, ignored);
  if (context_)
    tls_ = std::make_unique<tls_stream>(socket_, *context_);
}

void server_socket::handshake(handler done) {
  if (tls_)
    return tls_->async_handshake(asio::ssl::stream_base::server, std::move(done));
  asio::post(socket_.get_executor(), [done = std::move(done)] { done({}); });
}

void server_socket::read(read_handler done) {
  auto on_read = [this, done = std::move(done)](error_code ec, std::size_t count) {
    done(ec, {buffer_.data(), count});
  };
  if (tls_)
    tls_->async_read_some(asio::buffer(buffer_), std::move(on_read));
  else
    socket_.async_read_some(asio::buffer(buffer_), std::move(on_read));
}

void server_socket::write(const std::string& bytes, handler done) {
  auto on_written = [done = std::move(done)](error_code ec, std::size_t) { done(ec); };
  if (tls_)
    asio::async_write(*tls_, asio::buffer(bytes), std::move(on_written));
  else
    asio::async_write(socket_, asio::buffer(bytes), std::move(on_written));
}

void server_socket::half_close() {
  error_code ignored;
  socket_.shutdown(tcp::socket::shutdown_send, ignored);
}

void server_socket::close(bool reset) {
  error_code ignored;
  if (reset)
    socket_.set_option(asio::socket_base::linger{true, 0}, ignored);
  socket_.close(ignored);
}

} // namespace wspool::chaos
