// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "stream/remote_pool.hpp"

#include <boost/asio.hpp>
#include <caf/io/middleman.hpp>
#include <caf/sec.hpp>

#include <set>
#include <stdexcept>
#include <utility>

namespace wspool::cli {

namespace {

/// Why a port does not become a node's.
std::string why_not_published(app_system& apps, const caf::error& e) {
  if (e == caf::sec::cannot_open_port)
    return "the port is in use, or may not be opened";
  return compat::render(apps.actors, e);
}

/// Why what listens somewhere is not a pool.
std::string why_not_a_pool(app_system& apps, const caf::error& e) {
  if (e == caf::sec::unexpected_actor_messaging_interface)
    return "what is published there is not a pool of this version";
  if (e == caf::sec::disconnect_during_handshake)
    return "what listens there is not a node";
  return "no answer that a node would give (" + compat::render(apps.actors, e) + ")";
}

/// Whether somebody listens there. @returns why not; empty if all is well.
std::string try_to_reach(const address& node, std::chrono::milliseconds deadline) {
  using boost::asio::ip::tcp;
  boost::asio::io_context context;
  boost::system::error_code result = boost::asio::error::timed_out;
  tcp::socket socket{context};
  auto found = tcp::resolver{context}.resolve(node.host, std::to_string(node.port), result);
  if (result)
    return result.message();
  result = boost::asio::error::timed_out;
  boost::asio::async_connect(
    socket, found, [&result](boost::system::error_code e, const tcp::endpoint&) { result = e; });
  context.run_for(deadline);
  return result ? result.message() : std::string{};
}

} // namespace

pool_actor connect_to_node(app_system& apps, const address& node, const signal_inbox& signals,
                           const connection_deadlines& deadlines) {
  signal_inbox::deadly deadly{signals};
  auto fail = [&node](const std::string& why) {
    throw std::runtime_error("--via: no pool at " + node.text() + ": " + why);
  };
  // CAF's own attempt would wait for as long as the operating system tries, and so would the end
  // of the actor system.
  if (auto why = try_to_reach(node, deadlines.address); !why.empty())
    fail(why);
  auto& middleman = apps.actors.middleman();
  caf::scoped_actor self{apps.actors};
  compat::ask(self.ptr(), middleman.actor_handle(), caf::timespan{deadlines.handshake},
              caf::connect_atom_v, node.host, node.port)
    .receive([](caf::node_id&, caf::strong_actor_ptr&, std::set<std::string>&) {},
             [&](const caf::error& e) { fail(why_not_a_pool(apps, e)); });
  // The middleman remembers what it has just found; this checks the interface.
  auto found = middleman.remote_actor<pool_actor>(node.host, node.port);
  if (!found)
    fail(why_not_a_pool(apps, found.error()));
  return std::move(*found);
}

std::uint16_t publish(app_system& apps, const pool_actor& pool, const address& where) {
  auto port = apps.actors.middleman().publish(pool, where.port, where.host.c_str(), true);
  if (!port)
    throw std::runtime_error("--listen: cannot listen on " + where.text() + ": "
                             + why_not_published(apps, port.error()));
  return *port;
}

void unpublish(app_system& apps, const pool_actor& pool, std::uint16_t port) {
  // It can only fail by not being published any more.
  (void)apps.actors.middleman().unpublish(pool, port);
}

} // namespace wspool::cli
