// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <string>
#include <string_view>

namespace wspool::detail {

/// A Sec-WebSocket-Key: 16 random bytes in Base64 (RFC 6455 §4.1).
///
/// Beast would draw one, too, but its generator hands out every block of 64 bytes sixteen times:
/// one key out of four handshakes would be new.
[[nodiscard]] std::string make_handshake_key();

/// The Sec-WebSocket-Accept that answers a key (RFC 6455 §4.2.2).
[[nodiscard]] std::string answer_to_key(std::string_view key);

} // namespace wspool::detail
