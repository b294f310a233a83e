// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)

// What clients say in `wspool.v1.json`.
#include "dialect_observer.hpp"

namespace v1_dialect_fuzz {

WSPOOL_FUZZ_TARGET(v1_dialect) { wspool::fuzz::observe(wspool::dialect_kind::v1, input); }

} // namespace v1_dialect_fuzz
