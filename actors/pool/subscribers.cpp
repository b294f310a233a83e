// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "pool/internal_messages.hpp"

#include <algorithm>

namespace wspool::internal {

bool subscribers::has(const caf::actor_addr& who) const noexcept {
  return std::any_of(list.begin(), list.end(),
                     [&](const auto& s) { return s.who.address() == who; });
}

subscribers subscribers::with(const caf::actor& who, const subscription& what) const {
  auto next = *this;
  auto found =
    std::find_if(next.list.begin(), next.list.end(), [&](const auto& s) { return s.who == who; });
  if (found != next.list.end())
    found->what = what;
  else
    next.list.push_back({who, what, next.version + 1});
  next.changed();
  return next;
}

subscribers subscribers::without(const caf::actor_addr& who) const {
  auto next = *this;
  std::erase_if(next.list, [&](const auto& s) { return s.who.address() == who; });
  next.changed();
  return next;
}

void subscribers::changed() {
  ++version;
  wanted = 0;
  for (const auto& s : list)
    wanted |= s.what.events;
}

} // namespace wspool::internal
