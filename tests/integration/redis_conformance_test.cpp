// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE redis_backplane_conformance

#include "support/redis_process.hpp"

#include <wspool/io_pool.hpp>
#include <wspool/redis_backplane.hpp>

#include <utility>

namespace {

/// Two nodes of one Redis, each with links of its own.
struct implementation {
  std::pair<wspool::backplane_actor, wspool::backplane_actor>
  make(caf::actor_system& sys, const wspool::backplane_options& options);

  wspool::test::redis_process redis;
  wspool::io_pool io{1};
};

} // namespace

#include "conformance/backplane_conformance.hpp"

namespace {

std::pair<backplane_actor, backplane_actor> implementation::make(caf::actor_system& sys,
                                                                 const backplane_options& options) {
  redis_options where;
  where.url = redis.url();
  std::pair result{spawn_redis_backplane(sys, io, where, options),
                   spawn_redis_backplane(sys, io, where, options)};
  for (const auto& one : {result.first, result.second})
    CAF_REQUIRE(is_connected(sys, one));
  return result;
}

} // namespace
