// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "messaging/dialect.hpp"

namespace wspool {

/// The protocol `wspool.v1.json`, as PROTOCOL.md specifies it.
class v1_dialect final : public dialect {
public:
  [[nodiscard]] decoded_message decode(std::string_view data, message_kind kind,
                                       const request_limits& limits) const override;
  [[nodiscard]] std::optional<encoded_message> encode(const server_reply& reply) const override;
};

} // namespace wspool
