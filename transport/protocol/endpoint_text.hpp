// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace wspool::detail {

/// A user's input within double quotes for an error's detail: control characters escaped, cut at
/// 200 bytes.
[[nodiscard]] std::string quote(std::string_view input);

/// A URL, however malformed, quoted without the password that it may hold.
[[nodiscard]] std::string quote_url(std::string_view url);

/// `host:port`, an IPv6 address in brackets.
[[nodiscard]] std::string host_and_port(std::string_view host, std::uint16_t port);

/// Whether the text is an IPv4 or IPv6 address rather than a name.
[[nodiscard]] bool is_address_literal(std::string_view host);

[[nodiscard]] std::string to_lower(std::string_view text);
[[nodiscard]] bool iequals(std::string_view lhs, std::string_view rhs) noexcept;

} // namespace wspool::detail
