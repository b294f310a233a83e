// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "pool/schedulers/round_robin_scheduler.hpp"

namespace wspool {

void round_robin_scheduler::add(const member& m) { members_.add(m); }

void round_robin_scheduler::remove(connection_id id) { members_.remove(id); }

bool round_robin_scheduler::has(connection_id id) const { return members_.has(id); }

const member* round_robin_scheduler::get(const pick&) { return members_.next(); }

} // namespace wspool
