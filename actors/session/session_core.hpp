// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "messaging/request_limits.hpp"
#include "session/channel_track.hpp"
#include "session/session_effects.hpp"
#include "session/session_requests.hpp"

#include <wspool/messaging_events.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace wspool {

struct session_settings {
  std::string session; ///< not empty
  std::string token;
  std::chrono::milliseconds timeout{30'000};
  std::size_t max_pending = 10'000;
  std::size_t max_message_bytes = 1024 * 1024; ///< of what the server says
  std::uint64_t seed = 1;
};

/// The client's side of v1, as PROTOCOL.md has it: what is wanted, what is outstanding, what to say
/// on a new connection, and what the server's words mean for whom. Pure: no clock, socket, thread
/// or actor inside; it tells what is to be done by `session_effects`.
///
///     away --opened--> connecting --`connected`--> ready --lost--> away ...   --> over
///
/// On each connection `connect` comes first and alone. When it was accepted, all subscriptions are
/// restored, each with the place to recover from, then what has no answer is written (again), in
/// order of acceptance.
class session_core {
public:
  using time_point = session_requests::time_point;
  /// However long a server, or a user, wants it to be.
  static constexpr std::chrono::milliseconds longest_wait = std::chrono::hours{24};

  session_core(session_settings settings, session_effects& effects);

  // -- the connection
  void opened(time_point now);
  void lost(const std::string& reason, time_point now);
  /// Untrusted.
  void heard(std::string_view data, message_kind kind, time_point now);

  // -- requests: each has one outcome, perhaps at once
  void subscribe(session_ticket ticket, session_subscriber who, const subscribe_order& order,
                 time_point now);
  void unsubscribe(session_ticket ticket, session_subscriber who, const std::string& channel,
                   time_point now);
  void publish(session_ticket ticket, const std::string& channel, const content& data,
               time_point now);
  /// Without a timeout (0 or less): the settings'.
  void query(session_ticket ticket, const std::string& name, const content& data,
             std::chrono::milliseconds timeout, time_point now);
  void command(session_ticket ticket, const std::string& name, const content& data, time_point now);
  void presence(session_ticket ticket, const std::string& channel, time_point now);

  /// The subscriber has ended.
  void forget(session_subscriber who, time_point now);
  /// Takes nothing new; when all requests have their outcome, says `disconnect`. `finished` comes
  /// when that was acknowledged, or after the timeout.
  void close(time_point now);
  /// Ends all requests with this outcome; nothing more happens.
  void end(const session_failure& why);

  // -- time
  /// When `tick` wants to be called: perhaps too early, never too late.
  [[nodiscard]] std::optional<time_point> next_due() const;
  void tick(time_point now);

  [[nodiscard]] session_stats stats() const;

private:
  enum class state : std::uint8_t { away, connecting, ready, over };
  using kind = session_request_kind;

  struct listener {
    channel_track track;
    bool presence = false;
  };
  struct channel_entry {
    std::map<session_subscriber, listener> listeners;
    [[nodiscard]] bool wants_presence() const;
    [[nodiscard]] const channel_track* live() const;
  };
  using channels = std::map<std::string, channel_entry, std::less<>>;

  // -- requests
  /// Whether there is room for one more; answers if not.
  [[nodiscard]] bool admit(session_ticket ticket);
  void refuse(session_ticket ticket, const session_failure& why);
  void add(session_ticket ticket, kind what, std::uint64_t id, const client_request& wire,
           time_point deadline, std::string channel = {});
  void flush(time_point now);
  void finish(const session_request& request, const session_failure& why);
  void fail(const session_request& request, const session_failure& why);
  void expire(std::uint64_t id, time_point now);
  [[nodiscard]] time_point usual_deadline(time_point now) const { return now + settings_.timeout; }

  // -- the connection
  void say_connect(time_point now);
  void restore(time_point now);
  void restart(const std::string& why);
  void give_up(const session_failure& why);
  void say_unanswered(const client_request& wire);

  // -- what the server says
  void on(const replies::connected& x, time_point now);
  void on(const replies::pong&, time_point) {}
  void on(const replies::subscribed& x, time_point now);
  void on(const replies::ack& x, time_point now);
  void on(const replies::event& x, time_point now);
  void on(const replies::response& x, time_point now);
  void on(const rejection& x, time_point now);
  void on(const replies::presence& x, time_point now);
  void on(const replies::joined& x, time_point now);
  void on(const replies::left& x, time_point now);
  void on(const replies::gap& x, time_point now);
  void on(const replies::command& x, time_point now);
  void on(const replies::drain& x, time_point now);
  void on_connect_refused(const rejection& x, time_point now);
  void on_restored(const session_request& request, const replies::subscribed& x);
  void on_subscribed(const session_request& request, const replies::subscribed& x);
  void on_refused(std::uint64_t id, const rejection& x, time_point now);
  /// The request of this kind that has this id; null if there is none any more.
  [[nodiscard]] session_request* asked(const std::optional<message_id>& id, kind what);

  // -- subscribers
  void tell_gap(session_subscriber who, const std::string& channel,
                const std::optional<position>& where);
  void tell_gap_to_all();
  void tell_presence(const std::string& channel, const channel_member& who, bool entered);
  void remove(const std::string& channel, session_subscriber who, session_ticket ticket,
              time_point now);
  void leave(const std::string& channel, session_ticket ticket, time_point now);
  void stay(const std::string& channel);

  session_settings settings_;
  session_effects& effects_;
  request_limits heard_limits_;
  std::mt19937_64 random_;

  state state_ = state::away;
  session_requests requests_;
  channels channels_;
  std::map<std::string, std::uint64_t, std::less<>> leaving_; ///< to the id of `unsubscribe`
  std::uint64_t connect_id_ = 0;
  std::optional<time_point> connect_deadline_; ///< while `connecting`
  std::optional<time_point> connect_again_;    ///< the server refused it for now
  std::optional<time_point> paused_until_;     ///< the server wants nothing before
  std::optional<time_point> restart_at_;       ///< the server drains
  std::optional<time_point> close_deadline_;   ///< set: it closes
  std::uint64_t disconnect_id_ = 0;
  bool restarting_ = false;           ///< nothing more goes out on this connection
  std::size_t max_request_bytes_ = 0; ///< as `connected` told
  session_stats stats_;
};

} // namespace wspool
