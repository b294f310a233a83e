// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "pool/supervisor_timers.hpp"

namespace wspool {

void supervisor_timers::set(std::uint32_t slot, purpose what, time_point at) {
  auto [found, is_new] = times_.try_emplace(key(slot, what), at);
  if (!is_new) {
    ordered_.erase({found->second, slot, what});
    found->second = at;
  }
  ordered_.insert({at, slot, what});
}

void supervisor_timers::cancel(std::uint32_t slot, purpose what) {
  auto found = times_.find(key(slot, what));
  if (found == times_.end())
    return;
  ordered_.erase({found->second, slot, what});
  times_.erase(found);
}

void supervisor_timers::cancel_all(std::uint32_t slot) {
  for (auto what : {purpose::attempt, purpose::settle, purpose::rotate, purpose::reap})
    cancel(slot, what);
}

std::optional<supervisor_timers::time_point> supervisor_timers::find(std::uint32_t slot,
                                                                     purpose what) const {
  auto found = times_.find(key(slot, what));
  if (found == times_.end())
    return std::nullopt;
  return found->second;
}

std::optional<supervisor_timers::time_point> supervisor_timers::earliest() const {
  if (ordered_.empty())
    return std::nullopt;
  return ordered_.begin()->at;
}

std::optional<supervisor_timers::entry> supervisor_timers::take(time_point now) {
  if (ordered_.empty() || ordered_.begin()->at > now)
    return std::nullopt;
  auto result = *ordered_.begin();
  ordered_.erase(ordered_.begin());
  times_.erase(key(result.slot, result.what));
  return result;
}

std::optional<supervisor_timers::time_point> supervisor_timers::arm() {
  auto due = earliest();
  if (!due || (!under_way_.empty() && under_way_.back() <= *due))
    return std::nullopt;
  under_way_.push_back(*due);
  return due;
}

void supervisor_timers::fired(time_point now) {
  while (!under_way_.empty() && under_way_.back() <= now)
    under_way_.pop_back();
}

} // namespace wspool
