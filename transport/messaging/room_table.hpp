// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "messaging/text_map.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace wspool {

/// Bounds of a `room_table`. Beyond them nobody joins. Namespaces need none: each has a
/// member, and members are connections, which are limited.
struct room_limits {
  /// A client that subscribes to everything must not fill the memory alone.
  std::size_t rooms_per_member = 1'000;
  /// In one namespace. Rooms are made by whoever names them.
  std::size_t rooms = 100'000;
};

/// Who is in which room. Namespaces do not know of each other; a namespace and a room are there as
/// long as somebody is in them. Members are numbers that the owner gives out, one number in one
/// namespace at a time.
///
/// Joining, leaving and asking cost the same however many rooms and members there are; removing a
/// member costs as much as it has rooms.
class room_table {
public:
  using member = std::uint64_t;

  enum class join_result : std::uint8_t {
    joined,
    opened,           ///< joined as the first one: from now on the room's messages are wanted
    already_there,    ///< nothing changed
    too_many_rooms,   ///< refused: the member is in as many as it may
    no_room_for_room, ///< refused: the namespace has as many as it may
  };

  enum class leave_result : std::uint8_t {
    left,
    closed,    ///< was the last one: the room's messages are not wanted any more
    not_there, ///< nothing changed
  };

  /// A room that a removed member was in, and whether it was the last one there.
  struct departure {
    std::string room;
    bool closed = false;
    friend bool operator==(const departure&, const departure&) = default;
  };

  explicit room_table(const room_limits& limits = {}) : limits_(limits) {}

  [[nodiscard]] join_result join(std::string_view space, std::string_view room, member who);
  [[nodiscard]] leave_result leave(std::string_view space, std::string_view room, member who);

  /// Takes the member out of all its rooms, which it returns.
  std::vector<departure> remove(std::string_view space, member who);

  /// In no particular order; valid until the table changes.
  [[nodiscard]] std::span<const member> members(std::string_view space,
                                                std::string_view room) const;
  /// In no particular order; the names are valid until the table changes.
  [[nodiscard]] std::vector<std::string_view> rooms(std::string_view space, member who) const;
  [[nodiscard]] bool contains(std::string_view space, std::string_view room, member who) const;

  /// How many rooms have somebody in them.
  [[nodiscard]] std::size_t room_count(std::string_view space) const;
  /// How many members are in some room.
  [[nodiscard]] std::size_t member_count(std::string_view space) const;
  /// How many namespaces have somebody in a room.
  [[nodiscard]] std::size_t space_count() const noexcept { return spaces_.size(); }

private:
  struct room_state {
    std::vector<member> members;
  };
  /// Rooms stay where they are in memory as long as they are in the map, with their names.
  using room_entry = std::pair<const std::string, room_state>;
  /// Where a member stands in the lists of its rooms.
  using places = std::unordered_map<room_entry*, std::size_t>;
  struct space_state {
    detail::text_map<room_state> rooms;
    std::unordered_map<member, places> members;
  };

  [[nodiscard]] const space_state* find(std::string_view space) const;
  [[nodiscard]] join_result join(space_state& in, std::string_view room, member who) const;
  /// @returns whether the room is empty now, and gone.
  static bool take_out(space_state& in, room_entry& from, std::size_t place);
  void forget_if_empty(std::string_view space);

  room_limits limits_;
  detail::text_map<space_state> spaces_;
};

} // namespace wspool
