// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <utility>

namespace wspool {

/// Lets answers go out in the order of the requests, whichever is ready first. A value.
class answer_queue {
public:
  using ticket = std::uint64_t;
  using answer = std::function<void()>;

  /// For a request, when it comes.
  [[nodiscard]] ticket take() {
    waiting_.emplace_back();
    return first_ + waiting_.size() - 1;
  }

  /// The answer is ready: it is given now, or after those before it. Exactly once for each ticket.
  void ready(ticket which, answer give) {
    waiting_[static_cast<std::size_t>(which - first_)] = std::move(give);
    while (!waiting_.empty() && waiting_.front()) {
      // Taken out first: giving it may bring the next request.
      const auto next = std::move(waiting_.front());
      waiting_.pop_front();
      ++first_;
      next();
    }
  }

  [[nodiscard]] std::size_t size() const noexcept { return waiting_.size(); }

private:
  std::deque<answer> waiting_; ///< empty: not ready yet
  ticket first_ = 0;
};

} // namespace wspool
