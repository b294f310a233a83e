// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <wspool/server_options.hpp>

#include <cstddef>
#include <string>
#include <unordered_map>

namespace wspool {

/// Whether there is room for one more socket, in all and from its address. Pure.
class door {
public:
  enum class verdict {
    enter,
    full,         ///< answered with 503
    address_full, ///< answered with 429
    turn_away,    ///< not even answered
  };
  /// How many may be told at the same time that there is no room for them.
  static constexpr std::size_t max_refusals = 64;

  explicit door(const admission_options& options)
    : max_(options.max_connections), max_per_address_(options.max_per_address) {}

  [[nodiscard]] verdict knock(const std::string& address) {
    if (inside_ >= max_)
      return refuse(verdict::full);
    auto& from_there = by_address_[address];
    if (max_per_address_ > 0 && from_there >= max_per_address_)
      return refuse(verdict::address_full);
    ++from_there;
    ++inside_;
    return verdict::enter;
  }

  /// One that knocked is gone; `how` is what it was told. Never for those that were turned away.
  void leave(const std::string& address, verdict how) {
    if (how != verdict::enter) {
      --refusals_;
      return;
    }
    --inside_;
    auto found = by_address_.find(address);
    if (--found->second == 0)
      by_address_.erase(found);
  }

  [[nodiscard]] std::size_t inside() const noexcept { return inside_; }
  [[nodiscard]] std::size_t refusals() const noexcept { return refusals_; }
  [[nodiscard]] std::size_t addresses() const noexcept { return by_address_.size(); }

private:
  verdict refuse(verdict how) {
    if (refusals_ >= max_refusals)
      return verdict::turn_away;
    ++refusals_;
    return how;
  }

  std::size_t max_;
  std::size_t max_per_address_;
  std::size_t inside_ = 0;
  std::size_t refusals_ = 0;
  std::unordered_map<std::string, std::size_t> by_address_;
};

} // namespace wspool
