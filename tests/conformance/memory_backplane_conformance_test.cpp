// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE memory_backplane_conformance

#include <wspool/backplane.hpp>

#include <utility>

namespace {

/// Both nodes share the one there is.
struct implementation {
  std::pair<wspool::backplane_actor, wspool::backplane_actor>
  make(caf::actor_system& sys, const wspool::backplane_options& options) {
    const auto plane = wspool::spawn_memory_backplane(sys, options);
    return {plane, plane};
  }
};

} // namespace

#include "conformance/backplane_conformance.hpp"
