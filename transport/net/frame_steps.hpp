// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "protocol/frame_header.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace wspool::net {

/// Cuts what comes in before each control frame, so that what was said before a ping can be
/// answered before it. Knows nothing of validity: that is the codec's.
class frame_steps {
public:
  /// How many of these bytes come before the next control frame that begins within them, or all of
  /// them. One that begins them is passed: the result is not 0 but for no bytes.
  std::size_t next(std::string_view bytes) noexcept {
    constexpr unsigned control_bit = 0x08; // RFC 6455 §5.5
    std::size_t at = 0;
    while (at < bytes.size()) {
      if (left_ > 0) {
        const auto here = std::min<std::uint64_t>(left_, bytes.size() - at);
        at += static_cast<std::size_t>(here);
        left_ -= here;
        continue;
      }
      if (known_ == 0 && at > 0 && (static_cast<unsigned char>(bytes[at]) & control_bit) != 0)
        return at;
      header_[known_++] = bytes[at++];
      if (known_ < 2 || known_ < detail::header_size(header_.data()))
        continue;
      left_ = detail::read_header(header_.data()).payload;
      known_ = 0;
    }
    return at;
  }

private:
  std::uint64_t left_ = 0; ///< of the frame's payload
  std::array<char, detail::frame_header::max_bytes> header_{};
  std::size_t known_ = 0; ///< bytes of the header
};

} // namespace wspool::net
