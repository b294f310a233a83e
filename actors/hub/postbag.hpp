// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "hub/frame_batch.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

namespace wspool {

/// What one turn of a hub hands out: messages, each framed once, and who gets which. Pure; a
/// `Receiver` is a pointer to something with a `frame_ranges outbox`.
///
/// All receivers share one batch. Most of them get the same of it, and so even the same parcel: a
/// broadcast costs a receiver no allocation here.
template <class Receiver>
class postbag {
public:
  /// Adds a message. @returns its number, for `address`.
  [[nodiscard]] std::uint32_t add(std::string_view data, message_kind kind, compression compress) {
    if (!batch_)
      batch_ = std::make_shared<frame_batch>();
    return batch_->add(data, kind, compress);
  }

  /// Message `number`, the newest, goes to `to` too.
  void address(Receiver to, std::uint32_t number) {
    if (to->outbox.empty())
      receivers_.push_back(to);
    append(to->outbox, number);
    batch_->add_receiver(number);
  }

  /// Whether a message of so many bytes may join those that are in there; hand out first if not. A
  /// large one is thus alone, and whoever keeps another, a slow client, does not keep it, too.
  [[nodiscard]] bool has_room(std::size_t bytes) const noexcept {
    return !batch_ || batch_->bytes() + bytes <= frame_batch::full_bytes;
  }

  /// Calls `f(receiver, batch, ranges, same)` for each, in the order in which they were first
  /// addressed. `same` says that the ranges are those of the one before.
  template <class F>
  void hand_out(F f) {
    std::shared_ptr<const frame_batch> batch = std::exchange(batch_, nullptr);
    frame_ranges before;
    for (auto to : receivers_) {
      const bool same = to->outbox == before;
      if (!same)
        before = to->outbox;
      to->outbox.clear();
      f(to, batch, before, same);
    }
    receivers_.clear();
  }

private:
  std::shared_ptr<frame_batch> batch_;
  std::vector<Receiver> receivers_;
};

} // namespace wspool
