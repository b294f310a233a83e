// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "protocol/codec.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

namespace wspool {

/// The messages of a batch, compressed once for all receivers with the same window: each by the
/// first of them that asks. What nobody asks for costs nothing.
///
/// Receivers live on several threads. One that asks while another compresses the same message
/// waits for it, which takes no longer than to do it itself; all others go on.
class deflated_frames {
public:
  /// @param i the message's number, below `count`, which is always the same
  /// @param make appends its frame to a string
  template <class F>
  [[nodiscard]] std::string_view get(std::uint32_t i, std::uint32_t count,
                                     const deflate_terms& terms, F make) {
    auto& of_window = windows_.at(static_cast<std::size_t>(terms.window_bits - min_bits));
    std::call_once(of_window.begun, [&] { of_window.frames = std::make_unique<frame[]>(count); });
    auto& x = of_window.frames[i];
    std::call_once(x.made, [&] {
      std::string bytes;
      make(bytes);
      bytes.shrink_to_fit(); // it stays as long as the batch
      x.bytes = std::move(bytes);
    });
    return x.bytes;
  }

private:
  static constexpr int min_bits = 9;
  static constexpr int max_bits = 15;

  struct frame {
    std::once_flag made;
    std::string bytes;
  };
  struct window {
    std::once_flag begun;
    std::unique_ptr<frame[]> frames;
  };
  std::array<window, max_bits - min_bits + 1> windows_;
};

} // namespace wspool
