// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

// What connections have in common, of a pool or of a server.

#include "protocol/codec.hpp"

#include <wspool/close_code.hpp>
#include <wspool/error.hpp>
#include <wspool/message.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <system_error>
#include <utility>

namespace wspool::habits {

/// How many encoded bytes one write carries at most: enough to amortise the call, few enough to
/// stay in the caches.
inline constexpr std::size_t write_budget_bytes = 128 * 1024;

/// A read of this size is a burst: room for its messages is made at once.
inline constexpr std::size_t burst_bytes = 4 * 1024;

/// How long a peer may take to end the stream after the closing handshake.
inline constexpr std::chrono::milliseconds linger_timeout{1'000};

/// For people: who closed, and how.
inline std::string text_of(const close_info& by) {
  auto text = std::string{by.began == initiator::local ? "closed here" : "closed by the peer"}
              + " with " + std::to_string(by.code);
  return by.reason.empty() ? text : text + ": " + by.reason;
}

/// Room for what was read that is kept from one read to the next.
inline constexpr std::size_t kept_bytes = 16 * 1024;

/// Empties `what`. The room for a burst is given back: each of thousands of connections would keep
/// that of its largest one.
inline void recycle(decoded& what) {
  what.clear();
  const auto room = what.messages.bytes().capacity()
                    + what.messages.entries().capacity() * sizeof(message_batch::entry)
                    + what.controls.capacity() * sizeof(control_frame);
  if (room <= kept_bytes)
    return;
  decoded fresh; // assigning an empty one would keep the memory
  std::swap(what, fresh);
}

inline std::uint64_t count_binary(const message_batch& messages) {
  const auto& entries = messages.entries();
  return static_cast<std::uint64_t>(std::count_if(
    entries.begin(), entries.end(), [](const auto& e) { return e.kind == message_kind::binary; }));
}

/// What a stream's error means to a connection.
inline failure failure_of(std::error_code ec) {
  if (ec.category() != error_category())
    return {errc::io_error, ec.message()};
  const auto why = static_cast<errc>(ec.value());
  return {why, why == errc::io_error ? ec.message() : std::string{describe(why)}};
}

} // namespace wspool::habits
