// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "pool/schedulers/lowest_rtt_scheduler.hpp"

#include <algorithm>

namespace wspool {

namespace {

constexpr std::chrono::nanoseconds unknown{0};

bool is_faster(const member& x, const member& y) noexcept {
  if (x.round_trip == unknown || y.round_trip == unknown)
    return x.round_trip != unknown && y.round_trip == unknown;
  return x.round_trip < y.round_trip;
}

} // namespace

void lowest_rtt_scheduler::add(const member& m) {
  members_.add(m);
  probed_.add(m);
  untried_.push_back(&m);
}

void lowest_rtt_scheduler::remove(connection_id id) {
  members_.remove(id);
  probed_.remove(id);
  std::erase_if(untried_, [id](const member* m) { return m->id == id; });
}

bool lowest_rtt_scheduler::has(connection_id id) const { return members_.has(id); }

const member* lowest_rtt_scheduler::get(const pick&) {
  if (!untried_.empty())
    if (auto newcomer = take_untried())
      return newcomer;
  if (++turn_ % probe_every == 0)
    if (auto other = probed_.next(members_.best(is_faster, false)))
      return other;
  return members_.best(is_faster);
}

const member* lowest_rtt_scheduler::take_untried() {
  std::erase_if(untried_, [](const member* m) { return m->round_trip != unknown; });
  auto found =
    std::find_if(untried_.begin(), untried_.end(), [](const member* m) { return !m->full; });
  if (found == untried_.end())
    return nullptr;
  auto result = *found;
  untried_.erase(found);
  return result;
}

} // namespace wspool
