// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "protocol/codec.hpp"

#include <wspool/connect_options.hpp>
#include <wspool/endpoint.hpp>

#include <string>

namespace wspool {

/// The opening of one attempt: what the upgrade request says, and where a redirect leads. Pure but
/// for the header provider that it asks.
class opening {
public:
  opening(const connect_options& options, endpoint target, std::uint32_t attempt, bool refresh);

  [[nodiscard]] const endpoint& target() const noexcept { return target_; }

  /// Asks the header provider and puts the request together (RFC 6455 §4.1).
  /// @returns a failure for a header that must not be sent.
  [[nodiscard]] failure make_request(handshake_request& request) const;

  [[nodiscard]] static bool is_redirect(unsigned status) noexcept;

  /// Follows a redirect. Credentials do not go to another origin, and never from wss to ws.
  /// @returns a failure if it must not be followed; then the refusal stands.
  [[nodiscard]] failure follow(const upgrade_response& response);

private:
  void add_credentials(std::vector<header>& headers) const;

  const connect_options& options_;
  endpoint first_;
  endpoint target_;
  std::uint32_t attempt_;
  bool refresh_;
  std::uint32_t redirects_ = 0;
};

} // namespace wspool
