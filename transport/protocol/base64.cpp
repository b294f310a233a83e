// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "base64.hpp"

#include <openssl/evp.h>

#include <cstddef>

namespace wspool::detail {

std::string base64(std::string_view bytes) {
  std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0'); // OpenSSL puts a zero behind it
  const auto n = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                                 reinterpret_cast<const unsigned char*>(bytes.data()),
                                 static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(n));
  return text;
}

} // namespace wspool::detail
