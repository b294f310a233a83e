// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "pool/schedulers/least_pending_scheduler.hpp"

namespace wspool {

void least_pending_scheduler::add(const member& m) { members_.add(m); }

void least_pending_scheduler::remove(connection_id id) { members_.remove(id); }

bool least_pending_scheduler::has(connection_id id) const { return members_.has(id); }

const member* least_pending_scheduler::get(const pick&) {
  return members_.best(detail::is_less_loaded);
}

} // namespace wspool
