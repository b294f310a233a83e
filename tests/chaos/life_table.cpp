// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "chaos/life_table.hpp"

#include <algorithm>

namespace wspool::chaos {

std::uint32_t life_table::new_attempt() {
  std::lock_guard guard{mutex_};
  return ++attempts_;
}

void life_table::limit(const std::string& origin, std::size_t sockets) {
  std::lock_guard guard{mutex_};
  origins_[origin].limit = sockets;
}

std::size_t life_table::begin(const std::string& origin) {
  std::lock_guard guard{mutex_};
  auto& there = origins_[origin];
  if (++there.live > there.limit && there.limit > 0)
    verdict_.blame("a socket to " + origin + " while all " + std::to_string(there.limit)
                   + " of its slots have one");
  ++live_;
  life fresh;
  fresh.origin = origin;
  fresh.began = ++moment_;
  lives_.push_back(std::move(fresh));
  return lives_.size() - 1;
}

void life_table::end(std::size_t number) {
  std::lock_guard guard{mutex_};
  auto& x = lives_[number];
  if (x.ended > 0)
    return;
  x.ended = ++moment_;
  --origins_[x.origin].live;
  --live_;
}

void life_table::name(std::size_t number, std::uint32_t attempt) {
  std::lock_guard guard{mutex_};
  by_attempt_[attempt] = number;
}

void life_table::identify(std::uint32_t attempt, connection_id id) {
  std::lock_guard guard{mutex_};
  auto found = by_attempt_.find(attempt);
  if (found == by_attempt_.end())
    return verdict_.blame("an upgrade was told of that nobody asked for");
  auto& x = lives_[found->second];
  x.id = id;
  x.identified = true;
}

bool life_table::ended(std::uint32_t attempt) const {
  std::lock_guard guard{mutex_};
  auto found = by_attempt_.find(attempt);
  return found != by_attempt_.end() && lives_[found->second].ended > 0;
}

std::size_t life_table::live() const {
  std::lock_guard guard{mutex_};
  return live_;
}

std::size_t life_table::attempts() const {
  std::lock_guard guard{mutex_};
  return lives_.size();
}

life_table::lives_of_slot life_table::by_slot() const {
  lives_of_slot result;
  for (const auto& x : lives_)
    if (x.identified)
      result[x.id.slot].push_back(&x);
  for (auto& [slot, lives] : result)
    std::sort(lives.begin(), lives.end(),
              [](auto* a, auto* b) { return a->id.generation < b->id.generation; });
  return result;
}

void life_table::check_overlaps(std::size_t most) const {
  std::lock_guard guard{mutex_};
  for (const auto& [slot, lives] : by_slot()) {
    const auto name = "slot " + std::to_string(slot);
    for (std::size_t i = 0; i < lives.size(); ++i) {
      const auto& x = *lives[i];
      if (i > 0 && lives[i - 1]->began > x.began)
        verdict_.blame(name + " began generation " + std::to_string(x.id.generation)
                       + " before an older one");
      if (i > 0 && lives[i - 1]->id.generation == x.id.generation)
        verdict_.blame(name + " had two connections of generation "
                       + std::to_string(x.id.generation));
      const auto at_once = std::count_if(lives.begin(), lives.end(), [&](auto* other) {
        return other->began <= x.began && (other->ended == 0 || other->ended > x.began);
      });
      if (static_cast<std::size_t>(at_once) > most)
        verdict_.blame(name + " had " + std::to_string(at_once) + " sockets at once, at most "
                       + std::to_string(most) + " were due");
    }
  }
}

} // namespace wspool::chaos
