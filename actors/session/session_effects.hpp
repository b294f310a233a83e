// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "messaging/dialect.hpp"
#include "session/session_values.hpp"

#include <wspool/messaging_events.hpp>

#include <cstdint>
#include <string>
#include <variant>

namespace wspool {

/// Whoever waits for a request's outcome; 0: nobody.
using session_ticket = std::uint64_t;
/// An actor that has subscribed, as the session's core knows it.
using session_subscriber = std::uint64_t;

/// It is done, and there is nothing to say about it.
struct session_done {};

/// What became of a request.
using session_outcome = std::variant<session_failure, session_done, subscribe_report,
                                     publish_outcome, content, presence_page>;

/// What the core of a session wants done. Implemented by the session's actor, and by tests. It must
/// not call the core back from within.
class session_effects {
public:
  virtual ~session_effects() = default;

  /// Write this on the connection that is open, behind all that was written on it before.
  virtual void write(encoded_message message) = 0;
  /// Close the connection that is open; another one is wanted.
  virtual void restart(const std::string& why) = 0;
  /// The session cannot go on. All requests were answered.
  virtual void give_up(const session_failure& why) = 0;
  /// The server has nothing more of us: close the connection, for good.
  virtual void finished() = 0;

  /// Once for each ticket.
  virtual void answer(session_ticket ticket, session_outcome outcome) = 0;
  virtual void tell(session_subscriber who, const channel_event& what) = 0;
  virtual void tell(session_subscriber who, const channel_gap_event& what) = 0;
  virtual void tell(session_subscriber who, const channel_presence_event& what) = 0;
  virtual void observe(const session_open_event& what) = 0;
  virtual void observe(const session_lost_event& what) = 0;
  virtual void observe(const session_command_event& what) = 0;
};

} // namespace wspool
