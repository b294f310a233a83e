// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "pool/schedulers/failover_scheduler.hpp"

#include <algorithm>

namespace wspool {

void failover_scheduler::add(const member& m) { groups_[m.group].add(m); }

void failover_scheduler::remove(connection_id id) {
  for (auto i = groups_.begin(); i != groups_.end(); ++i) {
    if (i->second.remove(id)) {
      if (i->second.empty())
        groups_.erase(i);
      return;
    }
  }
}

bool failover_scheduler::has(connection_id id) const {
  return std::any_of(groups_.begin(), groups_.end(),
                     [id](const auto& kvp) { return kvp.second.has(id); });
}

const member* failover_scheduler::get(const pick&) {
  for (auto& [group, members] : groups_)
    if (auto result = members.next())
      return result;
  return nullptr;
}

} // namespace wspool
