// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include <wspool/server.hpp>

#include "hub/gate_actor.hpp"
#include "hub/hub_actor.hpp"
#include "net/listener.hpp"
#include "runtime/strand_host.hpp"

#include <memory>
#include <random>
#include <utility>

namespace wspool {

namespace {

/// Listens on all addresses, or on none.
failure listen(io_pool& io, const server_options& options, const caf::actor& gate,
               internal::listening& result) {
  for (const auto& one : options.listen) {
    net::listen_options where;
    where.address = one.address;
    where.tls = one.tls;
    for (const auto& more : one.certificates)
      where.certificates.push_back({more.name, more.certificate_file, more.key_file});
    where.secure_later = true; // the door decides before, and the client has the deadline
    where.no_delay = options.no_delay;
    auto on_accept = [gate](const std::shared_ptr<boost::asio::io_context>& context,
                            std::unique_ptr<byte_stream> stream) {
      auto peer = stream->peer();
      compat::anon_tell(
        gate, internal::pack(internal::arrival{context, std::move(stream), std::move(peer)}));
    };
    std::unique_ptr<net::listener> opened;
    if (auto why = net::listener::open(io, where, std::move(on_accept), opened))
      return why;
    result.listeners.push_back(std::move(opened));
  }
  return {};
}

} // namespace

server_actor spawn_server(caf::actor_system& system, io_pool& io, server_options options,
                          authenticator_actor authenticator) {
  if (auto why = validate(options))
    throw invalid_options{why};
  while (options.seed == 0)
    options.seed = std::random_device{}();
  const auto shared = std::make_shared<const server_options>(std::move(options));
  const auto host = strand_host::of(system, io);
  auto gate = spawn_gate(host, shared, std::move(authenticator));
  auto hub = spawn_hub(host, shared, gate);
  compat::anon_tell(gate, join_atom_v, caf::actor_cast<caf::actor>(hub));
  internal::listening listening;
  if (auto why = listen(io, *shared, gate, listening)) {
    caf::anon_send_exit(hub, caf::exit_reason::user_shutdown);
    throw invalid_options{why};
  }
  compat::anon_tell(gate, internal::pack(std::move(listening)));
  return hub;
}

audience to_one(client_ref who) {
  return {audience::reach::one, std::move(who.space), std::move(who.id), {}};
}

audience to_room(std::string space, std::string room, client_ref except) {
  return {audience::reach::room, std::move(space), std::move(room), std::move(except)};
}

audience to_space(std::string space, client_ref except) {
  return {audience::reach::space, std::move(space), {}, std::move(except)};
}

audience to_all(client_ref except) { return {audience::reach::all, {}, {}, std::move(except)}; }

} // namespace wspool
