// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <wspool/connect_options.hpp>
#include <wspool/error.hpp>

#include "net/tls_socket.hpp"

#include <boost/asio/ssl/context.hpp>

#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace wspool::net {

using tls_context = std::shared_ptr<boost::asio::ssl::context>;

/// Makes a context for clients (TLS 1.2 and later) or, with a certificate, for a listener.
/// @returns `errc::tls_configuration` with the file that could not be used.
[[nodiscard]] failure make_client_context(const tls_options& options, tls_context& result);
[[nodiscard]] failure make_server_context(const tls_options& options, tls_context& result);

/// Contexts of clients, one per distinct set of options: loading the system's authorities takes
/// milliseconds. Thread contract: any thread may call any member.
class tls_contexts {
public:
  [[nodiscard]] failure get(const tls_options& options, tls_context& result);

private:
  /// Programs have a handful of configurations; beyond this the oldest is forgotten.
  static constexpr std::size_t max_contexts = 16;

  std::mutex mutex_;
  std::vector<std::pair<std::string, tls_context>> contexts_; ///< oldest first
};

/// Says whom to expect at the other end: the name to ask for (SNI, RFC 6066 §3: names only) and to
/// verify the certificate against.
[[nodiscard]] failure expect_server(tls_socket& socket, const std::string& name, bool verify);

/// What a failed handshake means: an untrusted certificate with OpenSSL's reason, or else.
[[nodiscard]] failure describe_handshake_error(tls_socket& socket, const error_code& error,
                                               const std::string& name);

} // namespace wspool::net
