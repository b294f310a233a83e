// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "handshake_key.hpp"

#include "base64.hpp"
#include "random_bytes.hpp"

#include <openssl/evp.h>

#include <array>
#include <stdexcept>

namespace wspool::detail {

namespace {

/// OpenSSL looks an algorithm up by its name, which takes longer than a digest: once will do.
const EVP_MD* sha1() {
  static const auto* const algorithm = EVP_MD_fetch(nullptr, "SHA1", nullptr);
  if (algorithm == nullptr)
    throw std::runtime_error("OpenSSL has no SHA-1, which RFC 6455 §4.2.2 asks for");
  return algorithm;
}

} // namespace

std::string make_handshake_key() {
  std::array<char, 16> nonce;
  fill_random(nonce.data(), nonce.size());
  return base64({nonce.data(), nonce.size()});
}

std::string answer_to_key(std::string_view key) {
  std::string text{key};
  text += "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  std::array<char, 20> digest;
  unsigned size = digest.size();
  if (EVP_Digest(text.data(), text.size(), reinterpret_cast<unsigned char*>(digest.data()), &size,
                 sha1(), nullptr)
      != 1)
    throw std::runtime_error("OpenSSL's SHA-1 failed");
  return base64({digest.data(), size});
}

} // namespace wspool::detail
