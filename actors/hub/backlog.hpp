// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "hub/frame_batch.hpp"
#include "protocol/codec.hpp"

#include <wspool/server_options.hpp>

#include <boost/container/deque.hpp>

#include <cstddef>
#include <cstdint>

namespace wspool {

/// What waits to be written to one client, within bounds, and what becomes of the rest: the
/// slow-consumer policy. Pure: bytes go to a codec's output.
class backlog {
public:
  explicit backlog(const backlog_options& options) : options_(options) {}

  /// Adds messages behind those that wait. @returns false if there was no room and the policy is to
  /// close, which it then is, with nothing left.
  [[nodiscard]] bool push(frame_run run);
  /// Adds as many of the first messages as there is room for. @returns how many.
  [[nodiscard]] std::uint32_t push_fitting(const frame_run& run);

  /// Encodes until `to`'s output holds `budget` bytes or nothing waits. The last message may exceed
  /// the budget. @returns whether anything was encoded.
  bool encode(codec& to, std::size_t budget);

  /// Takes nothing any more: what is pushed counts as dropped. What waits may still be encoded.
  void close() noexcept { closed_ = true; }
  /// Forgets what waits; it counts as dropped.
  void drop_all();

  [[nodiscard]] bool empty() const noexcept { return runs_.empty(); }
  [[nodiscard]] std::size_t messages() const noexcept { return messages_; }
  [[nodiscard]] std::size_t bytes() const noexcept { return bytes_; } ///< of their frames
  [[nodiscard]] std::uint64_t dropped() const noexcept { return dropped_; }

  /// Encoded so far.
  [[nodiscard]] const out_totals& encoded() const noexcept { return encoded_; }
  /// Another message was encoded, past what is in here. Precondition: nothing waits.
  void add_encoded(const frame_run& run) { encoded_ += totals_of(*run.batch, run.range); }

private:
  [[nodiscard]] bool fits(std::size_t messages, std::size_t bytes) const noexcept;
  bool push_one_by_one(const frame_run& run);
  void append(const frame_run& run);
  void drop_front();
  void account(const frame_batch& batch, std::uint32_t begin, std::uint32_t end);
  [[nodiscard]] bool encode_front(codec& to, std::size_t budget);
  [[nodiscard]] std::uint32_t plain_end(const codec& to, std::size_t room) const;

  const backlog_options& options_;
  boost::container::deque<frame_run> runs_; // an empty one needs no memory
  std::size_t messages_ = 0;
  std::size_t bytes_ = 0;
  std::uint64_t dropped_ = 0;
  out_totals encoded_;
  bool closed_ = false;
};

} // namespace wspool
