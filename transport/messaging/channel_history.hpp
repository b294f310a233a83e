// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "messaging/publication.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace wspool {

/// What a channel keeps for those who come back. The oldest go first, by whichever bound is met.
struct history_limits {
  std::size_t messages = 100; ///< 0: none are kept, but they are counted
  std::size_t bytes = 1024 * 1024;
  std::chrono::milliseconds age{300'000};
};

/// A message with its number.
template <class Message>
struct basic_history_entry {
  std::uint64_t offset = 0;
  Message message;
};

/// The latest messages of one channel, counted from 1, whatever a message is: it must be cheap to
/// copy, or rarely asked for. A value that takes the time as an argument; time must not run
/// backwards.
///
///     appended:   1   2   3   4   5   6        in the epoch, for ever counted
///     kept:                 [ 4   5   6 ]      without holes, up to the latest
///     since 3:                4   5   6        since 2: not recoverable
template <class Message>
class basic_channel_history {
public:
  using time_point = std::chrono::steady_clock::time_point;

  /// The epoch names this history, and no other one before or after it: something drawn at random.
  explicit basic_channel_history(std::string epoch, const history_limits& limits = {})
    : epoch_(std::move(epoch)), limits_(limits) {}

  /// Counts the message, and keeps it if its `bytes` are not more than all may have.
  /// @returns where it stands.
  position append(Message message, std::size_t bytes, time_point now) {
    expire(now);
    ++last_;
    // One that alone is too large takes the place of all others: what is kept has no holes.
    kept_.push_back({std::move(message), bytes, now});
    bytes_ += bytes;
    while (!kept_.empty() && (kept_.size() > limits_.messages || bytes_ > limits_.bytes))
      drop_oldest();
    return where();
  }

  /// Everything after what somebody has seen last, in order; perhaps nothing. None: it is not known
  /// or not kept any more what that was, so that something may be missing.
  [[nodiscard]] std::optional<std::vector<basic_history_entry<Message>>> since(const position& seen,
                                                                               time_point now) {
    expire(now);
    if (seen.epoch != epoch_ || seen.offset > last_ || last_ - seen.offset > kept_.size())
      return std::nullopt;
    std::vector<basic_history_entry<Message>> result;
    const auto missed = static_cast<std::size_t>(last_ - seen.offset);
    result.reserve(missed);
    auto offset = seen.offset;
    for (auto i = kept_.size() - missed; i < kept_.size(); ++i)
      result.push_back({++offset, kept_[i].message});
    return result;
  }

  /// Where the latest message stands.
  [[nodiscard]] position where() const { return {epoch_, last_}; }

  /// Gives back the memory of what is too old.
  void expire(time_point now) {
    while (!kept_.empty() && now - kept_.front().since >= limits_.age)
      drop_oldest();
  }
  /// When `expire` will have something to do; none if nothing is kept.
  [[nodiscard]] std::optional<time_point> next_expiry() const {
    if (kept_.empty())
      return std::nullopt;
    return kept_.front().since + limits_.age;
  }

  [[nodiscard]] std::size_t size() const noexcept { return kept_.size(); }
  [[nodiscard]] std::size_t bytes() const noexcept { return bytes_; }

private:
  struct kept {
    Message message;
    std::size_t bytes = 0;
    time_point since;
  };

  void drop_oldest() {
    bytes_ -= kept_.front().bytes;
    kept_.pop_front();
  }

  std::string epoch_;
  history_limits limits_;
  std::deque<kept> kept_; ///< the last of them has the offset `last_`
  std::size_t bytes_ = 0;
  std::uint64_t last_ = 0;
};

using history_entry = basic_history_entry<shared_publication>;
using channel_history = basic_channel_history<shared_publication>;

} // namespace wspool
