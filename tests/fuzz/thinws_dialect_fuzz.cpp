// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)

// What ThinWS's clients say.
#include "dialect_observer.hpp"

namespace thinws_dialect_fuzz {

WSPOOL_FUZZ_TARGET(thinws_dialect) { wspool::fuzz::observe(wspool::dialect_kind::thinws, input); }

} // namespace thinws_dialect_fuzz
