// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <openssl/evp.h>

#include <memory>
#include <string>
#include <string_view>

namespace wspool::test {

// JSON Web Tokens as others make them, good and bad: with OpenSSL alone, not with the library that
// verifies them.

using pkey = std::shared_ptr<EVP_PKEY>;

[[nodiscard]] pkey make_rsa_key(unsigned bits = 2'048);
[[nodiscard]] pkey make_ec_key(const char* curve = "P-256");
/// The public half, PEM.
[[nodiscard]] std::string public_pem(const pkey& key);

[[nodiscard]] std::string base64url(std::string_view bytes);

/// "header.payload", to be signed.
[[nodiscard]] std::string unsigned_jwt(std::string_view header, std::string_view claims);
[[nodiscard]] std::string sign_hs256(const std::string& head, std::string_view secret);
[[nodiscard]] std::string sign_rs256(const std::string& head, const pkey& key);
[[nodiscard]] std::string sign_es256(const std::string& head, const pkey& key);

} // namespace wspool::test
