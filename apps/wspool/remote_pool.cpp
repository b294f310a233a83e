// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "remote_pool.hpp"

#include <caf/io/middleman.hpp>

#include <stdexcept>

namespace wspool::cli {

namespace {

std::string reason_of(app_system& apps, const caf::error& e) {
  return compat::render(apps.actors, e);
}

} // namespace

pool_actor connect_to_node(app_system& apps, const address& node, const signal_inbox& signals) {
  signal_inbox::deadly deadly{signals}; // the call blocks as long as the operating system tries
  auto found = apps.actors.middleman().remote_actor<pool_actor>(node.host, node.port);
  if (!found)
    throw std::runtime_error("--via: no pool at " + node.text() + ": "
                             + reason_of(apps, found.error()));
  return std::move(*found);
}

std::uint16_t publish(app_system& apps, const pool_actor& pool, const address& where) {
  auto port = apps.actors.middleman().publish(pool, where.port, where.host.c_str(), true);
  if (!port)
    throw std::runtime_error("--listen: cannot listen on " + where.text() + ": "
                             + reason_of(apps, port.error()));
  return *port;
}

void unpublish(app_system& apps, const pool_actor& pool, std::uint16_t port) {
  // It can only fail by not being published any more.
  (void)apps.actors.middleman().unpublish(pool, port);
}

} // namespace wspool::cli
