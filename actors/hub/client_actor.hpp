// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "hub/courier_actor.hpp"
#include "hub/hub_messages.hpp"
#include "runtime/strand_host.hpp"

#include <wspool/authentication.hpp>
#include <wspool/server_options.hpp>

#include <cstdint>
#include <memory>
#include <string>

namespace wspool {

/// What a gate gives a client for its life.
struct client_setup {
  std::uint64_t number = 0;                     ///< unique in its server
  std::string address;                          ///< of `peer`, without port
  door::verdict verdict = door::verdict::enter; ///< never `turn_away`
  std::shared_ptr<const server_options> options;
  std::uint64_t seed = 0; ///< of its jitter
  caf::actor gate;
  caf::actor hub;
  wspool::courier courier;           ///< of the stream's thread
  authenticator_actor authenticator; ///< null: the options alone decide
  std::unique_ptr<byte_stream> stream;
  std::string peer; ///< remote address and port
};

/// Spawns the actor of one socket, on the thread of its stream. It reads the upgrade request, asks
/// the authenticator who that is and the hub to be let in, serves, and dies with a reason. Its last
/// word, to the gate and to a hub that it asked, is `internal::left`, whatever ends it. The hub's
/// messages and its order to close come by the courier, which calls it: behind all that waits in
/// the mailbox, as the hub sent it.
///
/// | message | from | meaning |
/// |---|---|---|
/// | `admission` | hub | come in, under this id |
/// | `handed` | itself | write these, in order |
/// | `subscribers` | hub | who wants events from now on |
/// | `sample_atom` | hub | answered with `client_sample` |
/// | `close_atom, code, reason` | itself | write what is left, then close |
/// | `destroy_atom` | hub | end hard |
[[nodiscard]] caf::actor spawn_client(const std::shared_ptr<strand_host>& host,
                                      std::shared_ptr<boost::asio::io_context> io,
                                      client_setup setup);

} // namespace wspool
