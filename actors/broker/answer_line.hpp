// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "messaging/replies.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace wspool {

/// The answers of one client that must come in the order of its requests, although some are known
/// before others. Pure. Most clients wait for nothing: then it has no memory of its own.
///
///     reserve, reserve, reserve:   [ ?  ?  ? ]
///     fill the second one:         [ ?  a  ? ]    nothing may go yet
///     fill the first one:          [ ? ]          both go
class answer_line {
public:
  using ticket = std::uint64_t;

  /// A place behind all others. It must be filled once.
  [[nodiscard]] ticket reserve() {
    places_.emplace_back();
    return first_ + places_.size() - 1;
  }

  /// The answer is there; none: there is nothing to say. @returns what may go now, in order.
  [[nodiscard]] std::vector<server_reply> fill(ticket which, std::optional<server_reply> answer) {
    std::vector<server_reply> result;
    if (which < first_ + done_ || which - first_ >= places_.size())
      return result;
    places_[which - first_] = place{true, std::move(answer)};
    for (; done_ < places_.size() && places_[done_].filled; ++done_)
      if (auto& next = places_[done_].answer)
        result.push_back(std::move(*next));
    if (2 * done_ >= places_.size())
      tidy_up();
    return result;
  }

  [[nodiscard]] bool empty() const noexcept { return size() == 0; }
  [[nodiscard]] std::size_t size() const noexcept { return places_.size() - done_; }

private:
  struct place {
    bool filled = false;
    std::optional<server_reply> answer;
  };

  void tidy_up() {
    places_.erase(places_.begin(), places_.begin() + static_cast<std::ptrdiff_t>(done_));
    first_ += std::exchange(done_, 0);
    if (places_.empty())
      places_.shrink_to_fit();
  }

  std::vector<place> places_;
  std::size_t done_ = 0; ///< so many in front are over
  ticket first_ = 0;     ///< of the place in front
};

} // namespace wspool
