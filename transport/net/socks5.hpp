// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "net/proxy_handshake.hpp"

#include <cstdint>
#include <string>

namespace wspool::net {

/// A tunnel through a SOCKS5 proxy (RFC 1928), with or without user name and password (RFC 1929).
///
///     greeting --method--> [authentication --ok-->] request --reply--> done
class socks5 final : public proxy_handshake {
public:
  /// @param host an address, or a name that the proxy resolves.
  socks5(const std::string& host, std::uint16_t port, std::string user, std::string password);

private:
  enum class phase { greeting, authentication, request };

  void proceed() override;
  void on_method();
  void on_authentication();
  void on_reply();
  void write_request();

  phase phase_ = phase::greeting;
  std::string host_;
  std::uint16_t port_;
  std::string user_;
  std::string password_;
};

} // namespace wspool::net
