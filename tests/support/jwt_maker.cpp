// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "support/jwt_maker.hpp"

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <algorithm>
#include <cstddef>
#include <stdexcept>

namespace wspool::test {

namespace {

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

std::string sign_sha256(const std::string& what, const pkey& key) {
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context{EVP_MD_CTX_new(),
                                                                        EVP_MD_CTX_free};
  std::size_t size = 0;
  EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key.get());
  EVP_DigestSign(context.get(), nullptr, &size, bytes_of(what), what.size());
  std::string result(size, '\0');
  if (EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(result.data()), &size,
                     bytes_of(what), what.size())
      != 1)
    throw std::runtime_error{"cannot sign"};
  result.resize(size);
  return result;
}

} // namespace

pkey make_rsa_key(unsigned bits) { return {EVP_RSA_gen(bits), EVP_PKEY_free}; }

pkey make_ec_key(const char* curve) { return {EVP_EC_gen(curve), EVP_PKEY_free}; }

std::string public_pem(const pkey& key) {
  const std::unique_ptr<BIO, decltype(&BIO_free)> out{BIO_new(BIO_s_mem()), BIO_free};
  PEM_write_bio_PUBKEY(out.get(), key.get());
  char* data = nullptr;
  const auto size = BIO_get_mem_data(out.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

std::string base64url(std::string_view bytes) {
  std::string result((bytes.size() + 2) / 3 * 4 + 1, '\0');
  result.resize(
    static_cast<std::size_t>(EVP_EncodeBlock(reinterpret_cast<unsigned char*>(result.data()),
                                             bytes_of(bytes), static_cast<int>(bytes.size()))));
  std::replace(result.begin(), result.end(), '+', '-');
  std::replace(result.begin(), result.end(), '/', '_');
  result.erase(std::min(result.find('='), result.size()));
  return result;
}

std::string unsigned_jwt(std::string_view header, std::string_view claims) {
  return base64url(header) + "." + base64url(claims);
}

std::string sign_hs256(const std::string& head, std::string_view secret) {
  unsigned char digest[32];
  unsigned size = 0;
  HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()), bytes_of(head), head.size(),
       digest, &size);
  return head + "." + base64url({reinterpret_cast<const char*>(digest), size});
}

std::string sign_rs256(const std::string& head, const pkey& key) {
  return head + "." + base64url(sign_sha256(head, key));
}

std::string sign_es256(const std::string& head, const pkey& key) {
  const auto der = sign_sha256(head, key);
  const auto* at = bytes_of(der);
  const std::unique_ptr<ECDSA_SIG, decltype(&ECDSA_SIG_free)> parts{
    d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size())), ECDSA_SIG_free};
  unsigned char plain[64]; // RFC 7518 §3.4
  BN_bn2binpad(ECDSA_SIG_get0_r(parts.get()), plain, 32);
  BN_bn2binpad(ECDSA_SIG_get0_s(parts.get()), plain + 32, 32);
  return head + "." + base64url({reinterpret_cast<const char*>(plain), sizeof(plain)});
}

} // namespace wspool::test
