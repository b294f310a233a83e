// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "messaging/dialect.hpp"
#include "messaging/request_limits.hpp"
#include "protocol/utf8.hpp"

#include <wspool/messaging_events.hpp>

#include <algorithm>
#include <string>
#include <string_view>

namespace wspool {

/// What a channel may be called, by clients (their dialects see to it) and by the application.
[[nodiscard]] inline bool is_channel_name(std::string_view name, const request_limits& limits) {
  return !name.empty() && name.size() <= limits.channel_bytes && detail::valid_utf8(name)
         && std::none_of(name.begin(), name.end(),
                         [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

// Names that are made of several: with U+001F between, which none of them has.

/// The hub's room of a channel's members who speak this dialect: an event is written once for each
/// dialect, and framed once for each room.
[[nodiscard]] inline std::string message_room(dialect_kind kind, std::string_view channel) {
  std::string result{name_of(kind)};
  return result.append("\x1f").append(channel);
}

/// The hub's room of a channel's members who want to hear of others that come and go.
[[nodiscard]] inline std::string presence_room(std::string_view channel) {
  return std::string{"presence\x1f"}.append(channel);
}

/// The channel that either room is of.
[[nodiscard]] inline std::string channel_of_room(std::string_view room) {
  const auto end = room.find('\x1f');
  return std::string{room.substr(end == room.npos ? 0 : end + 1)};
}
[[nodiscard]] inline bool is_presence_room(std::string_view room) {
  return room.starts_with("presence\x1f");
}

/// What a client is known by over its connections, on all nodes: the same session of somebody else
/// is another client.
[[nodiscard]] inline std::string client_key(std::string_view space, std::string_view identity,
                                            std::string_view session) {
  std::string result{space};
  return result.append("\x1f").append(identity).append("\x1f").append(session);
}

/// A client's query by its idempotency key.
[[nodiscard]] inline std::string query_key(std::string_view client, std::string_view key) {
  std::string result{client};
  return result.append("\x1f").append(key);
}

} // namespace wspool
