// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

// The values that brokers, backplanes, sessions and applications exchange.

#include <wspool/error.hpp>
#include <wspool/message.hpp>
#include <wspool/server_events.hpp>

#include <chrono>
#include <compare>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace wspool {

// -- channels -------------------------------------------------------------------------------------

/// A channel, by its name in a namespace.
struct channel_ref {
  std::string space;
  std::string name;
  friend auto operator<=>(const channel_ref&, const channel_ref&) = default;
};

/// A place in a channel's history: the message with this number since the epoch began; 0 is before
/// the first one. Without an epoch: no place, as the channel keeps no history.
struct channel_place {
  std::string epoch;
  std::uint64_t offset = 0;
  [[nodiscard]] bool known() const noexcept { return !epoch.empty(); }
  friend bool operator==(const channel_place&, const channel_place&) = default;
};

/// A connection in a channel, and whom it was authenticated as.
struct channel_person {
  std::string connection;
  std::string identity; ///< empty: nobody in particular
  friend auto operator<=>(const channel_person&, const channel_person&) = default;
};

/// What a message carries: JSON text or bytes.
struct content {
  std::string data; ///< of text, one JSON value; empty text: nothing
  message_kind kind = message_kind::text;
  friend bool operator==(const content&, const content&) = default;
};

// -- backplanes -----------------------------------------------------------------------------------

/// Which of a publisher's messages this is. The same again is not published again.
struct publication_key {
  std::string publisher; ///< empty: no key
  std::string id;
};

struct publish_order {
  channel_ref channel;
  std::string body; ///< opaque to the backplane
  publication_key key;
};
struct publish_batch {
  std::vector<publish_order> orders;
};

struct publish_outcome {
  errc why = errc::none; ///< why it was not published
  channel_place place;
  bool duplicate = false; ///< it had been published before; `place` is where
};
struct publish_outcomes {
  std::vector<publish_outcome> outcomes;
};

struct history_entry_text {
  std::uint64_t offset = 0;
  std::string body;
};
struct history_page {
  channel_place latest;
  bool recovered = false; ///< `missed` is all that came after the place that was asked for
  std::vector<history_entry_text> missed; ///< ascending; empty if not `recovered`
};

struct presence_page {
  std::vector<channel_person> people; ///< at most as many as asked for
  std::uint64_t total = 0;
};
struct channel_list {
  std::vector<std::string> channels;
};

/// What became of the wish to do something that is to be done once, on whatever node.
struct claim_report {
  bool mine = false;    ///< do it, and settle it
  bool settled = false; ///< it was done: `text` is what came of it
  std::string text;     ///< neither of both: somebody else is at it
};

/// Something that happened in a channel.
struct backplane_event {
  enum class what : std::uint8_t {
    message, ///< `body`, at `place`
    entered, ///< `who`
    exited,  ///< `who`
    gap,     ///< messages may be missing; what comes next comes after `place`, if that is known
  };
  what kind = what::message;
  channel_ref channel;
  channel_place place;
  std::string body;
  channel_person who;
};
/// To a backplane's listener.
struct backplane_events {
  std::vector<backplane_event> events;
};

struct backplane_stats {
  std::string kind; ///< "memory", "redis"
  bool connected = false;
  std::uint64_t channels = 0; ///< that this node listens to
  std::uint64_t published = 0;
  std::uint64_t received = 0;
  std::uint64_t duplicates = 0;
  std::uint64_t failed = 0; ///< publications that were answered with an error
  std::uint64_t reconnects = 0;
  std::uint64_t gaps = 0;
  std::chrono::nanoseconds lag{0}; ///< of the latest publication that came back; 0: none did
};

// -- the application behind a broker --------------------------------------------------------------

/// What a client asks of the application, or tells it.
struct client_call {
  client_ref client;
  std::string identity;
  std::string name;
  content data;
};

// -- brokers --------------------------------------------------------------------------------------

struct broker_stats {
  std::uint64_t clients = 0;                     ///< now
  std::map<std::string, std::uint64_t> dialects; ///< those clients, by what they speak
  std::uint64_t channels = 0;                    ///< with a member here, now
  std::uint64_t memberships = 0;
  std::uint64_t requests = 0;
  std::uint64_t rejected = 0;
  std::uint64_t published = 0;
  std::uint64_t duplicates = 0;
  std::uint64_t events = 0; ///< handed to members, one for each
  std::uint64_t gaps = 0;
  std::uint64_t queries = 0;
  std::uint64_t abusers = 0;       ///< closed with 1008 for what they sent
  std::uint64_t recovered = 0;     ///< `subscribe`s with `recover` that got all they had missed
  std::uint64_t not_recovered = 0; ///< and those that did not
  /// Queries that have their answer, those that did not begin included, by what it was: "response",
  /// or the error's code.
  std::map<std::string, std::uint64_t> query_outcomes;
};

// -- sessions (the client's side) -----------------------------------------------------------------

/// A message in a channel, to the actors that subscribed by a session.
struct channel_event {
  std::string channel;
  content data;
  std::string meta; ///< a JSON object of the publisher's further fields; empty: none
  channel_place place;
  channel_person from; ///< no connection: the server does not tell
};
/// Messages of the channel may be missing before what comes next.
struct channel_gap_event {
  std::string channel;
  channel_place place;
};
/// Somebody came or went.
struct channel_presence_event {
  std::string channel;
  channel_person who;
  bool entered = false;
};
/// The session has a connection that was accepted, again or for the first time.
struct session_open_event {
  std::string session;
  std::string connection;
  std::string identity;
};
/// The session's connection is gone; it will be opened again unless the session has ended.
struct session_lost_event {
  std::string reason;
};
/// The application behind the server tells the client to do something.
struct session_command_event {
  std::string name;
  content data;
};

/// How a subscription of a session begins.
struct subscribe_order {
  std::string channel;
  bool presence = false; ///< wants `channel_presence_event`s
  channel_place from;    ///< the last message seen in an earlier life; unknown: from now on
};
/// How it began.
struct subscribe_report {
  channel_place place;
  bool recovered = false; ///< everything after `subscribe_order::from` follows
};

struct session_stats {
  bool open = false;
  std::uint64_t connections = 0; ///< that were accepted
  std::uint64_t channels = 0;
  std::uint64_t pending = 0; ///< requests without an answer yet
  std::uint64_t published = 0;
  std::uint64_t resent = 0;
  std::uint64_t events = 0;
  std::uint64_t gaps = 0;
};

} // namespace wspool
