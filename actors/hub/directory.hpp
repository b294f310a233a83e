// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <wspool/server_events.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace wspool {

/// Who is there: clients by number and by name, in namespaces and rooms. Pure; `Data` is what the
/// owner keeps for each client.
///
/// Members stay where they are until they are removed. Finding by number, joining, and stepping
/// from one receiver to the next take constant time; leaving a room takes as long as the client has
/// rooms. Rooms and namespaces exist as long as somebody is in them.
template <class Data>
class directory {
  struct space_type;
  struct room_type;

public:
  class member {
  public:
    const std::uint64_t number;
    const client_ref ref;
    Data data;

    /// In the order of joining.
    [[nodiscard]] std::vector<std::string> rooms() const {
      std::vector<std::string> result;
      for (const auto& s : seats_)
        result.push_back(s.room->name);
      return result;
    }
    [[nodiscard]] std::size_t room_count() const noexcept { return seats_.size(); }

    member(std::uint64_t n, client_ref r, Data d)
      : number(n), ref(std::move(r)), data(std::move(d)) {}

  private:
    friend directory;
    /// Where it stands in a room's list.
    struct seat {
      room_type* room;
      std::size_t index;
    };
    std::vector<seat> seats_;
    space_type* space_ = nullptr;
    std::size_t in_space_ = 0; ///< where it stands in its namespace's list
    std::size_t in_all_ = 0;
  };

  /// @returns null if the number or the name is taken.
  member* add(std::uint64_t number, client_ref ref, Data data) {
    if (members_.contains(number))
      return nullptr;
    auto& space = spaces_[ref.space];
    if (space.by_id.contains(ref.id))
      return nullptr;
    auto made = std::make_unique<member>(number, std::move(ref), std::move(data));
    auto* const result = made.get();
    members_.emplace(number, std::move(made));
    space.by_id.emplace(result->ref.id, result);
    result->space_ = &space;
    result->in_space_ = space.list.size();
    space.list.push_back(result);
    result->in_all_ = all_.size();
    all_.push_back(result);
    return result;
  }

  /// @returns whether its namespace is empty now.
  bool remove(member& who) {
    while (!who.seats_.empty())
      stand_up(who, who.seats_.size() - 1);
    take_out(all_, who.in_all_, &member::in_all_);
    auto& space = *who.space_;
    take_out(space.list, who.in_space_, &member::in_space_);
    space.by_id.erase(who.ref.id);
    const bool empty = space.list.empty();
    if (empty)
      spaces_.erase(who.ref.space);
    members_.erase(who.number);
    return empty;
  }

  [[nodiscard]] member* find(std::uint64_t number) {
    auto found = members_.find(number);
    return found != members_.end() ? found->second.get() : nullptr;
  }

  [[nodiscard]] member* find(const client_ref& ref) {
    auto space = spaces_.find(ref.space);
    if (space == spaces_.end())
      return nullptr;
    auto found = space->second.by_id.find(ref.id);
    return found != space->second.by_id.end() ? found->second : nullptr;
  }

  /// No effect on who is in there already.
  void join(member& who, const std::string& room_name) {
    if (seat_of(who, room_name) != who.seats_.size())
      return;
    auto& room = who.space_->rooms[room_name];
    if (room.list.empty()) {
      room.name = room_name;
      ++room_count_;
    }
    who.seats_.push_back({&room, room.list.size()});
    room.list.push_back(&who);
  }

  /// No effect on who is not in there.
  void leave(member& who, const std::string& room_name) {
    const auto at = seat_of(who, room_name);
    if (at != who.seats_.size())
      stand_up(who, at);
  }

  /// Calls `f(member&)` for each of the audience. `f` must not add or remove.
  template <class F>
  void for_each(const audience& whom, F f) {
    if (whom.whom == audience::reach::one) {
      auto* const who = find(client_ref{whom.space, whom.name});
      if (who != nullptr && who->ref != whom.except)
        f(*who);
      return;
    }
    const auto* const left_out = whom.except.id.empty() ? nullptr : find(whom.except);
    if (const auto* const list = list_of(whom))
      for (auto* const who : *list)
        if (who != left_out)
          f(*who);
  }

  [[nodiscard]] std::size_t count(const audience& whom) {
    std::size_t result = 0;
    for_each(whom, [&result](const member&) { ++result; });
    return result;
  }

  /// At most `limit` members of a namespace, ascending by id, behind `after`: looks at all that are
  /// there. @returns whether there are more.
  template <class F>
  bool page(const std::string& space_name, const std::string& after, std::size_t limit, F f) {
    auto space = spaces_.find(space_name);
    if (space == spaces_.end())
      return false;
    std::vector<member*> behind;
    for (auto* const who : space->second.list)
      if (who->ref.id > after)
        behind.push_back(who);
    const auto end = behind.begin() + static_cast<std::ptrdiff_t>(std::min(limit, behind.size()));
    std::partial_sort(behind.begin(), end, behind.end(),
                      [](const member* a, const member* b) { return a->ref.id < b->ref.id; });
    for (auto i = behind.begin(); i != end; ++i)
      f(**i);
    return end != behind.end();
  }

  [[nodiscard]] const std::vector<member*>& all() const noexcept { return all_; }
  [[nodiscard]] std::size_t size() const noexcept { return all_.size(); }
  [[nodiscard]] std::size_t spaces() const noexcept { return spaces_.size(); }
  [[nodiscard]] std::size_t rooms() const noexcept { return room_count_; }

private:
  struct room_type {
    std::string name;
    std::vector<member*> list;
  };
  struct space_type {
    std::unordered_map<std::string_view, member*> by_id; // of the members themselves
    std::vector<member*> list;                           // for those who step through all
    std::unordered_map<std::string, room_type> rooms;
  };

  [[nodiscard]] const std::vector<member*>* list_of(const audience& whom) const {
    if (whom.whom == audience::reach::all)
      return &all_;
    auto space = spaces_.find(whom.space);
    if (space == spaces_.end())
      return nullptr;
    if (whom.whom == audience::reach::space)
      return &space->second.list;
    auto room = space->second.rooms.find(whom.name);
    return room != space->second.rooms.end() ? &room->second.list : nullptr;
  }

  [[nodiscard]] static std::size_t seat_of(const member& who, const std::string& room_name) {
    auto found = std::find_if(who.seats_.begin(), who.seats_.end(),
                              [&](const auto& s) { return s.room->name == room_name; });
    return static_cast<std::size_t>(found - who.seats_.begin());
  }

  /// The last of the list takes the free place.
  static void take_out(std::vector<member*>& list, std::size_t at, std::size_t member::*place) {
    list[at] = list.back();
    list[at]->*place = at;
    list.pop_back();
  }

  void stand_up(member& who, std::size_t which) {
    const auto [room, at] = who.seats_[which];
    who.seats_.erase(who.seats_.begin() + static_cast<std::ptrdiff_t>(which));
    auto* const last = room->list.back();
    room->list.pop_back();
    if (last != &who) {
      room->list[at] = last;
      for (auto& s : last->seats_)
        if (s.room == room)
          s.index = at;
    }
    if (!room->list.empty())
      return;
    --room_count_;
    const auto name = room->name; // goes with the room
    who.space_->rooms.erase(name);
  }

  std::unordered_map<std::uint64_t, std::unique_ptr<member>> members_;
  std::unordered_map<std::string, space_type> spaces_;
  std::vector<member*> all_;
  std::size_t room_count_ = 0;
};

} // namespace wspool
