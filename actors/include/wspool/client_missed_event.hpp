// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <wspool/server_events.hpp>
#include <wspool/server_inspect.hpp>

#include <cstdint>

namespace wspool {

/// Messages to a client were dropped by the slow-consumer policy. Comes when the client takes
/// messages again, so that what it is then told of it has a place; once for all that were dropped
/// until then. If what it is told is dropped, too, there is another one.
struct client_missed_event {
  client_ref client;
  std::uint64_t messages = 0; ///< since the one before
};

namespace server_event {
inline constexpr std::uint32_t missed = 1u << 4;
} // namespace server_event

template <class Inspector>
WSPOOL_INSPECT_RESULT(Inspector)
inspect(Inspector& f, client_missed_event& x) {
  return compat::inspect_fields(f, x, "client_missed_event", compat::field("client", x.client),
                                compat::field("messages", x.messages));
}

} // namespace wspool
