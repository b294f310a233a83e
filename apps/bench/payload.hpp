// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <cstddef>
#include <string>

namespace wspool::bench {

/// A text of that many bytes, as compressible as JSON is.
[[nodiscard]] std::string payload(std::size_t size_bytes);

} // namespace wspool::bench
