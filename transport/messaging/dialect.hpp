// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "messaging/replies.hpp"
#include "messaging/request_limits.hpp"
#include "messaging/requests.hpp"

#include <wspool/message.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace wspool {

/// What a client's message means, or why it means nothing.
using decoded_message = std::variant<client_request, rejection>;

/// A message on its way to a client; the same bytes may go to many.
struct encoded_message {
  message_kind kind = message_kind::text;
  std::string data;
  friend bool operator==(const encoded_message&, const encoded_message&) = default;
};

/// A way to say the same things. Without state: one object serves all connections and threads.
class dialect {
public:
  virtual ~dialect() = default;

  /// Of untrusted bytes; text is known to be UTF-8. Does not throw for anything that they may be.
  [[nodiscard]] virtual decoded_message decode(std::string_view data, message_kind kind,
                                               const request_limits& limits) const = 0;

  /// None if the dialect has no word for it: then nothing is sent.
  [[nodiscard]] virtual std::optional<encoded_message> encode(const server_reply& reply) const = 0;
};

enum class dialect_kind : std::uint8_t {
  v1,       ///< PROTOCOL.md
  thinws,   ///< what ThinWS's own client speaks
  channels, ///< `action`, `channel`, `data`
};

[[nodiscard]] const dialect& dialect_of(dialect_kind kind) noexcept;

/// The WebSocket subprotocol (RFC 6455 §1.9) that chooses the dialect, e.g. "wspool.v1.json".
[[nodiscard]] std::string_view subprotocol_of(dialect_kind kind) noexcept;

/// Subprotocols are compared as they are: case matters (RFC 6455 §4.1).
[[nodiscard]] std::optional<dialect_kind> dialect_by_subprotocol(std::string_view name) noexcept;

/// The name for options: "v1", "thinws", "channels".
[[nodiscard]] std::string_view name_of(dialect_kind kind) noexcept;
[[nodiscard]] std::optional<dialect_kind> dialect_by_name(std::string_view name) noexcept;

} // namespace wspool
