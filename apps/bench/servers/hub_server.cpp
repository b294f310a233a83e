// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)

// A server on `spawn_server`: an actor sends to all whatever comes in.

#include "bench/servers/server_runner.hpp"

#include "bench/machine.hpp"

#include <wspool/server.hpp>

#include <cstdio>
#include <future>
#include <unistd.h>

namespace wspool::bench {

namespace {

struct hub_config : caf::actor_system_config {
  hub_config() {
    prepare(*this);
    compat::prefer_sharing(*this);
    set(compat::caf_key("scheduler.max-threads"), std::size_t{1}); // as many cores as it has
  }
};

caf::behavior repeat_to_all(caf::event_based_actor* self, const server_actor& server) {
  return {
    [self, server](const client_messages_event& e) {
      compat::tell(self, server, send_atom_v, to_all(), e.messages);
    },
  };
}

} // namespace

void run_hub_server() {
  raise_file_limit();
  compat::register_types<caf::id_block::wspool>();
  hub_config config;
  caf::actor_system system{config};
  io_pool io{1};
  server_options options;
  options.listen = {{"127.0.0.1:0", {}}};
  options.deflate.enabled = true; // with those that ask for it
  options.max_deflate_bytes = 0;
  // Whoever is late is late because there is one core for the crowd.
  options.backlog.max_messages = 1'000'000;
  options.backlog.max_bytes = 64 * 1024 * 1024;
  const auto server = spawn_server(system, io, options);
  const auto repeater = system.spawn(repeat_to_all, server);
  compat::anon_tell(server, subscribe_atom_v, repeater, subscription{server_event::message, true});
  std::promise<std::string> address;
  auto ask = [&](caf::event_based_actor* self) {
    compat::ask(self, server, caf::infinite, address_atom_v).then([&](const listen_report& x) {
      address.set_value(x.addresses.front());
    });
  };
  const auto asker = system.spawn(ask);
  std::printf("%s\n", address.get_future().get().c_str());
  std::fflush(stdout);
  for (;;)
    ::pause();
}

} // namespace wspool::bench
