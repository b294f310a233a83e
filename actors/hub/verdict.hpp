// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "hub/entrance.hpp"
#include "protocol/codec.hpp"

#include <wspool/server_events.hpp>

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace wspool {

/// The bearer token of a request (RFC 6750): of `Authorization: Bearer` (§2.1), else the query's
/// `access_token` (§2.3), decoded. Empty if there is none, or if it is no token (b64token).
[[nodiscard]] std::string token_of(const upgrade_request& request);

/// RFC 6750 §2.1's b64token: letters, digits and "-._~+/", then any number of "=".
[[nodiscard]] bool is_bearer_token(std::string_view text) noexcept;

/// What a client is told: a status of 0 lets it in. Verdicts that make no sense (another status
/// than 400 to 599, an identity that no request could name) are refused with 500, one that is over
/// already with 401. `now` in seconds since 1970.
[[nodiscard]] entrance refusal_of(const auth_verdict& verdict, std::int64_t now);

/// How long a verdict is good for, a century at most. Precondition: not over.
[[nodiscard]] std::chrono::seconds time_left(std::int64_t expires, std::int64_t now);

} // namespace wspool
