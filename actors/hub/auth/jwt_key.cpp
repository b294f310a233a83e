// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "hub/auth/jwt_key.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <cstddef>
#include <fstream>
#include <iterator>
#include <memory>
#include <utility>

namespace wspool::auth {

namespace {

constexpr std::size_t longest_file = 64 * 1024;
constexpr std::size_t shortest_secret = 32; // RFC 7518 §3.2: not shorter than the hash
constexpr int shortest_modulus = 2'048;     // RFC 7518 §3.3

using bio = std::unique_ptr<BIO, decltype(&BIO_free)>;
using public_key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;

public_key read_public_key(const std::string& pem) {
  bio in{BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), BIO_free};
  public_key result{PEM_read_bio_PUBKEY(in.get(), nullptr, nullptr, nullptr), EVP_PKEY_free};
  ERR_clear_error();
  return result;
}

bool is_p256(const EVP_PKEY* key) {
  char name[32] = {};
  std::size_t length = 0;
  return EVP_PKEY_get_base_id(key) == EVP_PKEY_EC
         && EVP_PKEY_get_group_name(key, name, sizeof(name), &length) == 1
         && std::string_view{name, length} == "prime256v1";
}

std::string what_is_wrong(const std::string& text, jwt_algorithm algorithm) {
  if (algorithm == jwt_algorithm::hs256) {
    if (text.find("-----BEGIN ") != std::string::npos)
      return "is a key in PEM, not a secret";
    return text.size() < shortest_secret ? "a secret needs at least 32 bytes" : "";
  }
  const auto key = read_public_key(text);
  if (!key)
    return "is no public key in PEM";
  if (algorithm == jwt_algorithm::es256)
    return is_p256(key.get()) ? "" : "is no key on P-256";
  if (EVP_PKEY_get_base_id(key.get()) != EVP_PKEY_RSA)
    return "is no RSA key";
  return EVP_PKEY_get_bits(key.get()) < shortest_modulus ? "an RSA key needs at least 2048 bits"
                                                         : "";
}

} // namespace

failure load_jwt_key(const std::string& file, jwt_algorithm algorithm, std::string& key) {
  std::ifstream in{file, std::ios::binary};
  std::string text{std::istreambuf_iterator<char>{in}, {}};
  const auto where = "key_file: \"" + file + "\": ";
  if (!in.is_open() || in.bad() || text.empty())
    return {errc::io_error, where + "cannot be read, or is empty"};
  if (text.size() > longest_file)
    return {errc::invalid_option, where + "is too large for a key"};
  if (algorithm == jwt_algorithm::hs256 && text.ends_with('\n'))
    text.pop_back();
  if (auto wrong = what_is_wrong(text, algorithm); !wrong.empty())
    return {errc::invalid_option, where + wrong};
  key = std::move(text);
  return {};
}

} // namespace wspool::auth
