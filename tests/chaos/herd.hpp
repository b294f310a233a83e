// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <cstddef>
#include <cstdint>

namespace wspool::chaos {

/// A pool of so many connections loses its server in one moment: checks that the attempts to come
/// back spread as full jitter says, and that all are back in the end. Tells what it found.
/// @returns whether all was well.
[[nodiscard]] bool run_herd(std::size_t connections, std::uint64_t seed);

} // namespace wspool::chaos
