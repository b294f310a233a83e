// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <wspool/error.hpp>
#include <wspool/message.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace wspool {

/// Bits of `message_batch::entry::flags`, set when the pool accepts a message.
namespace entry_flag {
/// Its outcome waits for the peer's confirmation (at least once, or asked for by a `deliver`).
inline constexpr std::uint8_t confirm = 1;
/// Bound to the one connection that it was addressed to; never goes to another.
inline constexpr std::uint8_t pinned = 2;
/// The waiting request wants to know when it is written, though its outcome comes later.
inline constexpr std::uint8_t answer_written = 4;
} // namespace entry_flag

/// A batch that will not change any more, with what its entries have in common, so that plain
/// ones are accounted for without a look at each entry.
struct sealed_batch {
  message_batch messages;
  bool any_confirm = false; ///< an entry needs the peer's confirmation
  bool any_ticket = false;  ///< somebody waits for an entry's outcome
  bool any_key = false;
  bool any_pinned = false;
  bool any_expiry = false;

  /// Nothing but the count matters once it is written.
  [[nodiscard]] bool plain() const noexcept {
    return !any_confirm && !any_ticket && !any_key && !any_pinned;
  }
  /// A barrier is due behind it: for confirmation, or to know when its keys may move.
  [[nodiscard]] bool wants_barrier() const noexcept { return any_confirm || any_key; }
};

/// A run of messages within a sealed batch: what a dispatcher hands to a connection.
struct segment {
  std::shared_ptr<const sealed_batch> batch;
  std::uint32_t begin = 0;
  std::uint32_t end = 0;

  [[nodiscard]] std::size_t size() const noexcept { return end - begin; }
  [[nodiscard]] const message_batch::entry& entry(std::size_t i) const noexcept {
    return batch->messages.entries()[i];
  }
  [[nodiscard]] std::string_view data(std::size_t i) const noexcept {
    return batch->messages.data(i);
  }
};

/// What a connection says of the messages it was given. Messages of one life are numbered 0, 1, 2,
/// … in the order in which they were handed over; all numbers only grow.
struct progress {
  /// Below it, the kernel took every message (or it is listed in `refused`).
  std::uint64_t written = 0;
  /// Below it, the peer has read every message.
  std::uint64_t confirmed = 0;
  /// In a final report: below it, a part of each message may have reached the kernel.
  std::uint64_t touched = 0;
  /// Messages below `written` that were not written: number and reason, ascending.
  struct refusal {
    std::uint64_t number = 0;
    errc why = errc::none;
  };
  std::vector<refusal> refused;
};

} // namespace wspool
