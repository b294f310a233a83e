// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "net/tls_contexts.hpp"

#include "protocol/ascii.hpp"
#include "protocol/endpoint_text.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/ssl/verify_context.hpp>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <algorithm>

namespace wspool::net {

namespace asio = boost::asio;
namespace ssl = boost::asio::ssl;

namespace {

failure file_error(std::string_view field, const std::string& file, const error_code& error) {
  return {errc::tls_configuration,
          std::string{field} + ": " + detail::quote(file) + ": " + error.message()};
}

failure load_certificate(ssl::context& context, const tls_options& options) {
  error_code error;
  // OpenSSL would ask at the terminal.
  context.set_password_callback(
    [](std::size_t, ssl::context::password_purpose) { return std::string{}; });
  context.use_certificate_chain_file(options.certificate_file, error);
  if (error)
    return file_error("tls.certificate_file", options.certificate_file, error);
  const auto& key = options.key_file.empty() ? options.certificate_file : options.key_file;
  context.use_private_key_file(key, ssl::context::pem, error);
  if (error)
    return file_error("tls.key_file", key, error);
  return {};
}

failure make_context(ssl::context::method method, tls_context& result) {
  // Asio's constructor throws when OpenSSL has no memory or is misconfigured.
  try {
    result = std::make_shared<ssl::context>(method);
  } catch (const boost::system::system_error& e) {
    return {errc::tls_configuration, e.what()};
  }
  SSL_CTX_set_min_proto_version(result->native_handle(), TLS1_2_VERSION);
  SSL_CTX_set_options(result->native_handle(), SSL_OP_NO_RENEGOTIATION);
  // Idle connections are many: OpenSSL need not keep its buffers for them.
  SSL_CTX_set_mode(result->native_handle(), SSL_MODE_RELEASE_BUFFERS);
  return {};
}

std::string cache_key(const tls_options& options) {
  // The server's name is set on each connection; file names cannot hold a zero byte.
  std::string key{options.verify ? "1" : "0"};
  for (const auto* part : {&options.ca_file, &options.certificate_file, &options.key_file}) {
    key += '\0';
    key += *part;
  }
  return key;
}

} // namespace

failure make_client_context(const tls_options& options, tls_context& result) {
  tls_context context;
  if (auto error = make_context(ssl::context::tls_client, context))
    return error;
  error_code error;
  if (!options.verify) {
    context->set_verify_mode(ssl::verify_none, error);
  } else {
    context->set_verify_mode(ssl::verify_peer, error);
    if (options.ca_file.empty())
      context->set_default_verify_paths(error);
    else
      context->load_verify_file(options.ca_file, error);
    if (error)
      return file_error("tls.ca_file", options.ca_file, error);
  }
  if (!options.certificate_file.empty())
    if (auto wrong = load_certificate(*context, options))
      return wrong;
  result = std::move(context);
  return {};
}

failure make_server_context(const tls_options& options, tls_context& result) {
  if (options.certificate_file.empty())
    return {errc::tls_configuration, "tls.certificate_file: a listener needs a certificate"};
  tls_context context;
  if (auto error = make_context(ssl::context::tls_server, context))
    return error;
  if (auto wrong = load_certificate(*context, options))
    return wrong;
  // Tickets carry sessions; OpenSSL refuses to resume one for a verified client without a name for
  // the service it belongs to.
  SSL_CTX_set_session_cache_mode(context->native_handle(), SSL_SESS_CACHE_OFF);
  static constexpr unsigned char service[] = "wspool";
  SSL_CTX_set_session_id_context(context->native_handle(), service, sizeof(service) - 1);
  // With authorities of its own a listener asks its clients for certificates.
  if (!options.ca_file.empty()) {
    error_code error;
    context->load_verify_file(options.ca_file, error);
    if (error)
      return file_error("tls.ca_file", options.ca_file, error);
    auto mode =
      options.verify ? ssl::verify_peer | ssl::verify_fail_if_no_peer_cert : ssl::verify_peer;
    context->set_verify_mode(mode, error);
  }
  result = std::move(context);
  return {};
}

// -- certificates by name ------------------------------------------------------------------------

namespace {

/// A listener's context with those that take its place, which it outlives by nobody.
struct named_contexts {
  tls_context main;
  std::vector<std::pair<std::string, tls_context>> more;
};

/// RFC 6066 §3: who asks for a name that is not there gets the main certificate, and judges it.
int choose_certificate(SSL* connection, int*, void* table) {
  const char* host = SSL_get_servername(connection, TLSEXT_NAMETYPE_host_name);
  if (host == nullptr)
    return SSL_TLSEXT_ERR_NOACK;
  for (const auto& [name, context] : static_cast<const named_contexts*>(table)->more) {
    if (!name_matches(name, host))
      continue;
    SSL_set_SSL_CTX(connection, context->native_handle());
    return SSL_TLSEXT_ERR_OK;
  }
  return SSL_TLSEXT_ERR_NOACK;
}

} // namespace

bool name_matches(std::string_view name, std::string_view host) noexcept {
  if (host.ends_with('.'))
    host.remove_suffix(1);
  if (name.starts_with("*.")) { // RFC 6125 §6.4.3: exactly one label
    const auto dot = host.find('.');
    if (dot == 0 || dot == std::string_view::npos)
      return false;
    name.remove_prefix(1);
    host.remove_prefix(dot);
  }
  return std::equal(name.begin(), name.end(), host.begin(), host.end(),
                    [](char a, char b) { return detail::lower(a) == detail::lower(b); });
}

failure make_server_context(const tls_options& options, const std::vector<server_certificate>& more,
                            tls_context& result) {
  auto table = std::make_shared<named_contexts>();
  if (auto wrong = make_server_context(options, table->main))
    return wrong;
  for (const auto& one : more) {
    auto named = options; // the authorities, too, are those of the context that serves
    named.certificate_file = one.certificate_file;
    named.key_file = one.key_file;
    tls_context context;
    if (auto wrong = make_server_context(named, context))
      return wrong;
    table->more.emplace_back(one.name, std::move(context));
  }
  auto* handle = table->main->native_handle();
  SSL_CTX_set_tlsext_servername_callback(handle, choose_certificate);
  SSL_CTX_set_tlsext_servername_arg(handle, table.get());
  auto* main = table->main.get();
  result = tls_context{std::move(table), main}; // the table lives as long
  return {};
}

std::string client_certificate(tls_socket& socket) {
  auto* handle = socket.stream.native_handle();
  const std::unique_ptr<X509, decltype(&X509_free)> shown{SSL_get1_peer_certificate(handle),
                                                          X509_free};
  if (!shown || SSL_get_verify_result(handle) != X509_V_OK)
    return {};
  const std::unique_ptr<BIO, decltype(&BIO_free)> out{BIO_new(BIO_s_mem()), BIO_free};
  if (!out)
    return {};
  X509_NAME_print_ex(out.get(), X509_get_subject_name(shown.get()), 0, XN_FLAG_RFC2253);
  char* text = nullptr;
  const auto size = BIO_get_mem_data(out.get(), &text);
  return size > 0 ? std::string{text, static_cast<std::size_t>(size)} : std::string{};
}

} // namespace wspool::net

namespace wspool {

failure check_files(const tls_options& options) {
  if (options.ca_file.empty() && options.certificate_file.empty())
    return {};
  auto named = options;
  named.verify = !options.ca_file.empty(); // the system's authorities are none of our business
  net::tls_context ignored;
  return net::make_client_context(named, ignored);
}

} // namespace wspool

namespace wspool::net {

failure tls_contexts::get(const tls_options& options, tls_context& result) {
  auto key = cache_key(options);
  std::lock_guard lock{mutex_};
  auto found = std::find_if(contexts_.begin(), contexts_.end(),
                            [&](const auto& entry) { return entry.first == key; });
  if (found != contexts_.end()) {
    result = found->second;
    return {};
  }
  if (auto error = make_client_context(options, result))
    return error;
  if (contexts_.size() >= max_contexts)
    contexts_.erase(contexts_.begin());
  contexts_.emplace_back(std::move(key), result);
  return {};
}

failure expect_server(tls_socket& socket, const std::string& name, bool verify) {
  auto* handle = socket.stream.native_handle();
  if (!detail::is_address_literal(name) && SSL_set_tlsext_host_name(handle, name.c_str()) != 1)
    return {errc::tls_failed, detail::quote(name) + " cannot be asked for as a server's name"};
  if (!verify)
    return {};
  error_code error;
  socket.stream.set_verify_callback(
    [check = ssl::host_name_verification{name}](bool trusted, ssl::verify_context& chain) {
      auto accepted = check(trusted, chain);
      // OpenSSL does not know why a callback says no.
      if (trusted && !accepted)
        X509_STORE_CTX_set_error(chain.native_handle(), X509_V_ERR_HOSTNAME_MISMATCH);
      return accepted;
    },
    error);
  if (error)
    return {errc::tls_failed, error.message()};
  return {};
}

failure describe_handshake_error(tls_socket& socket, const error_code& error,
                                 const std::string& name) {
  auto verdict = SSL_get_verify_result(socket.stream.native_handle());
  if (verdict != X509_V_OK && error.category() == asio::error::get_ssl_category()
      && SSL_get_verify_mode(socket.stream.native_handle()) != SSL_VERIFY_NONE) {
    std::string detail = X509_verify_cert_error_string(verdict);
    if (verdict == X509_V_ERR_HOSTNAME_MISMATCH)
      detail += ": the certificate is not for " + detail::quote(name);
    return {errc::certificate_invalid, std::move(detail)};
  }
  if (error == asio::error::eof || error == ssl::error::stream_truncated)
    return {errc::tls_failed, "the peer ended the connection during the handshake"};
  return {errc::tls_failed, error.message()};
}

} // namespace wspool::net
