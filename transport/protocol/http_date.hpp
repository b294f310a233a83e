// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace wspool {

/// A date of an HTTP header in any of its three forms (RFC 9110 §5.6.7), or nothing.
[[nodiscard]] std::optional<std::chrono::sys_seconds>
parse_http_date(std::string_view text) noexcept;

/// How long a `Retry-After` header asks to wait: seconds or a date (RFC 9110 §10.2.3). Zero for a
/// date in the past, a year at most, nothing for anything else.
[[nodiscard]] std::optional<std::chrono::seconds>
parse_retry_after(std::string_view value, std::chrono::sys_seconds now) noexcept;

} // namespace wspool
