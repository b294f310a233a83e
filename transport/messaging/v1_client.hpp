// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "messaging/dialect.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace wspool {

/// What a server has said, as a client of v1 understands it.
struct heard_reply {
  std::optional<server_reply> reply;
  std::string fault; ///< why there is no reply; empty: a type that only newer clients know
};

/// The client's side of v1: the reverse of `v1_dialect`.
[[nodiscard]] encoded_message encode_v1_request(const client_request& request);

/// Of untrusted bytes. Ignores fields that it does not know, as PROTOCOL.md demands.
[[nodiscard]] heard_reply decode_v1_reply(std::string_view data, message_kind kind,
                                          const request_limits& limits);

} // namespace wspool
