// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE directory

#include "support/unit_test.hpp"

#include "hub/directory.hpp"

#include <rapidcheck.h>

#include <map>
#include <set>
#include <string>
#include <tuple>
#include <vector>

namespace directory_test {

using namespace wspool;

namespace {

using people = directory<int>;
using numbers = std::set<std::uint64_t>;

/// The same, as one would write it first.
struct model {
  struct person {
    client_ref ref;
    std::set<std::string> rooms;
  };
  std::map<std::uint64_t, person> all;

  [[nodiscard]] numbers of(const audience& whom) const {
    numbers result;
    for (const auto& [number, x] : all) {
      const bool there =
        whom.whom == audience::reach::all
        || (whom.whom == audience::reach::space && x.ref.space == whom.space)
        || (whom.whom == audience::reach::room && x.ref.space == whom.space
            && x.rooms.contains(whom.name))
        || (whom.whom == audience::reach::one && x.ref == client_ref{whom.space, whom.name});
      if (there && x.ref != whom.except)
        result.insert(number);
    }
    return result;
  }
  [[nodiscard]] std::size_t rooms() const {
    std::set<std::pair<std::string, std::string>> result;
    for (const auto& [number, x] : all)
      for (const auto& room : x.rooms)
        result.insert({x.ref.space, room});
    return result.size();
  }
  [[nodiscard]] std::set<std::string> spaces() const {
    std::set<std::string> result;
    for (const auto& [number, x] : all)
      result.insert(x.ref.space);
    return result;
  }
};

numbers reached(people& them, const audience& whom) {
  numbers result;
  them.for_each(whom, [&](people::member& x) {
    RC_ASSERT(result.insert(x.number).second); // nobody twice
  });
  return result;
}

std::string letter(unsigned n) { return std::string(1, static_cast<char>('a' + n)); }

void compare(people& them, const model& expected) {
  RC_ASSERT(them.size() == expected.all.size());
  RC_ASSERT(them.spaces() == expected.spaces().size());
  RC_ASSERT(them.rooms() == expected.rooms());
  RC_ASSERT(reached(them, to_all()) == expected.of(to_all()));
  for (unsigned s = 0; s < 3; ++s) {
    RC_ASSERT(reached(them, to_space(letter(s))) == expected.of(to_space(letter(s))));
    for (unsigned r = 0; r < 3; ++r) {
      const auto room = to_room(letter(s), letter(r), {letter(s), letter(0)});
      RC_ASSERT(reached(them, room) == expected.of(room));
      RC_ASSERT(them.count(room) == expected.of(room).size());
    }
    for (unsigned i = 0; i < 6; ++i) {
      const auto one = to_one({letter(s), letter(i)});
      RC_ASSERT(reached(them, one) == expected.of(one));
    }
  }
}

} // namespace

CAF_TEST(it_is_what_a_plain_list_of_people_is) {
  using step = std::tuple<unsigned, unsigned, unsigned, unsigned>;
  CAF_CHECK(rc::check([](const std::vector<step>& steps) {
    people them;
    model expected;
    std::uint64_t next = 1;
    for (auto [what, who, space, name] : steps) {
      const auto at = letter(space % 3);
      if (what % 5 == 0) {
        const client_ref ref{at, letter(name % 6)};
        const bool taken = !expected.of(to_one(ref)).empty();
        const bool added = them.add(next, ref, 0) != nullptr;
        RC_ASSERT(added == !taken);
        if (added)
          expected.all[next] = {ref, {}};
        ++next;
      } else if (!expected.all.empty()) {
        auto chosen = expected.all.begin();
        std::advance(chosen, who % expected.all.size());
        auto& [number, person] = *chosen;
        auto* const member = them.find(number);
        RC_ASSERT(member != nullptr);
        RC_ASSERT(member == them.find(person.ref));
        if (what % 5 == 1) {
          const auto its_space = person.ref.space;
          expected.all.erase(chosen);
          RC_ASSERT(them.remove(*member) == !expected.spaces().contains(its_space));
        } else if (what % 5 == 2) {
          them.leave(*member, letter(name % 3));
          person.rooms.erase(letter(name % 3));
        } else {
          them.join(*member, letter(name % 3));
          person.rooms.insert(letter(name % 3));
        }
      }
    }
    compare(them, expected);
  }));
}

CAF_TEST(pages_go_through_a_namespace_in_order_whatever_their_size) {
  CAF_CHECK(rc::check([](const std::set<std::string>& ids) {
    people them;
    std::uint64_t next = 1;
    for (const auto& id : ids)
      if (!id.empty())
        them.add(next++, {"s", id}, 0);
    them.add(next, {"other", "x"}, 0);
    const auto size = *rc::gen::inRange<std::size_t>(1, 5);
    std::vector<std::string> seen;
    std::string after;
    bool more = true;
    while (more) {
      more = them.page("s", after, size, [&](const people::member& x) {
        seen.push_back(x.ref.id);
        after = x.ref.id;
      });
    }
    auto expected = std::vector<std::string>(ids.begin(), ids.end());
    std::erase(expected, std::string{});
    RC_ASSERT(seen == expected);
  }));
}

CAF_TEST(rooms_are_told_in_the_order_of_joining) {
  people them;
  auto* const x = them.add(1, {"s", "x"}, 0);
  for (auto room : {"c", "a", "b", "a"})
    them.join(*x, room);
  them.leave(*x, "a");
  CAF_CHECK_EQUAL(x->rooms(), (std::vector<std::string>{"c", "b"}));
}

} // namespace directory_test
