// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "pool/message_run.hpp"

#include <wspool/error.hpp>
#include <wspool/pool_options.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace wspool::detail {

/// The bounds of a pool's queue, and how far it is filled. The pool's queue is in several places,
/// the main queue and the backlogs of the connections, that share this.
///
/// What comes back from a dead connection is counted apart: it was let in once and is neither
/// refused nor pushed out now. There is never more of it than fitted into the connections' windows.
class queue_level {
public:
  explicit queue_level(const queue_options& options) noexcept : options_(options) {}

  /// Whether a new message fits within the bounds; `waiting_room`: within twice the bounds.
  [[nodiscard]] bool fits(std::size_t messages, std::size_t bytes,
                          bool waiting_room) const noexcept;
  /// Whether no emptying of the queue would make room for a message.
  [[nodiscard]] bool never_fits(std::size_t bytes) const noexcept {
    return options_.max_messages == 0 || bytes > options_.max_bytes;
  }
  /// What a message fails with that found no room.
  [[nodiscard]] errc refusal() const noexcept;
  [[nodiscard]] wspool::overflow overflow() const noexcept { return options_.overflow; }

  void add(const message_run& x, bool returned) noexcept;
  void subtract(const message_run& x, bool returned) noexcept;

  [[nodiscard]] std::size_t messages() const noexcept { return new_messages_ + back_messages_; }
  [[nodiscard]] std::size_t bytes() const noexcept { return new_bytes_ + back_bytes_; }
  /// At or above the high-water mark; at or below the low one.
  [[nodiscard]] bool is_high() const noexcept;
  [[nodiscard]] bool is_low() const noexcept;

private:
  queue_options options_;
  std::size_t new_messages_ = 0;
  std::size_t new_bytes_ = 0;
  std::size_t back_messages_ = 0;
  std::size_t back_bytes_ = 0;
};

/// Messages that wait: first those that came back from dead connections, then the new ones. It
/// does not refuse anything by itself: see `queue_level`, which must outlive it. Each connection
/// has two that are hardly ever used: one that was never used is two pointers.
class send_queue {
public:
  explicit send_queue(queue_level& level) noexcept : level_(&level) {}

  [[nodiscard]] bool empty() const noexcept {
    return !lists_ || (lists_->returned.empty() && lists_->fresh.empty());
  }
  /// The run that leaves next.
  [[nodiscard]] const message_run& front() const noexcept {
    return front_returned() ? lists_->returned.front() : lists_->fresh.front();
  }
  /// Whether `front` came back from a dead connection.
  [[nodiscard]] bool front_returned() const noexcept { return lists_ && !lists_->returned.empty(); }
  /// Takes the first `n` messages of `front` off.
  [[nodiscard]] message_run take(std::uint32_t n);

  void put(const single& x);
  void push_back(message_run x, bool returned);
  /// Puts back what is older than everything in here.
  void push_front(message_run x, bool returned);

  /// Place in the order of acceptance of the oldest message that may be pushed out.
  [[nodiscard]] std::optional<std::uint64_t> oldest() const noexcept;
  /// Takes that message out.
  [[nodiscard]] message_run drop_oldest();
  /// As `run_list::expire`.
  [[nodiscard]] std::vector<message_run> expire(std::int64_t now_ns, std::int64_t& next_ns);

  struct content {
    run_list::container returned;
    run_list::container fresh;
  };
  /// Takes everything out.
  [[nodiscard]] content release();

private:
  struct lists {
    run_list returned;
    run_list fresh;
    run_list& of(bool is_returned) noexcept { return is_returned ? returned : fresh; }
  };
  lists& own();

  queue_level* level_;
  std::unique_ptr<lists> lists_;
};

} // namespace wspool::detail
