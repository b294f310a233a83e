// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "pool/schedulers/power_of_two_scheduler.hpp"

namespace wspool {

void power_of_two_scheduler::add(const member& m) { members_.add(m); }

void power_of_two_scheduler::remove(connection_id id) { members_.remove(id); }

bool power_of_two_scheduler::has(connection_id id) const { return members_.has(id); }

const member* power_of_two_scheduler::get(const pick&) {
  const auto size = members_.size();
  if (size < 2)
    return size == 0 || members_[0]->full ? nullptr : members_[0];
  auto first = below(size);
  auto second = below(size - 1);
  if (second >= first)
    ++second;
  auto x = members_[first];
  auto y = members_[second];
  if (x->full && y->full)
    return of_those_with_room();
  if (x->full || y->full)
    return x->full ? y : x;
  return detail::is_less_loaded(*y, *x) ? y : x;
}

/// Both drawn ones were full: the next two with room after a random place.
const member* power_of_two_scheduler::of_those_with_room() {
  const auto size = members_.size();
  const member* first = nullptr;
  auto i = below(size);
  for (auto left = size; left > 0; --left) {
    auto candidate = members_[i];
    if (++i == size)
      i = 0;
    if (candidate->full)
      continue;
    if (first)
      return detail::is_less_loaded(*candidate, *first) ? candidate : first;
    first = candidate;
  }
  return first;
}

std::size_t power_of_two_scheduler::below(std::size_t end) {
  return std::uniform_int_distribution<std::size_t>{0, end - 1}(engine_);
}

} // namespace wspool
