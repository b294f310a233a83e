// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <wspool/messaging_type_ids.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <utility>
#include <vector>

namespace wspool {

/// The listeners of one backplane, by number, and what is to be handed to each of them in one
/// message. Numbers of listeners that are gone are given to others.
class listener_table {
public:
  using number = std::uint32_t;

  [[nodiscard]] std::optional<number> find(const caf::actor& who) const {
    const auto found = numbers_.find(who.address());
    return found == numbers_.end() ? std::nullopt : std::optional{found->second};
  }

  number add(const caf::actor& who) {
    auto free = static_cast<number>(seats_.size());
    for (number i = 0; i < seats_.size(); ++i)
      if (!seats_[i].who)
        free = i;
    if (free == seats_.size())
      seats_.emplace_back();
    seats_[free] = {who, {}};
    numbers_.emplace(who.address(), free);
    return free;
  }

  std::optional<number> remove(const caf::actor_addr& who) {
    const auto found = numbers_.find(who);
    if (found == numbers_.end())
      return std::nullopt;
    const auto result = found->second;
    numbers_.erase(found);
    seats_[result] = {};
    return result;
  }

  void post(number to, backplane_event what) {
    auto& its = seats_[to];
    if (its.events.empty())
      waiting_.push_back(to);
    its.events.push_back(std::move(what));
  }

  /// Calls `give(actor, events)` for each listener that there is something for.
  template <class F>
  void hand_out(F give) {
    for (const auto to : waiting_) {
      auto& its = seats_[to];
      if (its.who && !its.events.empty())
        give(its.who, backplane_events{std::exchange(its.events, {})});
    }
    waiting_.clear();
  }

  [[nodiscard]] std::size_t size() const noexcept { return numbers_.size(); }

private:
  struct seat {
    caf::actor who;
    std::vector<backplane_event> events;
  };

  std::vector<seat> seats_;
  std::map<caf::actor_addr, number> numbers_;
  std::vector<number> waiting_;
};

} // namespace wspool
