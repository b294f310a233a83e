// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <cstddef>
#include <string_view>

namespace wspool::detail {

/// Whether `text` is well-formed UTF-8 (RFC 3629): no overlong forms, no surrogates, nothing above
/// U+10FFFF, no cut-off character. Reads ASCII sixteen bytes at a time.
[[nodiscard]] bool valid_utf8(std::string_view text) noexcept;

/// The longest beginning of `text` that is valid UTF-8 and has at most `max_bytes` bytes.
[[nodiscard]] std::string_view utf8_prefix(std::string_view text, std::size_t max_bytes) noexcept;

/// Whether `text`, all of whose complete characters are valid, ends inside a character.
[[nodiscard]] bool ends_inside_character(std::string_view text) noexcept;

} // namespace wspool::detail
