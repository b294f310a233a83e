// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <wspool/server_options.hpp>

#include <cstddef>

namespace wspool {

/// What permessage-deflate takes of one connection, about: of zlib's two halves, the compressor
/// keeps a window twice, with a table as large, and the decompressor its window; the rest are
/// tables and buffers.
[[nodiscard]] constexpr std::size_t deflate_bytes(const deflate_options& options) noexcept {
  return (std::size_t{4} << options.server_window_bits)
         + (std::size_t{1} << options.client_window_bits) + 24 * 1024;
}

/// Whether one more client may compress. Pure.
class compression_budget {
public:
  explicit compression_budget(const server_options& options)
    : each_(deflate_bytes(options.deflate)), most_(options.max_deflate_bytes) {}

  [[nodiscard]] bool take() noexcept {
    if (most_ != 0 && taken_ + each_ > most_)
      return false;
    taken_ += each_;
    return true;
  }
  void give_back() noexcept { taken_ -= each_; }
  [[nodiscard]] std::size_t taken() const noexcept { return taken_; }

private:
  std::size_t each_;
  std::size_t most_;
  std::size_t taken_ = 0;
};

} // namespace wspool
