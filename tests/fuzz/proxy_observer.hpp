// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "fuzz_target.hpp"

#include "net/proxy_handshake.hpp"

namespace wspool::fuzz {

/// Feeds a proxy's answers until the talk is over. @returns how many bytes that took.
inline std::size_t talk(net::proxy_handshake& proxy, std::string_view bytes,
                        const std::vector<std::size_t>& sizes, std::string* asked = nullptr) {
  std::size_t taken = 0;
  in_pieces(bytes, sizes, [&](std::string_view piece) {
    if (proxy.done() || proxy.error())
      return;
    proxy.feed(piece);
    taken += piece.size();
    if (asked != nullptr)
      asked->append(proxy.take_output());
  });
  return taken;
}

inline void check_talk(const net::proxy_handshake& proxy) {
  require(!proxy.done() || !proxy.error(), "a talk succeeds or fails");
  if (!proxy.error())
    return;
  require(!proxy.error().detail.empty(), "a failure says why");
  require(is_printable(proxy.error().detail), "a failure is fit for logs", proxy.error().detail);
}

} // namespace wspool::fuzz
