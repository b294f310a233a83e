// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)

// What clients of channels say.
#include "dialect_observer.hpp"

namespace channels_dialect_fuzz {

WSPOOL_FUZZ_TARGET(channels_dialect) {
  wspool::fuzz::observe(wspool::dialect_kind::channels, input);
}

} // namespace channels_dialect_fuzz
