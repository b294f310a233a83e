// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "messaging/message_id.hpp"
#include "messaging/publication.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <variant>

/// What a client asks for, the same for all dialects. A request without an id gets no answer but,
/// perhaps, a rejection.
namespace wspool::requests {

/// The client is there, and perhaps again.
struct connect {
  std::optional<message_id> id;
  /// What the client is known by over several connections: v1's session, ThinWS's connectionID.
  std::optional<std::string> session;
  std::optional<std::string> token;
};

struct ping {
  std::optional<message_id> id;
};

struct subscribe {
  std::optional<message_id> id;
  std::string channel;
  std::optional<position> recover; ///< the last message that the client has seen
  bool presence = false;           ///< whether it wants to hear of members who come and go
};

struct unsubscribe {
  std::optional<message_id> id;
  std::string channel;
};

struct publish {
  std::optional<message_id> id;
  publication message;
  /// Whether the same id of the same session again is the same message again. In dialects other
  /// than v1 nobody resends, and clients may count from 1 each time they start.
  bool deduplicate = false;
};

/// A question to the application, which is answered.
struct query {
  message_id id;
  std::string name;
  std::optional<payload> data;
  std::optional<std::chrono::milliseconds> deadline; ///< from its arrival on
  std::optional<std::string> key;                    ///< the same key again: not run again
};

/// An order to the application, which is acknowledged when the application has it.
struct command {
  std::optional<message_id> id;
  std::string name;
  std::optional<payload> data;
};

/// The answer to the query of this id is not wanted any more.
struct cancel {
  message_id id;
};

/// The client has received the server's message of this id.
struct ack {
  message_id id;
};

/// Who is in the channel?
struct presence {
  message_id id;
  std::string channel;
};

/// The client leaves for good.
struct disconnect {
  std::optional<message_id> id;
};

} // namespace wspool::requests

namespace wspool {

using client_request =
  std::variant<requests::connect, requests::ping, requests::subscribe, requests::unsubscribe,
               requests::publish, requests::query, requests::command, requests::cancel,
               requests::ack, requests::presence, requests::disconnect>;

} // namespace wspool
