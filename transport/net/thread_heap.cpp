// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "net/thread_heap.hpp"

#include <array>
#include <cstddef>
#include <cstdlib>

namespace wspool {

void reserve_thread_heap() noexcept {
  // Larger ones would be mapped each by itself (M_MMAP_THRESHOLD).
  constexpr std::size_t block_bytes = 120 * 1024;
  // Volatile: a compiler may leave out what is allocated and freed only.
  std::array<void* volatile, 32 * 1024 * 1024 / block_bytes> blocks;
  for (auto& block : blocks)
    block = std::malloc(block_bytes);
  for (auto& block : blocks) // ascending, so that the heap is trimmed once, at the end
    std::free(block);
}

} // namespace wspool
