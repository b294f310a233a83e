// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <wspool/io_pool.hpp>
#include <wspool/pool.hpp>

#include <chrono>
#include <optional>
#include <vector>

// The program's own atoms, behind the library's room for 200 types.
CAF_BEGIN_TYPE_ID_BLOCK(wspool_cli, first_custom_type_id + 1200)

  CAF_ADD_ATOM(wspool_cli, wspool::cli, written_atom, "written")
  CAF_ADD_ATOM(wspool_cli, wspool::cli, finish_atom, "finish")
  CAF_ADD_ATOM(wspool_cli, wspool::cli, refresh_atom, "refresh")

CAF_END_TYPE_ID_BLOCK(wspool_cli)

namespace wspool::cli {

/// Makes all types of messages known; on CAF 1.x that must come before any configuration.
struct known_types {
  known_types();
};

/// What CAF needs to know. With `network`, nodes talk to others, and one that is silent for three
/// heartbeats is dead.
class app_config : public caf::actor_system_config {
public:
  explicit app_config(std::optional<std::chrono::milliseconds> network = std::nullopt);
};

/// The actor system and the threads of the sockets. They end in the right order: sockets first.
struct app_system {
  /// `io_threads` as of `io_pool`; `network`: the heartbeat between nodes, if there are others.
  explicit app_system(std::size_t io_threads = 0,
                      std::optional<std::chrono::milliseconds> network = std::nullopt)
    : config(network), actors(config), io(io_threads) {}

  known_types types;
  app_config config;
  caf::actor_system actors;
  io_pool io;
};

/// Has a pool that was made without endpoints connect to these, after all that this thread told
/// it before: subscribers then miss nothing. The endpoints were checked.
void connect(const pool_actor& pool, const std::vector<endpoint_options>& endpoints);

} // namespace wspool::cli
