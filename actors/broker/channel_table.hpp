// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "messaging/dialect.hpp"
#include "messaging/room_table.hpp"

#include <wspool/messaging_events.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace wspool {

/// A channel with a member here.
struct channel_entry {
  enum class link : std::uint8_t {
    none,      ///< the backplane was not asked yet, or refused
    asked,     ///< it was asked for the channel's events
    listening, ///< they come
  };
  using numbers = std::vector<std::uint64_t>;

  channel_ref name;
  std::uint64_t life = 0; ///< of this entry: answers to a former one mean nothing
  link state = link::none;
  std::optional<position> seen;         ///< the latest live message
  std::array<std::size_t, 3> in_room{}; ///< members that the hub serves, by dialect
  numbers singles;                      ///< members that are served one by one
  std::size_t in_presence_room = 0;
  numbers presence_singles;
};

/// The channels that have a member here, and who their members are. Pure.
class channel_table {
public:
  explicit channel_table(const room_limits& limits) : rooms_(limits) {}

  [[nodiscard]] room_table& rooms() noexcept { return rooms_; }

  [[nodiscard]] channel_entry* find(const channel_ref& name) {
    const auto found = entries_.find(name);
    return found != entries_.end() ? &found->second : nullptr;
  }

  /// Stays where it is in memory until it is erased.
  channel_entry& add(const channel_ref& name) {
    auto [at, is_new] = entries_.try_emplace(name);
    if (is_new) {
      at->second.name = name;
      at->second.life = ++lives_;
    }
    return at->second;
  }

  void erase(const channel_ref& name) { entries_.erase(name); }

  [[nodiscard]] std::size_t size() const noexcept { return entries_.size(); }
  [[nodiscard]] auto begin() { return entries_.begin(); }
  [[nodiscard]] auto end() { return entries_.end(); }

private:
  struct hash {
    [[nodiscard]] std::size_t operator()(const channel_ref& x) const noexcept {
      const std::hash<std::string> of;
      return of(x.name) * 31 + of(x.space);
    }
  };

  room_table rooms_;
  std::unordered_map<channel_ref, channel_entry, hash> entries_;
  std::uint64_t lives_ = 0;
};

/// Puts a number into a list that has none twice.
inline void insert_into(channel_entry::numbers& list, std::uint64_t number) {
  if (std::find(list.begin(), list.end(), number) == list.end())
    list.push_back(number);
}
inline void erase_from(channel_entry::numbers& list, std::uint64_t number) {
  std::erase(list, number);
}

} // namespace wspool
