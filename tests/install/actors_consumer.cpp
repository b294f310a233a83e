// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)

// An application that knows wspool by its installed package only: a pool, a server, a delivery.
#include <wspool/echo_server.hpp>
#include <wspool/pool.hpp>

#include <caf/all.hpp>

#include <chrono>
#include <cstdlib>
#include <iostream>
#include <memory>

namespace {

struct config : caf::actor_system_config {
  config() { wspool::prepare(*this); }
};

bool deliver_one(caf::actor_system& system, wspool::io_pool& io) {
  std::unique_ptr<wspool::echo_server> server;
  if (auto why = wspool::echo_server::start(io, {}, server)) {
    std::cerr << why.message() << '\n';
    return false;
  }
  wspool::pool_options options;
  options.endpoints.push_back({server->url(), 2});
  auto pool = wspool::spawn_pool(system, io, options);
  caf::scoped_actor self{system};
  bool delivered = false;
  // `compat` sends the same on every CAF that the library can be built with.
  wspool::compat::ask(self.ptr(), pool, std::chrono::seconds{20}, wspool::deliver_atom_v,
                      wspool::outgoing{"hello", {}}, wspool::until::confirmed)
    .receive([&](const wspool::receipt&) { delivered = true; },
             [&](const caf::error& e) { std::cerr << wspool::render(system, e) << '\n'; });
  wspool::compat::ask(self.ptr(), pool, std::chrono::seconds{20}, wspool::close_atom_v)
    .receive([&](const wspool::close_report& r) { delivered = delivered && r.sent == 1; },
             [&](const caf::error& e) {
               std::cerr << wspool::render(system, e) << '\n';
               delivered = false;
             });
  return delivered && server->counters().messages == 1;
}

int caf_main(caf::actor_system& system, const config&) {
  wspool::io_pool io{1};
  return deliver_one(system, io) ? EXIT_SUCCESS : EXIT_FAILURE;
}

} // namespace

WSPOOL_MAIN()
