// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "messaging/dialect.hpp"

namespace wspool {

/// Channels as simple as they come:
///
///     client                                                   server
///     {"action":"subscribe","channel":"…"}                     {"channel":"system","data":
///                                                               {"type":"subscription_confirm",
///                                                                "channel":"…"}}
///     {"action":"unsubscribe","channel":"…"}
///     {"action":"publish","channel":"…","data":…}
///     {"type":"ping"}                                          {"type":"pong"}
///
/// Members get `{"channel":"…","data":…}`. What is wrong is answered with
/// `{"channel":"system","data":{"type":"error","message":"why",…}}`. Nobody can subscribe to the
/// channel `system` or publish there. Unknown fields are ignored.
class channels_dialect final : public dialect {
public:
  [[nodiscard]] decoded_message decode(std::string_view data, message_kind kind,
                                       const request_limits& limits) const override;
  [[nodiscard]] std::optional<encoded_message> encode(const server_reply& reply) const override;
};

} // namespace wspool
