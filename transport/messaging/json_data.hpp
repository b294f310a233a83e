// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "messaging/publication.hpp"

namespace wspool::detail {

/// For dialects that know only JSON: bytes become a string of Base64 (RFC 4648 §4).
[[nodiscard]] boost::json::value as_json(const payload& data);

/// 1e400 is JSON, but an infinity here, and no text stands for that: Boost.JSON would write one
/// that no parser takes. Recursive: the depth must be limited.
[[nodiscard]] bool can_be_written(const boost::json::value& x);

} // namespace wspool::detail
