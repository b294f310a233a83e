// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "messaging/dialect.hpp"

namespace wspool {

/// What ThinWS's own client speaks, for whom it must seem that nothing has changed:
///
///     client                                                          server
///     {"messageID":N,"type":"connect","connectionID":"…"}             {"type":"ack","messageID":N}
///     {"messageID":N,"type":"subscribe","roomID":"…"}                 the same
///     {"messageID":N,"type":"unsubscribe","roomID":"…"}               the same
///     {"messageID":N,"type":"message","message":…,"roomID":"…",…}     the same
///     {"messageID":N,"type":"disconnect"}                             the same
///
/// Every member of the room, the sender too, gets the message without its messageID; what other
/// fields it has travel along. What is wrong is answered with
/// `{"type":"error","messageID":N,"message":"why"}` instead. Ids are strings or numbers, and stay
/// what they are; a room 5 and a room "5" are the same. Unknown fields of other messages are
/// ignored, as ThinWS does.
class thinws_dialect final : public dialect {
public:
  [[nodiscard]] decoded_message decode(std::string_view data, message_kind kind,
                                       const request_limits& limits) const override;
  [[nodiscard]] std::optional<encoded_message> encode(const server_reply& reply) const override;
};

} // namespace wspool
