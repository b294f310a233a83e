// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "protocol/basic_credentials.hpp"

#include <openssl/evp.h>

#include <cstddef>

namespace wspool {

std::string basic_credentials(std::string_view user_and_password) {
  std::string encoded((user_and_password.size() + 2) / 3 * 4 + 1, '\0');
  auto count = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(encoded.data()),
                               reinterpret_cast<const unsigned char*>(user_and_password.data()),
                               static_cast<int>(user_and_password.size()));
  encoded.resize(static_cast<std::size_t>(count));
  return "Basic " + encoded;
}

} // namespace wspool
