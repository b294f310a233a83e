// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "frame_header.hpp"

namespace wspool::detail {

std::size_t bytes_needed(std::string_view bytes) noexcept {
  if (bytes.size() < 2)
    return 2;
  const auto head = header_size(bytes.data());
  if (bytes.size() < head)
    return head;
  const auto h = read_header(bytes.data());
  if (!h.is_control())
    return head + (h.payload > 0 ? 1 : 0);
  return h.short_length() ? static_cast<std::size_t>(h.total()) : head;
}

std::string unmasked_payload(const frame_header& h, std::string_view frame) {
  std::string payload{frame.substr(h.head, h.payload)};
  if (h.masked) {
    const auto key = frame.substr(h.head - 4u, 4);
    for (std::size_t i = 0; i < payload.size(); ++i)
      payload[i] = static_cast<char>(payload[i] ^ key[i % 4]);
  }
  return payload;
}

} // namespace wspool::detail
