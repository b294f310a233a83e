// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>

namespace wspool {

/// What a message carries besides its fields: any JSON, or bytes (they travel behind the fields in
/// a binary WebSocket message).
struct binary_data {
  std::string bytes;
  friend bool operator==(const binary_data&, const binary_data&) = default;
};
using payload = std::variant<boost::json::value, binary_data>;

/// Who is in a channel, or has published: a connection and whom it was authenticated as.
struct channel_member {
  std::string connection;
  std::string identity; ///< empty: none
  friend bool operator==(const channel_member&, const channel_member&) = default;
};

/// A place in a channel's history: the message with this number, of those that were counted from 1
/// since the epoch began. 0 is the place before the first one. An offset means nothing in another
/// epoch.
struct position {
  std::string epoch;
  std::uint64_t offset = 0;
  friend bool operator==(const position&, const position&) = default;
};

/// One message to all members of a channel, whichever dialects publisher and members speak. Made
/// once, then shared by histories and receivers.
struct publication {
  std::string channel;
  std::optional<payload> data;        ///< none: the publisher sent none (ThinWS only)
  boost::json::object meta;           ///< other fields that travel along
  std::optional<channel_member> from; ///< who published; filled in by the server, if at all
};
using shared_publication = std::shared_ptr<const publication>;

} // namespace wspool
