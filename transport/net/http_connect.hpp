// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "net/proxy_handshake.hpp"

#include <cstdint>
#include <string>

namespace wspool::net {

/// A tunnel through an HTTP proxy by the CONNECT method (RFC 9110 §9.3.6).
class http_connect final : public proxy_handshake {
public:
  /// @param credentials "user:password" for basic authentication, or empty.
  http_connect(const std::string& host, std::uint16_t port, const std::string& credentials);

private:
  void proceed() override;
};

} // namespace wspool::net
