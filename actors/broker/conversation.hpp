// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "broker/abuse_meter.hpp"
#include "broker/answer_line.hpp"
#include "broker/names.hpp"
#include "broker/told.hpp"
#include "messaging/catch_up.hpp"
#include "messaging/dialect.hpp"
#include "messaging/text_map.hpp"

#include <wspool/messaging_events.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace wspool {

using live_catch_up = catch_up<shared_told>;

/// What is due, and for whom (`exits`, `claim` and `settlements`: for
/// nobody in particular).
struct deadline {
  enum class what : std::uint8_t { query, exits, claim, settlements };
  std::uint64_t client = 0;
  what kind = what::query;
  std::string query; ///< its id, as text; of a claim, the key
};
using deadlines = std::multimap<std::chrono::steady_clock::time_point, deadline>;

/// A client in a channel.
struct membership {
  bool wants_presence = false;
  bool in_room = false; ///< the hub brings it the channel's messages; else they come one by one
  bool in_presence_room = false;
  /// Before it is in the hub's room: what it is to get of what is live.
  std::optional<live_catch_up> catching;
};

/// A question to the application that a client waits for.
struct running_query {
  message_id id;
  std::uint64_t serial = 0; ///< a later one may have the same id
  std::string key;          ///< with what tells clients apart; empty: none
  std::chrono::milliseconds limit{0};
  deadlines::iterator due;
};

/// What a broker knows of one client. Pure.
///
/// Requests are taken in order. Some occupy the client (`busy`) until the backplane has answered:
/// what comes behind them waits. Publications and commands do not, but their answers keep their
/// places in `line`.
struct conversation {
  std::uint64_t number = 0;
  client_ref who;
  dialect_kind speaks = dialect_kind::v1;
  std::string target; ///< of the upgrade request
  std::string peer;
  std::string identity;

  bool connected = false; ///< requests are welcome
  bool closing = false;   ///< nothing is taken any more
  bool gone = false;      ///< only what it published before it went is still taken
  bool busy = false;
  bool ready = false;   ///< is to be looked at when the turn ends
  bool stalled = false; ///< waits until the backplane has taken more
  std::optional<std::string> session;
  /// ThinWS: the backplane knows that the client is there, and remembers its channels.
  bool recalled = false;

  std::optional<decoded_message> next; ///< was read, and waits
  answer_line line;
  detail::text_map<membership> channels;
  std::map<std::string, running_query> queries; ///< by their ids, as text
  abuse_meter abuse;

  /// What tells this client from others on all nodes.
  [[nodiscard]] std::string key() const {
    return client_key(who.space, identity, session.value_or(std::string{}));
  }
};

} // namespace wspool
