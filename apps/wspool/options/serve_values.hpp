// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <wspool/server_options.hpp>

#include <string>
#include <string_view>

namespace wspool::cli {

// How values of `serve` are written that have parts. Each `parse_` takes the text apart, if it can;
// each `expected_` says what would have been right, and nothing if the text is.

inline constexpr std::string_view plain_scheme = "ws://";
inline constexpr std::string_view tls_scheme = "wss://";

/// "HOST:PORT" of "wss://HOST:PORT".
[[nodiscard]] std::string without_scheme(const std::string& text);
[[nodiscard]] std::string expected_listen(const std::string& text);

/// "NAME=CERTIFICATE" or "NAME=CERTIFICATE,KEY".
bool parse_named_certificate(const std::string& text, named_certificate& result);
[[nodiscard]] std::string expected_named_certificate(const std::string& text);

/// "/assets/=DIRECTORY".
bool parse_files(const std::string& text, http_files& result);
[[nodiscard]] std::string expected_files(const std::string& text);

/// "path:/ws/", "query:space", "header:X-Space".
bool parse_field(const std::string& text, request_field& result);
[[nodiscard]] std::string expected_field(const std::string& text);

[[nodiscard]] std::string expected_dialect(const std::string& text);

} // namespace wspool::cli
