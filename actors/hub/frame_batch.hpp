// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "hub/deflated_frames.hpp"
#include "protocol/codec.hpp"

#include <wspool/message.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace wspool {

/// Messages of a server, framed: what all their receivers share. A server masks nothing, so the
/// same bytes do for each of them, and neighbours are copied in one piece. Receivers that compress
/// share what is compressed, too.
///
/// Filled by one thread; then, while it is const, for any number of threads.
class frame_batch {
public:
  /// How many bytes of messages should share a batch: whoever keeps one of them keeps all.
  static constexpr std::size_t full_bytes = 256 * 1024;

  /// The message must have been checked: its size, and that text is UTF-8.
  /// @returns its number.
  std::uint32_t add(std::string_view data, message_kind kind, compression compress);

  /// Message `i` goes to one more receiver.
  void add_receiver(std::uint32_t i) noexcept {
    auto& x = entries_[i];
    x.shared = std::exchange(x.addressed, true);
  }

  [[nodiscard]] std::uint32_t size() const noexcept {
    return static_cast<std::uint32_t>(entries_.size());
  }
  [[nodiscard]] bool empty() const noexcept { return entries_.empty(); }
  [[nodiscard]] std::size_t bytes() const noexcept { return bytes_.size(); }

  /// The frames of messages [begin, end).
  [[nodiscard]] std::string_view frames(std::uint32_t begin, std::uint32_t end) const noexcept {
    return std::string_view{bytes_}.substr(begin_of(begin), begin_of(end) - begin_of(begin));
  }
  /// How many bytes the messages [begin, end) are, framed.
  [[nodiscard]] std::size_t frame_bytes(std::uint32_t begin, std::uint32_t end) const noexcept {
    return begin_of(end) - begin_of(begin);
  }
  /// The message itself.
  [[nodiscard]] std::string_view data(std::uint32_t i) const noexcept {
    return std::string_view{bytes_}.substr(entries_[i].payload,
                                           begin_of(i + 1) - entries_[i].payload);
  }
  [[nodiscard]] message_kind kind(std::uint32_t i) const noexcept { return entries_[i].kind; }
  [[nodiscard]] compression compress(std::uint32_t i) const noexcept {
    return entries_[i].compress;
  }
  /// Whether several receivers get it. One that gets a message alone compresses it with its own
  /// window, which does better.
  [[nodiscard]] bool shared(std::uint32_t i) const noexcept { return entries_[i].shared; }
  /// The message's frame, compressed by itself (`append_deflated_frame`), as long as the batch
  /// lives. All that ask are of one server, whose effort is the same for all.
  [[nodiscard]] std::string_view deflated(std::uint32_t i, const deflate_terms& terms) const;

private:
  struct entry {
    std::size_t frame = 0; ///< where it begins
    std::size_t payload = 0;
    message_kind kind = message_kind::text;
    compression compress = compression::automatic;
    bool addressed = false;
    bool shared = false;
  };

  [[nodiscard]] std::size_t begin_of(std::uint32_t i) const noexcept {
    return i < entries_.size() ? entries_[i].frame : bytes_.size();
  }

  std::string bytes_;
  std::vector<entry> entries_;
  mutable deflated_frames deflated_;
};

/// Messages [begin, end) of a batch.
struct frame_range {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  friend bool operator==(const frame_range&, const frame_range&) = default;
};

/// Messages on their way out: how many, their bytes, and how many were binary.
struct out_totals {
  std::uint64_t messages = 0;
  std::uint64_t bytes = 0;
  std::uint64_t binary = 0;

  out_totals& operator+=(const out_totals& more) noexcept {
    messages += more.messages;
    bytes += more.bytes;
    binary += more.binary;
    return *this;
  }
  friend bool operator==(const out_totals&, const out_totals&) = default;
};
[[nodiscard]] out_totals totals_of(const frame_batch& batch, frame_range range) noexcept;

/// What one receiver gets of a batch, ascending. Mostly all of it: one range.
using frame_ranges = std::vector<frame_range>;

/// Appends message `i`, which is behind all that are in there.
void append(frame_ranges& to, std::uint32_t i);

/// A run of a batch's messages.
struct frame_run {
  std::shared_ptr<const frame_batch> batch;
  frame_range range;
};

} // namespace wspool
