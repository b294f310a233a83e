// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "messaging/expiring_map.hpp"
#include "messaging/text_map.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace wspool {

struct memory_limits {
  /// How long the rooms of somebody who is away are remembered.
  std::chrono::milliseconds age{86'400'000};
  /// Of so many who are away; whoever is away for the longest time is forgotten for another.
  /// Those who are there are as many as connections are allowed.
  std::size_t absent = 100'000;
  /// Further rooms of somebody are not remembered.
  std::size_t rooms = 1'000;
};

/// Which rooms a client was in when it went, so that it is in them again when it returns: ThinWS's
/// memberships by connectionID. A value that takes the time as an argument; time must not run
/// backwards.
///
///     away --(arrive)--> present: rooms change --(depart, the last of its connections)--> away
///       '--(age, or too many)--> forgotten
///
/// Whoever returns before the server has noticed that the old connection is dead is there twice
/// for a while; both have the same rooms.
class membership_memory {
public:
  using time_point = std::chrono::steady_clock::time_point;

  explicit membership_memory(const memory_limits& limits = {})
    : limits_(limits), absent_(limits.absent, limits.age) {}

  /// Clients are known by what tells them apart on this server, such as namespace, identity and
  /// connectionID together. @returns the rooms to join, in the order of their names.
  std::vector<std::string> arrive(const std::string& client, time_point now);

  /// One of its connections ended; nothing happens if it has none.
  void depart(const std::string& client, time_point now);

  /// @returns whether it is remembered. Not if the client is not there, or has too many rooms.
  bool join(std::string_view client, std::string_view room);
  void leave(std::string_view client, std::string_view room);

  void expire(time_point now) { absent_.expire(now); }
  [[nodiscard]] std::optional<time_point> next_expiry() const { return absent_.next_expiry(); }
  [[nodiscard]] std::size_t present_count() const noexcept { return present_.size(); }
  [[nodiscard]] std::size_t absent_count() const noexcept { return absent_.size(); }

private:
  using rooms = std::set<std::string, std::less<>>;
  struct presence {
    rooms in;
    std::uint32_t connections = 0;
  };

  memory_limits limits_;
  detail::text_map<presence> present_;
  detail::expiring_map<std::string, rooms> absent_;
};

} // namespace wspool
