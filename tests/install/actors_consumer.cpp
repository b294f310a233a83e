// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)

// The public headers in the company of CAF's own.
#include <wspool/pool.hpp>

#include <caf/all.hpp>

#include <cstdlib>

int main() {
  wspool::message_batch batch = wspool::message_batch::of("one");
  caf::actor_system_config config;
  caf::actor_system system{config};
  return batch.size() == 1 ? EXIT_SUCCESS : EXIT_FAILURE;
}
