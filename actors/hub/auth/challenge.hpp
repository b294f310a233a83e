// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <wspool/authentication.hpp>

#include <string>

namespace wspool::auth {

/// What no token is told (RFC 6750 §3.1: without an error code).
[[nodiscard]] inline auth_verdict ask_for_token() {
  auto result = refuse_with(401, "A bearer token is needed.\n");
  result.headers.push_back({"WWW-Authenticate", "Bearer"});
  return result;
}

/// What a bad token is told. `why` must not quote it.
[[nodiscard]] inline auth_verdict refuse_token(const std::string& why) {
  auto result = refuse_with(401, why + "\n");
  result.headers.push_back({"WWW-Authenticate", "Bearer error=\"invalid_token\""});
  return result;
}

} // namespace wspool::auth
