// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "pool/segment.hpp"

#include <wspool/message.hpp>

#include <boost/container/deque.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace wspool::detail {

using time_point = std::chrono::steady_clock::time_point;

/// The absolute time of `message_batch::entry::expires_ns`.
[[nodiscard]] inline std::int64_t nanoseconds_of(time_point t) noexcept {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(t.time_since_epoch()).count();
}

/// No entry expires before this.
inline constexpr auto never_ns = std::numeric_limits<std::int64_t>::max();

/// The absolute expiry of what may live so long from `now` on; 0 or less: for ever, which is 0.
[[nodiscard]] inline std::int64_t expiry_of(std::int64_t ttl_ns, time_point now) noexcept {
  if (ttl_ns <= 0)
    return 0;
  const auto now_ns = nanoseconds_of(now);
  return ttl_ns < never_ns - now_ns ? now_ns + ttl_ns : never_ns;
}

/// Consecutive messages of one sealed batch, with what the pool knows of them.
struct message_run {
  segment part;
  std::size_t bytes = 0;   ///< payloads of all its messages together
  time_point accepted{};   ///< when its first message was
  std::uint64_t order = 0; ///< place of its first message in the order of acceptance

  [[nodiscard]] std::uint32_t size() const noexcept { return part.end - part.begin; }
  [[nodiscard]] const sealed_batch& batch() const noexcept { return *part.batch; }
  /// The properties of its i-th message.
  [[nodiscard]] const message_batch::entry& operator[](std::uint32_t i) const noexcept {
    return part.entry(part.begin + i);
  }
  /// The payloads of its first `n` messages together.
  [[nodiscard]] std::size_t bytes_of(std::uint32_t n) const noexcept;
  /// Takes the first `n` messages off.
  [[nodiscard]] message_run take(std::uint32_t n);
  /// Whether `next` goes on where this one ends, so that the two are one.
  [[nodiscard]] bool continued_by(const message_run& next) const noexcept {
    return part.batch == next.part.batch && part.end == next.part.begin
           && order + size() == next.order;
  }
};

/// Keeps the flags of a batch true to an entry of it.
inline void note(sealed_batch& batch, const message_batch::entry& e) noexcept {
  batch.any_confirm |= (e.flags & entry_flag::confirm) != 0;
  batch.any_ticket |= e.ticket != 0;
  batch.any_key |= e.key != 0;
  batch.any_pinned |= (e.flags & entry_flag::pinned) != 0;
  batch.any_expiry |= e.expires_ns != 0;
}

/// One message that looks for its place. Its bytes are copied into a batch of many, or, if they
/// are worth it, moved out of `owned` or shared with the sealed batch in which they lie.
struct single {
  /// From this size on, bytes are not copied if that can be avoided.
  static constexpr std::size_t large_bytes = 4 * 1024;

  std::string_view data;
  message_batch::entry like;    ///< resolved properties; offset and size mean nothing
  std::string* owned = nullptr; ///< holds just `data`, and may be moved from
  const std::shared_ptr<const sealed_batch>* source = nullptr; ///< or: lies in this batch,
  std::uint32_t index = 0;                                     ///< as this message
  time_point accepted{};
  std::uint64_t order = 0;

  [[nodiscard]] bool worth_sharing() const noexcept { return data.size() > large_bytes; }
  /// A run of its own. Moves, shares or copies.
  [[nodiscard]] message_run as_run() const;
};

/// Runs in the order in which they leave. Small messages that come one by one are gathered in an
/// open batch behind the last run, until the list is closed or some of them are taken.
class run_list {
public:
  using container = boost::container::deque<message_run>; // an empty one needs no memory
  using iterator = container::iterator;

  /// No open batch grows far beyond this: what is written together should fit in the caches.
  static constexpr std::size_t open_bytes = 64 * 1024;
  static constexpr std::size_t open_messages = 1024;

  [[nodiscard]] bool empty() const noexcept { return runs_.empty(); }
  /// The number of runs.
  [[nodiscard]] std::size_t size() const noexcept { return runs_.size(); }
  [[nodiscard]] message_run& front() noexcept { return runs_.front(); }
  [[nodiscard]] const message_run& front() const noexcept { return runs_.front(); }
  [[nodiscard]] iterator begin() noexcept { return runs_.begin(); }
  [[nodiscard]] iterator end() noexcept { return runs_.end(); }

  /// Appends, or lengthens the last run.
  void push_back(message_run x);
  void push_front(message_run x);
  /// Appends one message; `ordered`: a run holds only messages accepted one after the other, within
  /// a millisecond, so that `order` and `accepted` hold for all of it.
  void put(const single& x, bool ordered);
  /// Takes the first `n` messages of the first run off. Nothing is added to their batch any more.
  [[nodiscard]] message_run take(std::uint32_t n);
  /// Takes the first `n` messages of the first run off to throw them away.
  [[nodiscard]] message_run drop(std::uint32_t n);
  /// Takes out what expires at `now_ns` or before, and lowers `next_ns` to the first expiry of what
  /// stays.
  [[nodiscard]] std::vector<message_run> expire(std::int64_t now_ns, std::int64_t& next_ns);
  /// Takes everything. Nothing is added to its batches any more.
  [[nodiscard]] container release();
  /// Forgets everything, but keeps some memory for what comes.
  void clear() noexcept {
    close();
    runs_.clear();
  }
  /// Ends the open batch.
  void close() noexcept;

private:
  void open();

  container runs_;
  std::shared_ptr<sealed_batch> open_; ///< the batch of the last run, if it may still grow
  // What the last open batches came to: the next one starts with as much room.
  std::uint32_t expected_messages_ = 0;
  std::uint32_t expected_bytes_ = 0;
};

} // namespace wspool::detail
