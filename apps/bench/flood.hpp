// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <cstddef>
#include <memory>
#include <string>

namespace wspool::bench {

/// Whole frames of text messages, some 256 KiB of them, made once for each kind.
///
/// Thread contract: one thread.
[[nodiscard]] std::shared_ptr<const std::string> flood_frames(std::size_t size_bytes, bool deflate);

} // namespace wspool::bench
