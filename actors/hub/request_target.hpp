// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace wspool {

// What a request's target (RFC 9112 §3.2.1: path and query) and headers say, decoded. Pure.

/// None if it is no such target.
[[nodiscard]] std::optional<std::string> path_of(std::string_view target);
/// The first parameter of that name; none if there is none, or nothing in it.
[[nodiscard]] std::optional<std::string> query_value(std::string_view target,
                                                     std::string_view name);

/// Without regard to the case of ASCII letters.
[[nodiscard]] bool same_text(std::string_view a, std::string_view b) noexcept;
/// Without blanks and tabs around it.
[[nodiscard]] std::string_view trimmed(std::string_view text) noexcept;
/// UTF-8 without control characters, of at most 255 bytes; may be empty.
[[nodiscard]] bool is_plain_name(std::string_view text) noexcept;

} // namespace wspool
