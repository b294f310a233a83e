// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE room_table

#include "messaging/room_table.hpp"
#include "support/unit_test.hpp"

#include <rapidcheck.h>

#include <algorithm>
#include <map>
#include <set>

namespace room_table_test {

using namespace wspool;

namespace {

using join_result = room_table::join_result;
using leave_result = room_table::leave_result;
using member = room_table::member;

std::set<member> members_of(const room_table& table, std::string_view space,
                            std::string_view room) {
  const auto all = table.members(space, room);
  return {all.begin(), all.end()};
}

std::set<std::string> rooms_of(const room_table& table, std::string_view space, member who) {
  const auto all = table.rooms(space, who);
  return {all.begin(), all.end()};
}

struct fixture {
  room_table tested;
};

/// The same, without any thought of speed.
struct naive_table {
  std::map<std::string, std::map<std::string, std::set<member>>> spaces;
  room_limits limits;

  std::set<std::string> rooms(const std::string& space, member who) {
    std::set<std::string> result;
    for (const auto& [room, members] : spaces[space])
      if (members.contains(who))
        result.insert(room);
    return result;
  }

  join_result join(const std::string& space, const std::string& room, member who) {
    auto& in = spaces[space];
    if (in.contains(room) && in[room].contains(who))
      return join_result::already_there;
    if (rooms(space, who).size() >= limits.rooms_per_member)
      return join_result::too_many_rooms;
    const bool is_new = !in.contains(room);
    if (is_new && in.size() >= limits.rooms)
      return join_result::no_room_for_room;
    in[room].insert(who);
    return is_new ? join_result::opened : join_result::joined;
  }

  leave_result leave(const std::string& space, const std::string& room, member who) {
    auto& in = spaces[space];
    if (!in.contains(room) || in[room].erase(who) == 0)
      return leave_result::not_there;
    if (!in[room].empty())
      return leave_result::left;
    in.erase(room);
    return leave_result::closed;
  }

  /// Rooms, and whether they were closed.
  std::map<std::string, bool> remove(const std::string& space, member who) {
    std::map<std::string, bool> result;
    for (const auto& room : rooms(space, who))
      result[room] = leave(space, room, who) == leave_result::closed;
    return result;
  }

  std::set<member> all_members(const std::string& space) {
    std::set<member> result;
    for (const auto& [room, members] : spaces[space])
      result.insert(members.begin(), members.end());
    return result;
  }
};

const std::vector<std::string> spaces{"", "a", "b"};
const std::vector<std::string> rooms{"r0", "r1", "r2", "r3", "r4"};
constexpr member how_many = 6;

void play_one(room_table& tested, naive_table& model) {
  const auto space = *rc::gen::elementOf(spaces);
  const auto room = *rc::gen::elementOf(rooms);
  const auto who = *rc::gen::inRange<member>(0, how_many);
  switch (*rc::gen::weightedElement<int>({{6, 0}, {4, 1}, {1, 2}})) {
    case 0:
      RC_ASSERT(tested.join(space, room, who) == model.join(space, room, who));
      break;
    case 1:
      RC_ASSERT(tested.leave(space, room, who) == model.leave(space, room, who));
      break;
    default: {
      std::map<std::string, bool> left;
      for (const auto& departure : tested.remove(space, who))
        RC_ASSERT(left.emplace(departure.room, departure.closed).second);
      RC_ASSERT(left == model.remove(space, who));
    }
  }
}

void compare(const room_table& tested, naive_table& model) {
  std::size_t used = 0;
  for (const auto& space : spaces) {
    used += model.spaces[space].empty() ? 0 : 1;
    RC_ASSERT(tested.room_count(space) == model.spaces[space].size());
    RC_ASSERT(tested.member_count(space) == model.all_members(space).size());
    for (const auto& room : rooms) {
      const auto expected =
        model.spaces[space].contains(room) ? model.spaces[space][room] : std::set<member>{};
      RC_ASSERT(tested.members(space, room).size() == expected.size());
      RC_ASSERT(members_of(tested, space, room) == expected);
      for (member who = 0; who < how_many; ++who)
        RC_ASSERT(tested.contains(space, room, who) == expected.contains(who));
    }
    for (member who = 0; who < how_many; ++who)
      RC_ASSERT(rooms_of(tested, space, who) == model.rooms(space, who));
  }
  RC_ASSERT(tested.space_count() == used);
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(room_table_tests, fixture)

CAF_TEST(the_first_opens_a_room_and_the_last_closes_it) {
  CAF_CHECK(tested.join("s", "r", 1) == join_result::opened);
  CAF_CHECK(tested.join("s", "r", 2) == join_result::joined);
  CAF_CHECK(tested.join("s", "r", 2) == join_result::already_there);
  CAF_CHECK_EQUAL(members_of(tested, "s", "r"), (std::set<member>{1, 2}));
  CAF_CHECK(tested.leave("s", "r", 1) == leave_result::left);
  CAF_CHECK(tested.leave("s", "r", 1) == leave_result::not_there);
  CAF_CHECK(tested.leave("s", "r", 2) == leave_result::closed);
  CAF_CHECK(tested.leave("s", "r", 2) == leave_result::not_there);
  CAF_CHECK(tested.members("s", "r").empty());
}

CAF_TEST(empty_rooms_members_and_namespaces_vanish) {
  (void)tested.join("s", "r", 1);
  CAF_CHECK_EQUAL(tested.room_count("s"), 1u);
  CAF_CHECK_EQUAL(tested.member_count("s"), 1u);
  CAF_CHECK_EQUAL(tested.space_count(), 1u);
  (void)tested.leave("s", "r", 1);
  CAF_CHECK_EQUAL(tested.room_count("s"), 0u);
  CAF_CHECK_EQUAL(tested.member_count("s"), 0u);
  CAF_CHECK_EQUAL(tested.space_count(), 0u);
}

CAF_TEST(namespaces_do_not_know_of_each_other) {
  (void)tested.join("a", "r", 1);
  CAF_CHECK(tested.join("b", "r", 1) == join_result::opened);
  CAF_CHECK(tested.leave("a", "r", 1) == leave_result::closed);
  CAF_CHECK(tested.contains("b", "r", 1));
  CAF_CHECK(!tested.contains("a", "r", 1));
}

CAF_TEST(a_removed_member_is_in_no_room) {
  (void)tested.join("s", "alone", 1);
  (void)tested.join("s", "shared", 1);
  (void)tested.join("s", "shared", 2);
  auto left = tested.remove("s", 1);
  std::sort(left.begin(), left.end(), [](const auto& x, const auto& y) { return x.room < y.room; });
  CAF_REQUIRE_EQUAL(left.size(), 2u);
  CAF_CHECK(left[0] == (room_table::departure{"alone", true}));
  CAF_CHECK(left[1] == (room_table::departure{"shared", false}));
  CAF_CHECK(tested.rooms("s", 1).empty());
  CAF_CHECK_EQUAL(members_of(tested, "s", "shared"), (std::set<member>{2}));
  CAF_CHECK(tested.remove("s", 1).empty());
  CAF_CHECK(tested.remove("nowhere", 1).empty());
}

CAF_TEST(beyond_the_limits_nobody_joins) {
  room_table small{{.rooms_per_member = 2, .rooms = 3}};
  (void)small.join("s", "r1", 1);
  (void)small.join("s", "r2", 1);
  CAF_CHECK(small.join("s", "r3", 1) == join_result::too_many_rooms);
  CAF_CHECK(small.join("s", "r2", 1) == join_result::already_there);
  (void)small.join("s", "r3", 2);
  CAF_CHECK(small.join("s", "r4", 2) == join_result::no_room_for_room);
  CAF_CHECK(small.join("s", "r1", 2) == join_result::joined);
  CAF_CHECK(small.join("other", "r4", 2) == join_result::opened);
  (void)small.leave("s", "r2", 1);
  CAF_CHECK(small.join("s", "r4", 1) == join_result::opened);
}

CAF_TEST(a_refusal_leaves_nothing_behind) {
  room_table closed{{.rooms_per_member = 1, .rooms = 0}};
  CAF_CHECK(closed.join("s", "r", 1) == join_result::no_room_for_room);
  CAF_CHECK_EQUAL(closed.space_count(), 0u);
  CAF_CHECK_EQUAL(closed.member_count("s"), 0u);
}

CAF_TEST(it_does_what_a_naive_table_does) {
  CAF_CHECK(rc::check([] {
    naive_table model;
    model.limits.rooms_per_member = *rc::gen::inRange<std::size_t>(0, 5);
    model.limits.rooms = *rc::gen::inRange<std::size_t>(0, 6);
    room_table table{model.limits};
    for (auto steps = *rc::gen::inRange(0, 60); steps > 0; --steps) {
      play_one(table, model);
      compare(table, model);
    }
  }));
}

CAF_TEST_FIXTURE_SCOPE_END()

} // namespace room_table_test
