// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "runtime/kept_promise.hpp"
#include "runtime/strand_actor.hpp"
#include "runtime/strand_alarm.hpp"
#include "session/session_core.hpp"

#include <wspool/session.hpp>

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace wspool {

/// A session's full interface: its users', and what its pool tells it.
using session_actor_full =
  compat::extend<session_actor, caf::result<void>(messages_event), caf::result<void>(open_event),
                 caf::result<void>(close_event), caf::result<void>(error_event),
                 caf::result<void>(given_up_event), caf::result<void>(tick_atom)>;

/// What a session's actor is made of.
struct session_setup {
  pool_actor pool; ///< without endpoints; ends with the session
  endpoint_options endpoint;
  session_settings settings;
  caf::actor observer;
};

/// The state of a session's actor: the shell of a `session_core`, between its pool, its users and
/// its subscribers.
///
/// All that is written goes to one connection by name (`reply_atom`), and dies with it: the pool
/// never carries it to the next one, where `connect` has to come first.
///
/// Messages are taken as fast as the slowest subscriber takes its own: what one read brought is
/// answered when each subscriber has answered, and the pool reads no further before that.
class session_state final : private session_effects {
public:
  using actor_base = session_actor_full::base;
  using behavior_type = session_actor_full::behavior_type;
  using self_type = strand_actor<actor_base>;
  static constexpr const char* name = "wspool.session";

  session_state(self_type* self, session_setup setup);

  behavior_type make_behavior();
  void turn_ended();
  void ending(const caf::error& reason);

private:
  using time_point = session_core::time_point;
  /// Answers the read that it is for when nobody holds it any more.
  using hold = std::shared_ptr<compat::void_promise>;

  // -- requests
  template <class T>
  caf::result<T> expect(const std::function<void(session_ticket)>& begin);
  caf::result<void> expect_done(const std::function<void(session_ticket)>& begin);
  [[nodiscard]] session_subscriber number_of(const caf::actor& who);
  void subscriber_ended(session_subscriber who);
  caf::result<void> close();

  // -- the pool
  caf::result<void> on_messages(const messages_event& what);
  void on_open(const open_event& what);
  void on_close(const close_event& what);
  void on_error(const error_event& what);
  void on_given_up(const given_up_event& what);
  void hand_over();
  void on_not_written(connection_id to, const message_batch& batch, errc why);
  void end_with(const session_failure& why);
  void on_tick();
  [[nodiscard]] time_point now() const { return self_->clock().now(); }

  // -- session_effects
  void write(encoded_message message) override;
  void restart(const std::string& why) override;
  void give_up(const session_failure& why) override;
  void finished() override;
  void answer(session_ticket ticket, session_outcome outcome) override;
  void tell(session_subscriber who, const channel_event& what) override;
  void tell(session_subscriber who, const channel_gap_event& what) override;
  void tell(session_subscriber who, const channel_presence_event& what) override;
  void observe(const session_open_event& what) override;
  void observe(const session_lost_event& what) override;
  void observe(const session_command_event& what) override;
  template <class Event>
  void bring(const caf::actor& to, const Event& what);

  self_type* self_;
  pool_actor pool_;
  endpoint_options endpoint_;
  caf::actor observer_;
  session_core core_;
  compat::monitors monitors_;
  strand_alarm<self_type> alarm_;

  std::optional<connection_id> current_; ///< the connection that the core knows
  message_batch out_;                    ///< written in this turn
  message_batch again_;                  ///< the pool did not know the connection yet
  std::optional<time_point> again_at_;
  hold hold_; ///< of the read that is being handled

  session_ticket last_ticket_ = 0;
  std::map<session_ticket, std::function<void(session_outcome)>> waiting_;
  session_subscriber last_subscriber_ = 0;
  std::map<session_subscriber, caf::actor> subscribers_;
  std::map<caf::actor_addr, session_subscriber> numbers_;
  std::vector<std::shared_ptr<compat::void_promise>> closers_;
  bool pool_closing_ = false;
};

} // namespace wspool
