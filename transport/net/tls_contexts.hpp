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
#include <string_view>
#include <utility>
#include <vector>

namespace wspool::net {

using tls_context = std::shared_ptr<boost::asio::ssl::context>;

/// Makes a context for clients (TLS 1.2 and later) or, with a certificate, for a listener.
/// @returns `errc::tls_configuration` with the file that could not be used.
[[nodiscard]] failure make_client_context(const tls_options& options, tls_context& result);
[[nodiscard]] failure make_server_context(const tls_options& options, tls_context& result);

/// The same for a listener with further certificates: who asks for one of their names (SNI) is
/// shown the first that fits. All else is as `options` say.
struct server_certificate {
  std::string name; ///< "example.com", or "*.example.com" for one label more
  std::string certificate_file;
  std::string key_file; ///< empty: in `certificate_file`
};
[[nodiscard]] failure make_server_context(const tls_options& options,
                                          const std::vector<server_certificate>& more,
                                          tls_context& result);

/// Whether a certificate's name, maybe with a "*" for its first label, is that of a host.
[[nodiscard]] bool name_matches(std::string_view name, std::string_view host) noexcept;

/// The subject of the certificate that a client showed, and that was found good, as of RFC 2253;
/// empty: none.
[[nodiscard]] std::string client_certificate(tls_socket& socket);

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
