// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include <wspool/broker.hpp>

#include "broker/broker_actor.hpp"

#include <memory>
#include <random>
#include <utility>

namespace wspool {

broker_actor spawn_broker(caf::actor_system& system, io_pool& io, const server_actor& server,
                          const backplane_actor& backplane, broker_options options) {
  if (auto why = validate(options))
    throw invalid_options{why};
  if (!server || !backplane)
    throw invalid_options{{errc::invalid_option, "a broker needs a server and a backplane"}};
  while (options.seed == 0)
    options.seed = std::random_device{}();
  auto shared = std::make_shared<const broker_options>(std::move(options));
  return spawn_broker(strand_host::of(system, io), server, backplane, std::move(shared));
}

} // namespace wspool
