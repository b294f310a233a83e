// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "certificate.hpp"

#include <openssl/evp.h>
#include <openssl/x509.h>

#include <memory>
#include <stdexcept>

namespace wspool::bench {

namespace {

constexpr long valid_seconds = 24 * 60 * 60;

void check(bool good) {
  if (!good)
    throw std::runtime_error("OpenSSL could not make a certificate");
}

} // namespace

void use_fresh_certificate(boost::asio::ssl::context& context) {
  std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key{EVP_EC_gen("P-256"), &EVP_PKEY_free};
  std::unique_ptr<X509, decltype(&X509_free)> certificate{X509_new(), &X509_free};
  check(key && certificate);
  auto* x = certificate.get();
  check(X509_set_version(x, X509_VERSION_3) == 1);
  check(ASN1_INTEGER_set(X509_get_serialNumber(x), 1) == 1);
  check(X509_gmtime_adj(X509_getm_notBefore(x), 0) != nullptr);
  check(X509_gmtime_adj(X509_getm_notAfter(x), valid_seconds) != nullptr);
  auto* name = X509_get_subject_name(x);
  auto* text = reinterpret_cast<const unsigned char*>("localhost");
  check(X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, text, -1, -1, 0) == 1);
  check(X509_set_issuer_name(x, name) == 1 && X509_set_pubkey(x, key.get()) == 1);
  check(X509_sign(x, key.get(), EVP_sha256()) > 0);
  check(SSL_CTX_use_certificate(context.native_handle(), x) == 1);
  check(SSL_CTX_use_PrivateKey(context.native_handle(), key.get()) == 1);
}

} // namespace wspool::bench
