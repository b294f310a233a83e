// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "process/wakeup.hpp"

#include <wspool/error.hpp>

#include <array>
#include <atomic>
#include <cstdint>
#include <string>
#include <system_error>

namespace wspool::cli {

/// What became of the messages of a stream, as `connect` reports it.
struct stream_account {
  std::uint64_t accepted = 0;
  std::uint64_t sent = 0;
  std::uint64_t failed = 0;
  std::uint64_t received = 0;
  std::uint64_t reconnects = 0;
  std::uint64_t resent = 0;
  [[nodiscard]] std::uint64_t pending() const noexcept { return accepted - sent - failed; }
};

/// `{"accepted":…,"sent":…,"failed":…,"pending":…,"received":…,"reconnects":…,"resent":…}`
[[nodiscard]] std::string to_json(const stream_account& account);

/// What the actors of a stream tell the loop that reads stdin.
///
/// Thread contract: any member from any thread. Every change that the loop may wait for wakes it.
class stream_state {
public:
  // -- messages out
  /// Messages were handed to the pool, or failed before they could be.
  void accepted(std::uint64_t messages, std::uint64_t bytes) noexcept;
  /// They reached their outcome. With a broadcast, one message has many: `sent` + `failed` may
  /// be more than `messages`.
  void settled(std::uint64_t messages, std::uint64_t bytes, std::uint64_t sent,
               std::uint64_t failed, errc why) noexcept;
  [[nodiscard]] std::uint64_t outstanding_messages() const noexcept { return messages_.load(); }
  [[nodiscard]] std::uint64_t outstanding_bytes() const noexcept { return bytes_.load(); }
  /// How many messages failed for a reason.
  [[nodiscard]] std::uint64_t failures(errc why) const noexcept;

  // -- messages in
  void received(std::uint64_t messages) noexcept { received_ += messages; }
  /// Nothing can be written to stdout any more, because of an error.
  void output_closed(const std::error_code& why) noexcept;
  [[nodiscard]] bool is_output_closed() const noexcept { return output_error_ != 0; }
  /// EPIPE: the reader went away, which is no fault of ours.
  [[nodiscard]] std::error_code output_error() const noexcept {
    return {output_error_, std::generic_category()};
  }

  // -- connections
  void opened(bool again) noexcept;
  void closed() noexcept;
  [[nodiscard]] std::uint32_t open() const noexcept { return open_; }
  [[nodiscard]] bool ever_open() const noexcept { return ever_open_; }
  /// Every slot was given up.
  void set_hopeless(bool value) noexcept;
  [[nodiscard]] bool is_hopeless() const noexcept { return hopeless_; }
  /// All wanted connections are open.
  void set_ready() noexcept { raise(ready_); }
  [[nodiscard]] bool was_ready() const noexcept { return ready_; }
  /// The pool itself is gone.
  void pool_lost() noexcept { raise(pool_lost_); }
  [[nodiscard]] bool is_pool_lost() const noexcept { return pool_lost_; }

  // -- the end
  /// The program takes nothing more.
  void set_draining() noexcept { draining_ = true; }
  /// Fit for new work: a connection is open, and it is not ending.
  [[nodiscard]] bool is_ready() const noexcept { return open_ > 0 && !draining_; }
  void set_pool_closed(std::uint64_t resent) noexcept;
  [[nodiscard]] bool is_pool_closed() const noexcept { return pool_closed_; }
  void output_flushed() noexcept { raise(output_flushed_); }
  [[nodiscard]] bool is_output_flushed() const noexcept { return output_flushed_; }

  [[nodiscard]] stream_account account() const noexcept;
  [[nodiscard]] wakeup& changes() noexcept { return changes_; }

private:
  void raise(std::atomic<bool>& flag) noexcept {
    flag = true;
    changes_.notify();
  }

  static constexpr std::size_t reasons = 64;

  wakeup changes_;
  std::atomic<std::uint64_t> messages_{0};
  std::atomic<std::uint64_t> bytes_{0};
  std::atomic<std::uint64_t> accepted_{0};
  std::atomic<std::uint64_t> sent_{0};
  std::atomic<std::uint64_t> failed_{0};
  std::atomic<std::uint64_t> received_{0};
  std::atomic<std::uint64_t> reconnects_{0};
  std::atomic<std::uint64_t> resent_{0};
  std::array<std::atomic<std::uint64_t>, reasons> failures_{};
  std::atomic<std::uint32_t> open_{0};
  std::atomic<bool> ever_open_{false};
  std::atomic<bool> ready_{false};
  std::atomic<bool> hopeless_{false};
  std::atomic<bool> pool_lost_{false};
  std::atomic<int> output_error_{0};
  std::atomic<bool> draining_{false};
  std::atomic<bool> pool_closed_{false};
  std::atomic<bool> output_flushed_{false};
};

} // namespace wspool::cli
