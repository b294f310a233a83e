// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <wspool/close_code.hpp>
#include <wspool/connect_options.hpp>
#include <wspool/error.hpp>
#include <wspool/message.hpp>
#include <wspool/scheduler.hpp>

#include <chrono>
#include <cstdint>
#include <string>

namespace wspool {

// What a pool tells its subscribers. Each event is a message of its own type. All events of one
// connection come from that connection's actor, so they arrive in the order in which they happened:
// upgrade, open, messages, close.

/// One received message (subscriptions that did not ask for batches).
struct message_event {
  connection_id connection;
  std::string data;
  message_kind kind = message_kind::text;
};

/// Messages that one read brought (subscriptions that asked for batches).
struct messages_event {
  connection_id connection;
  message_batch messages;
};

/// A connection opened.
struct open_event {
  connection_id connection;
  std::string endpoint;    ///< URL without credentials
  std::string subprotocol; ///< that the server chose
  std::string peer;        ///< address and port
};

/// A connection that had been open closed.
struct close_event {
  connection_id connection;
  std::string endpoint;
  std::uint16_t code = close_code::abnormal;
  std::string reason;
  initiator began = initiator::remote;
  bool clean = false;
  errc why = errc::none; ///< what ended it: `closed`, `connection_reset`, `heartbeat_timeout`, …
};

/// Something went wrong: an attempt failed, a peer broke the protocol.
struct error_event {
  connection_id connection;
  std::string endpoint;
  errc code = errc::none;
  std::string text;
};

/// The server refused the upgrade.
struct unexpected_response_event {
  connection_id connection;
  std::string endpoint;
  upgrade_response response;
};

/// The server accepted the upgrade.
struct upgrade_event {
  connection_id connection;
  std::string endpoint;
  upgrade_response response;
};

/// The peer sent a ping; it has been answered.
struct ping_event {
  connection_id connection;
  std::string payload;
};

/// The peer answered a ping.
struct pong_event {
  connection_id connection;
  std::string payload;
  std::chrono::nanoseconds round_trip{0}; ///< 0: it answers no ping of ours
};

/// The queue became empty: so many messages left it for connections since it was empty before.
struct drain_event {
  std::uint64_t flushed = 0;
};

/// All wanted connections are open. Fires at the transition.
struct ready_event {
  std::uint32_t open = 0;
};

/// The last open connection closed. Fires at the transition, never for ones that were not open.
struct empty_event {};

/// A slot waits for its next attempt.
struct retry_event {
  std::uint32_t slot = 0;
  std::string endpoint;
  std::uint32_t attempt = 1; ///< in a row; 1 again after the minimum uptime
  std::chrono::milliseconds delay{0};
  errc why = errc::none;
};

/// A slot will not be tried again.
struct given_up_event {
  std::uint32_t slot = 0;
  std::string endpoint;
  std::uint32_t attempts = 0;
  errc why = errc::none;
  std::string text;
};

/// An endpoint was ejected for a while because it kept failing.
struct ejected_event {
  std::string endpoint;
  std::chrono::milliseconds duration{0};
};

/// The queue crossed its high (or, falling, its low) water mark.
struct water_event {
  bool high = false;
  std::uint64_t messages = 0;
  std::uint64_t bytes = 0;
};

/// Kinds of events, as bits of a subscription.
namespace event {
inline constexpr std::uint32_t message = 1u << 0;
inline constexpr std::uint32_t open = 1u << 1;
inline constexpr std::uint32_t close = 1u << 2;
inline constexpr std::uint32_t error = 1u << 3;
inline constexpr std::uint32_t unexpected_response = 1u << 4;
inline constexpr std::uint32_t upgrade = 1u << 5;
inline constexpr std::uint32_t ping = 1u << 6;
inline constexpr std::uint32_t pong = 1u << 7;
inline constexpr std::uint32_t drain = 1u << 8;
inline constexpr std::uint32_t ready = 1u << 9;
inline constexpr std::uint32_t empty = 1u << 10;
inline constexpr std::uint32_t retry = 1u << 11;
inline constexpr std::uint32_t given_up = 1u << 12;
inline constexpr std::uint32_t ejected = 1u << 13;
inline constexpr std::uint32_t water = 1u << 14;
inline constexpr std::uint32_t stats = 1u << 15;     ///< a `pool_stats` at every monitor interval
inline constexpr std::uint32_t all = (1u << 15) - 1; ///< everything but `stats`
inline constexpr std::uint32_t lifecycle = all & ~(message | ping | pong);
} // namespace event

/// What a subscriber wants.
struct subscription {
  std::uint32_t events = event::all;
  /// Receive `messages_event` (all that one read brought) instead of single `message_event`s.
  bool batches = false;
};

} // namespace wspool
