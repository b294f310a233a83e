// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "messaging/room_table.hpp"

namespace wspool {

room_table::join_result room_table::join(std::string_view space, std::string_view room,
                                         member who) {
  auto in = spaces_.find(space);
  if (in == spaces_.end())
    in = spaces_.emplace(space, space_state{}).first;
  const auto result = join(in->second, room, who);
  forget_if_empty(space); // after a refusal
  return result;
}

room_table::join_result room_table::join(space_state& in, std::string_view room, member who) const {
  const auto known = in.members.find(who);
  const auto there = in.rooms.find(room);
  const bool is_known = known != in.members.end();
  const bool is_new = there == in.rooms.end();
  if (is_known && !is_new && known->second.contains(&*there))
    return join_result::already_there;
  if ((is_known ? known->second.size() : 0) >= limits_.rooms_per_member)
    return join_result::too_many_rooms;
  if (is_new && in.rooms.size() >= limits_.rooms)
    return join_result::no_room_for_room;
  auto& entered = is_new ? *in.rooms.emplace(room, room_state{}).first : *there;
  in.members[who].emplace(&entered, entered.second.members.size());
  entered.second.members.push_back(who);
  return is_new ? join_result::opened : join_result::joined;
}

room_table::leave_result room_table::leave(std::string_view space, std::string_view room,
                                           member who) {
  const auto in = spaces_.find(space);
  if (in == spaces_.end())
    return leave_result::not_there;
  auto& [rooms, members] = in->second;
  const auto there = rooms.find(room);
  const auto known = members.find(who);
  if (there == rooms.end() || known == members.end())
    return leave_result::not_there;
  const auto place = known->second.find(&*there);
  if (place == known->second.end())
    return leave_result::not_there;

  const auto at = place->second;
  known->second.erase(place);
  if (known->second.empty())
    members.erase(known);
  const bool closed = take_out(in->second, *there, at);
  forget_if_empty(space);
  return closed ? leave_result::closed : leave_result::left;
}

std::vector<room_table::departure> room_table::remove(std::string_view space, member who) {
  std::vector<departure> result;
  const auto in = spaces_.find(space);
  if (in == spaces_.end())
    return result;
  const auto known = in->second.members.find(who);
  if (known == in->second.members.end())
    return result;
  const auto rooms = std::move(known->second);
  in->second.members.erase(known);
  result.reserve(rooms.size());
  for (auto [room, place] : rooms) {
    auto& left = result.emplace_back(departure{room->first, false});
    left.closed = take_out(in->second, *room, place);
  }
  forget_if_empty(space);
  return result;
}

std::span<const room_table::member> room_table::members(std::string_view space,
                                                        std::string_view room) const {
  if (const auto* in = find(space))
    if (const auto there = in->rooms.find(room); there != in->rooms.end())
      return there->second.members;
  return {};
}

std::vector<std::string_view> room_table::rooms(std::string_view space, member who) const {
  std::vector<std::string_view> result;
  if (const auto* in = find(space))
    if (const auto known = in->members.find(who); known != in->members.end())
      for (const auto& [room, place] : known->second)
        result.emplace_back(room->first);
  return result;
}

bool room_table::contains(std::string_view space, std::string_view room, member who) const {
  const auto* in = find(space);
  if (!in)
    return false;
  const auto there = in->rooms.find(room);
  const auto known = in->members.find(who);
  return there != in->rooms.end() && known != in->members.end()
         && known->second.contains(const_cast<room_entry*>(&*there));
}

std::size_t room_table::room_count(std::string_view space) const {
  const auto* in = find(space);
  return in ? in->rooms.size() : 0;
}

std::size_t room_table::member_count(std::string_view space) const {
  const auto* in = find(space);
  return in ? in->members.size() : 0;
}

const room_table::space_state* room_table::find(std::string_view space) const {
  const auto found = spaces_.find(space);
  return found == spaces_.end() ? nullptr : &found->second;
}

bool room_table::take_out(space_state& in, room_entry& from, std::size_t place) {
  auto& members = from.second.members;
  // The last one takes the place that becomes free, so that nobody else has to move.
  if (place + 1 != members.size()) {
    members[place] = members.back();
    in.members.at(members[place]).at(&from) = place;
  }
  members.pop_back();
  if (!members.empty())
    return false;
  in.rooms.erase(in.rooms.find(from.first));
  return true;
}

void room_table::forget_if_empty(std::string_view space) {
  if (const auto found = spaces_.find(space); found != spaces_.end() && found->second.rooms.empty())
    spaces_.erase(found);
}

} // namespace wspool
