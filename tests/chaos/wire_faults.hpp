// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "chaos/chance.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

namespace wspool::chaos {

// Bytes of a server that breaks RFC 6455, written past every library.

/// A frame as a server sends it (§5.2), or as none may: `first` is FIN, RSV and opcode.
[[nodiscard]] std::string raw_frame(std::uint8_t first, const std::string& payload);

/// A close frame with any code, legal or not; 0: without one.
[[nodiscard]] std::string close_frame(std::uint16_t code, const std::string& reason);

/// A frame that breaks the protocol in one of many ways.
[[nodiscard]] std::string broken_frame(chance& random);

/// The beginning of a frame, without its end.
[[nodiscard]] std::string truncated_frame(chance& random);

/// An answer to an upgrade request that is none.
[[nodiscard]] std::string broken_answer(chance& random);

/// A close code out of all that may be on the wire; 0: none.
[[nodiscard]] std::uint16_t any_close_code(chance& random);

} // namespace wspool::chaos
