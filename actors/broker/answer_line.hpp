// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "messaging/replies.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <utility>
#include <vector>

namespace wspool {

/// The answers of one client that must come in the order of its requests, although some are known
/// before others. Pure.
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
    if (which < first_ || which - first_ >= places_.size())
      return result;
    places_[which - first_] = place{true, std::move(answer)};
    while (!places_.empty() && places_.front().filled) {
      if (places_.front().answer)
        result.push_back(std::move(*places_.front().answer));
      places_.pop_front();
      ++first_;
    }
    return result;
  }

  [[nodiscard]] bool empty() const noexcept { return places_.empty(); }
  [[nodiscard]] std::size_t size() const noexcept { return places_.size(); }

private:
  struct place {
    bool filled = false;
    std::optional<server_reply> answer;
  };
  std::deque<place> places_;
  ticket first_ = 0; ///< of the place in front
};

} // namespace wspool
