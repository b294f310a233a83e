// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include <wspool/authentication.hpp>

#include <utility>

namespace wspool {

auth_verdict accept_as(std::string identity, std::int64_t expires) {
  auth_verdict result;
  result.identity = std::move(identity);
  result.expires = expires;
  return result;
}

auth_verdict refuse_with(std::uint16_t status, std::string body) {
  auth_verdict result;
  result.status = status;
  result.body = std::move(body);
  return result;
}

} // namespace wspool
