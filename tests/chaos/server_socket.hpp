// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>

#include <array>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace wspool::chaos {

using tls_context_ptr = std::shared_ptr<boost::asio::ssl::context>;

/// A server's context for TLS with this certificate and key; throws what Asio throws.
[[nodiscard]] tls_context_ptr make_tls_context(const std::string& certificate_file,
                                               const std::string& key_file);

/// An accepted socket, plain or TLS, written on Asio alone: what tests a library must not stand on
/// it. Lives on one io_context. Handlers may be dropped when the socket is destroyed.
class server_socket {
public:
  using tcp = boost::asio::ip::tcp;
  using error_code = boost::system::error_code;
  using handler = std::function<void(error_code)>;
  using read_handler = std::function<void(error_code, std::string_view)>;

  /// Plain if there is no context.
  server_socket(tcp::socket socket, tls_context_ptr context);

  void handshake(handler done);
  void read(read_handler done);
  /// `bytes` must stay until then.
  void write(const std::string& bytes, handler done);
  /// No more from here; reading goes on.
  void half_close();
  /// Ends at once, by a reset on demand.
  void close(bool reset);

private:
  using tls_stream = boost::asio::ssl::stream<tcp::socket&>;

  tls_context_ptr context_;
  tcp::socket socket_;
  std::unique_ptr<tls_stream> tls_;
  std::array<char, 16 * 1024> buffer_;
};

} // namespace wspool::chaos
