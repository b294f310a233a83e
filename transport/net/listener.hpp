// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <wspool/byte_stream.hpp>
#include <wspool/connect_options.hpp>
#include <wspool/error.hpp>
#include <wspool/io_pool.hpp>

#include "net/tls_contexts.hpp"

#include <boost/asio/io_context.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace wspool::net {

/// Where to listen, and how what connects is secured.
struct listen_options {
  /// "host:port", an IPv6 address in brackets; no host or `*`: every IPv4 address. Port 0: any.
  std::string address = "127.0.0.1:0";
  /// TLS if a certificate is given; with `ca_file`, clients need certificates too.
  tls_options tls;
  std::vector<server_certificate> certificates; ///< for further names
  /// Hands connections over before their TLS handshake, which their first read then does, and whose
  /// deadline is the owner's: so nobody is secured who is not wanted.
  bool secure_later = false;
  /// For the TLS handshake of one connection; zero: none.
  std::chrono::milliseconds handshake{10'000};
  bool no_delay = true;
};

/// Accepts connections and spreads them over a pool's threads.
///
/// Thread contract: any thread may call any member; the pool must outlive the listener.
class listener {
public:
  /// Runs on the given io_context, once for each connection that is ready for use.
  using accept_handler = std::function<void(const std::shared_ptr<boost::asio::io_context>&,
                                            std::unique_ptr<byte_stream>)>;

  /// Listens, at once. @returns `errc::invalid_option`, `errc::resolve_failed`,
  /// `errc::tls_configuration`, `errc::address_in_use` or `errc::io_error`, naming the address.
  [[nodiscard]] static failure open(io_pool& pool, const listen_options& options,
                                    accept_handler on_accept, std::unique_ptr<listener>& result);

  listener(const listener&) = delete;
  listener& operator=(const listener&) = delete;
  /// Calls `stop()`.
  ~listener();

  [[nodiscard]] std::uint16_t port() const noexcept;
  /// "host:port" as listened on, with the port that the system chose.
  [[nodiscard]] std::string address() const;

  /// Reads certificates and keys again. `commit` then makes them those of handshakes to come; it
  /// may be called on any thread, as long as this listener lives. Empty without TLS.
  /// @returns `errc::tls_configuration` with the file that is of no use
  [[nodiscard]] failure reload(std::function<void()>& commit);

  /// Stops listening soon. A handler that runs meanwhile may still be given a connection.
  void stop();

private:
  class state;
  listener(std::shared_ptr<boost::asio::io_context> context, std::shared_ptr<state> impl);

  // Declared first and so released last: the acceptor needs its io_context to the end.
  std::shared_ptr<boost::asio::io_context> context_;
  std::shared_ptr<state> state_;
};

} // namespace wspool::net
