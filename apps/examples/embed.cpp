// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)

// The smallest application: a pool of connections, one message through it, and what comes back.
// Usage: embed --url=ws://127.0.0.1:9001

#include <wspool/pool.hpp>

#include <iostream>

namespace {

using namespace wspool;

struct config : caf::actor_system_config {
  config() {
    prepare(*this);
    compat::prefer_sharing(*this); // actors and sockets then answer each other without delay
    opt_group{custom_options_, "global"}.add(url, "url,u", "URL of a WebSocket server");
  }
  std::string url = "ws://127.0.0.1:9001";
};

// Sends a greeting, prints the first answer, and closes the pool, which ends the application.
caf::behavior greeter(caf::event_based_actor* self, const pool_actor& pool, const config& cfg) {
  auto fail = [=](const caf::error& e) { std::cerr << render(self->system(), e) << std::endl; };
  auto wanted = event::open | event::error | event::message;
  compat::tell(self, pool, subscribe_atom_v, caf::actor{self}, subscription{wanted, false});
  compat::ask(self, pool, caf::infinite, add_atom_v, endpoint_options{cfg.url, 5, 1, 0})
    .then([] {}, fail);
  compat::tell(self, pool, send_atom_v, std::string{"hello"}); // waits for a connection
  return {
    [](const open_event& e) { std::cerr << "open: " << e.endpoint << std::endl; },
    [](const error_event& e) { std::cerr << "error: " << e.text << std::endl; },
    [=](const message_event& e) {
      std::cout << e.data << std::endl;
      compat::ask(self, pool, caf::infinite, close_atom_v).then([=](const close_report& report) {
        std::cerr << report.sent << " sent, " << report.received << " received" << std::endl;
        self->quit();
      });
    },
  };
}

void caf_main(caf::actor_system& system, const config& cfg) {
  io_pool io; // the threads of all sockets
  system.spawn(
    [&](caf::event_based_actor* self) { return greeter(self, spawn_pool(system, io, {}), cfg); });
  system.await_all_actors_done();
}

} // namespace

WSPOOL_MAIN()
