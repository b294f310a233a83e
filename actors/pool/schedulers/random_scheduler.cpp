// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "pool/schedulers/random_scheduler.hpp"

namespace wspool {

void random_scheduler::add(const member& m) { members_.add(m); }

void random_scheduler::remove(connection_id id) { members_.remove(id); }

bool random_scheduler::has(connection_id id) const { return members_.has(id); }

const member* random_scheduler::get(const pick&) {
  if (members_.empty())
    return nullptr;
  // Drawing again until one is not full is uniform and, while most are not, quick.
  for (int tries = 0; tries < 4; ++tries)
    if (auto drawn = members_[below(members_.size())]; !drawn->full)
      return drawn;
  std::size_t candidates = 0;
  for (std::size_t i = 0; i < members_.size(); ++i)
    candidates += members_[i]->full ? 0 : 1;
  if (candidates == 0)
    return nullptr;
  auto skip = below(candidates);
  for (std::size_t i = 0;; ++i)
    if (!members_[i]->full && skip-- == 0)
      return members_[i];
}

std::size_t random_scheduler::below(std::size_t end) {
  return std::uniform_int_distribution<std::size_t>{0, end - 1}(engine_);
}

} // namespace wspool
