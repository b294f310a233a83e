// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <string>
#include <string_view>

namespace wspool {

/// The value of an Authorization or Proxy-Authorization header for "user:password" (RFC 7617 §2).
[[nodiscard]] std::string basic_credentials(std::string_view user_and_password);

} // namespace wspool
