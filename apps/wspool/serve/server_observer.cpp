// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "serve/server_observer.hpp"

#include "events/event_json.hpp"
#include "process/log.hpp"

namespace wspool::cli {

namespace {

caf::behavior observe() {
  return {
    [](const client_arrived_event& e) { print_error_line(to_json(e)); },
    [](const client_left_event& e) { print_error_line(to_json(e)); },
    [](const space_empty_event& e) { print_error_line(to_json(e)); },
  };
}

} // namespace

caf::actor spawn_server_observer(caf::actor_system& system, const server_actor& server) {
  auto result = system.spawn(observe);
  compat::anon_tell(
    server, subscribe_atom_v, result,
    subscription{server_event::arrived | server_event::left | server_event::space_empty, false});
  return result;
}

} // namespace wspool::cli
