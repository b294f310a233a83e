// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <wspool/authenticators.hpp>

#include <string>

namespace wspool::auth {

/// Reads a key that is good for the algorithm and for nothing else: a public key, which everybody
/// has, must never become a shared secret.
/// @returns `errc::io_error` or `errc::invalid_option`, naming the file
[[nodiscard]] failure load_jwt_key(const std::string& file, jwt_algorithm algorithm,
                                   std::string& key);

} // namespace wspool::auth
