// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "protocol/codec.hpp"

#include <wspool/server_options.hpp>

#include <string>
#include <string_view>

namespace wspool {

/// What a request comes to: let in as somebody, or refused.
struct entrance {
  unsigned status = 0;         ///< of the refusal; 0: let in
  std::vector<header> headers; ///< of the refusal
  std::string body;            ///< of the refusal

  std::string space;
  std::string identity;
  std::string subprotocol; ///< the chosen one, or empty
};

/// Judges a complete request by the options alone. Pure.
[[nodiscard]] entrance judge(const upgrade_request& request, const entrance_options& options);

/// Whether an Origin header's value matches an entry of the allow-list. Scheme and host are
/// compared without regard to case; "*." stands for one or more labels.
[[nodiscard]] bool origin_matches(std::string_view rule, std::string_view origin) noexcept;

/// Under which address a peer is counted: without its port, of IPv6 without the last 64 bits. An
/// address of IPv4 that is mapped to one of IPv6 is the same as by itself.
[[nodiscard]] std::string address_of(std::string_view peer);

} // namespace wspool
