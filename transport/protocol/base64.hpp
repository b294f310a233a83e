// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <string>
#include <string_view>

namespace wspool::detail {

/// Bytes in Base64 (RFC 4648 §4).
[[nodiscard]] std::string base64(std::string_view bytes);

} // namespace wspool::detail
