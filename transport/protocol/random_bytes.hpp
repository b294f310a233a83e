// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <cstddef>

namespace wspool::detail {

/// Fills a few bytes with what a peer cannot foresee: from the kernel's generator, drawn many at a
/// time, because one at a time the call would cost more than a frame. Precondition: at most 64.
/// @throws std::system_error if there is no generator.
void fill_random(char* to, std::size_t size);

} // namespace wspool::detail
