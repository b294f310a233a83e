// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "pool/schedulers/weighted_scheduler.hpp"

#include <algorithm>

namespace wspool {

void weighted_scheduler::add(const member& m) { entries_.push_back({&m, 0}); }

void weighted_scheduler::remove(connection_id id) {
  std::erase_if(entries_, [id](const entry& x) { return x.who->id == id; });
  // Credits sum up to zero among those who earned and paid together. What one takes along would
  // otherwise be owed by the others for ever.
  for (auto& x : entries_)
    x.credit = 0;
}

bool weighted_scheduler::has(connection_id id) const {
  return std::any_of(entries_.begin(), entries_.end(),
                     [id](const entry& x) { return x.who->id == id; });
}

const member* weighted_scheduler::get(const pick&) {
  entry* richest = nullptr;
  std::int64_t total = 0;
  for (auto& x : entries_) {
    // A full one earns nothing: its share is not saved up for a burst when it has room again.
    if (x.who->full)
      continue;
    auto weight = static_cast<std::int64_t>(std::max<std::uint32_t>(x.who->weight, 1));
    x.credit += weight;
    total += weight;
    if (!richest || x.credit > richest->credit)
      richest = &x;
  }
  if (!richest)
    return nullptr;
  richest->credit -= total;
  return richest->who;
}

} // namespace wspool
