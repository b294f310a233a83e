// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "runtime/strand_actor.hpp"

#include <wspool/backplane.hpp>

namespace wspool {

/// A backplane over Redis, as its own alarm clock sees it.
using redis_interface = compat::extend<backplane_actor, caf::result<void>(tick_atom)>;
using redis_self = strand_actor<redis_interface::base>;

} // namespace wspool
