// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <wspool/server_events.hpp>
#include <wspool/type_ids.hpp>

#include <cstdint>
#include <string>

namespace wspool {

/// Lets a client in. @param expires when it is closed again, in seconds since 1970; 0: never
[[nodiscard]] auth_verdict accept_as(std::string identity, std::int64_t expires = 0);
/// Refuses a client. @param status 400 to 599; the body must not quote the token
[[nodiscard]] auth_verdict refuse_with(std::uint16_t status, std::string body);

/// Decides who is let in: an actor that a server asks once for each upgrade request, before it
/// answers that, and once for each token that comes later, by `connect`. An error, or no answer
/// until the handshake's deadline, refuses the client with 503.
using authenticator_actor =
  compat::typed_actor<caf::result<auth_verdict>(authenticate_atom, auth_request)>;

} // namespace wspool
