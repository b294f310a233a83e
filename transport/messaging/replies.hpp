// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "messaging/message_errc.hpp"
#include "messaging/publication.hpp"

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <variant>
#include <vector>

/// What a server says: answers to requests, and what happens. A `rejection` is one of them.
namespace wspool::replies {

/// The answer to `connect`.
struct connected {
  std::optional<message_id> id;
  std::string connection; ///< the server's name for this connection
  std::string session;    ///< to be given when the client returns
  std::string identity;   ///< whom the client was authenticated as; empty: none
  std::size_t max_message_bytes = 0;
  std::chrono::milliseconds deduplication{0}; ///< how long the ids of publications are remembered
};

struct pong {
  std::optional<message_id> id;
};

/// The answer to `subscribe`; after it, and before anything newer, come the messages missed.
struct subscribed {
  std::optional<message_id> id;
  std::string channel;
  /// Where the channel is now; none if it keeps no history.
  std::optional<position> where;
  /// Whether all that was missed follows; none if the client did not ask.
  std::optional<bool> recovered;
};

/// The message of this id was accepted.
struct ack {
  std::optional<message_id> id;  ///< none: nothing is sent
  std::optional<position> where; ///< of a publication in its channel
  bool duplicate = false;        ///< a publication that had come before: it was not sent again
};

/// A message in a channel.
struct event {
  shared_publication message;
  std::optional<position> where;
};

/// The answer to a query.
struct response {
  message_id id;
  std::optional<payload> data;
};

/// The answer to `presence`.
struct presence {
  message_id id;
  std::string channel;
  std::vector<channel_member> members;
  std::size_t total = 0; ///< how many there are, though not all may be listed
};

struct joined {
  std::string channel;
  channel_member member;
};

struct left {
  std::string channel;
  channel_member member;
};

/// Messages of the channel may have been lost on their way to this client.
struct gap {
  /// Empty: messages of any kind were dropped on this connection, some time before this.
  std::string channel;
  std::optional<position> where; ///< what comes next comes after this
};

/// An order of the application to the client; it acknowledges the id, if there is one.
struct command {
  std::optional<message_id> id;
  std::string name;
  std::optional<payload> data;
};

/// The server will close this connection. The client connects again `after` plus a random part of
/// `window` from now, to another server if it can.
struct drain {
  std::chrono::milliseconds deadline{0}; ///< by then at the latest it is closed
  std::chrono::milliseconds after{0};
  std::chrono::milliseconds window{0};
};

} // namespace wspool::replies

namespace wspool {

using server_reply =
  std::variant<replies::connected, replies::pong, replies::subscribed, replies::ack, replies::event,
               replies::response, rejection, replies::presence, replies::joined, replies::left,
               replies::gap, replies::command, replies::drain>;

} // namespace wspool
