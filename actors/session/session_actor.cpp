// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)

// The actor of a session: its messages, and what its core wants done.

#include "session/session_state.hpp"

#include "pool/internal_messages.hpp"

#include <algorithm>
#include <utility>

namespace wspool {

using std::chrono::milliseconds;

namespace {

/// What a pool may take to write what it was given, when nothing is waited for any more.
constexpr std::chrono::seconds last_drain{1};

/// A connection tells that it is open before its pool knows of it.
constexpr milliseconds handover_retry{2};

caf::error error_of(const session_failure& why) { return caf::make_error(why.code, why.text); }

milliseconds whole_milliseconds(caf::timespan time) {
  return std::max(std::chrono::duration_cast<milliseconds>(time), milliseconds{1});
}

} // namespace

session_state::session_state(self_type* self, session_setup setup)
  : self_(self), pool_(std::move(setup.pool)), endpoint_(std::move(setup.endpoint)),
    observer_(std::move(setup.observer)), core_(std::move(setup.settings), *this),
    alarm_(self, [this] {
      on_tick();
      turn_ended();
    }) {}

session_state::behavior_type session_state::make_behavior() {
  monitors_.add(self_, pool_, [this](const caf::error&) {
    if (!pool_closing_)
      end_with({errc::pool_closed, "the pool has ended"});
  });
  // In this order no event of the first connection is missed. The endpoint was checked, so there is
  // no answer to wait for.
  compat::anon_tell(
    pool_, subscribe_atom_v, caf::actor_cast<caf::actor>(self_),
    subscription{event::message | event::open | event::close | event::error | event::given_up,
                 true});
  compat::anon_tell(pool_, add_atom_v, endpoint_);
  return {
    // -- of its users
    [this](subscribe_atom, const caf::actor& who, const subscribe_order& order) {
      return expect<subscribe_report>(
        [&](session_ticket ticket) { core_.subscribe(ticket, number_of(who), order, now()); });
    },
    [this](unsubscribe_atom, const caf::actor& who, const std::string& channel) {
      return expect_done(
        [&](session_ticket ticket) { core_.unsubscribe(ticket, number_of(who), channel, now()); });
    },
    [this](publish_atom, const std::string& channel, const content& data) {
      return expect<publish_outcome>(
        [&](session_ticket ticket) { core_.publish(ticket, channel, data, now()); });
    },
    [this](query_atom, const std::string& what, const content& data) {
      return expect<content>(
        [&](session_ticket ticket) { core_.query(ticket, what, data, milliseconds{0}, now()); });
    },
    [this](query_atom, const std::string& what, const content& data, caf::timespan timeout) {
      return expect<content>([&](session_ticket ticket) {
        core_.query(ticket, what, data, whole_milliseconds(timeout), now());
      });
    },
    [this](command_atom, const std::string& what, const content& data) {
      return expect_done([&](session_ticket ticket) { core_.command(ticket, what, data, now()); });
    },
    [this](presence_atom, const std::string& channel) {
      return expect<presence_page>(
        [&](session_ticket ticket) { core_.presence(ticket, channel, now()); });
    },
    [this](stats_atom) { return core_.stats(); },
    [this](close_atom) { return close(); },
    // -- of its pool
    [this](const messages_event& what) { return on_messages(what); },
    [this](const open_event& what) { on_open(what); },
    [this](const close_event& what) { on_close(what); },
    [this](const error_event& what) { on_error(what); },
    [this](const given_up_event& what) { on_given_up(what); },
    [this](tick_atom) { on_tick(); },
  };
}

void session_state::turn_ended() {
  hand_over();
  auto due = core_.next_due();
  if (again_at_)
    due = due ? std::min(*due, *again_at_) : *again_at_;
  if (due)
    alarm_.set(*due, now());
}

void session_state::ending(const caf::error&) {
  core_.end({errc::pool_closed, "the session has ended"});
  hold_.reset();
  closers_.clear(); // answers with an error what was not answered
  caf::anon_send_exit(pool_, caf::exit_reason::user_shutdown);
}

void session_state::on_tick() {
  alarm_.rang();
  if (again_at_ && *again_at_ <= now()) {
    again_at_.reset();
    out_ = std::exchange(again_, {});
  }
  core_.tick(now());
}

// -- requests -------------------------------------------------------------------------------------

template <class T>
caf::result<T> session_state::expect(const std::function<void(session_ticket)>& begin) {
  auto answer = self_->template make_response_promise<T>();
  auto kept = keep(answer);
  const auto ticket = ++last_ticket_;
  waiting_.emplace(ticket, [kept](session_outcome outcome) {
    if (auto* value = std::get_if<T>(&outcome))
      kept->deliver(std::move(*value));
    else if (auto* why = std::get_if<session_failure>(&outcome))
      kept->deliver(error_of(*why));
  });
  begin(ticket);
  return answer;
}

caf::result<void> session_state::expect_done(const std::function<void(session_ticket)>& begin) {
  auto kept = keep(compat::void_promise{self_});
  const auto ticket = ++last_ticket_;
  waiting_.emplace(ticket, [kept](session_outcome outcome) {
    if (auto* why = std::get_if<session_failure>(&outcome))
      kept->deliver(error_of(*why));
    else
      kept->deliver();
  });
  caf::result<void> result = *kept;
  begin(ticket);
  return result;
}

void session_state::answer(session_ticket ticket, session_outcome outcome) {
  const auto found = waiting_.find(ticket);
  if (found == waiting_.end())
    return;
  const auto deliver = std::move(found->second);
  waiting_.erase(found);
  deliver(std::move(outcome));
}

session_subscriber session_state::number_of(const caf::actor& who) {
  const auto [found, is_new] = numbers_.try_emplace(caf::actor_cast<caf::actor_addr>(who), 0);
  if (is_new) {
    const auto number = found->second = ++last_subscriber_;
    subscribers_.emplace(number, who);
    if (who)
      monitors_.add(self_, who, [this, number](const caf::error&) { subscriber_ended(number); });
  }
  return found->second;
}

void session_state::subscriber_ended(session_subscriber who) {
  core_.forget(who, now());
  const auto found = subscribers_.find(who);
  numbers_.erase(caf::actor_cast<caf::actor_addr>(found->second));
  subscribers_.erase(found);
}

caf::result<void> session_state::close() {
  auto kept = keep(compat::void_promise{self_});
  closers_.push_back(kept);
  caf::result<void> result = *kept;
  core_.close(now());
  return result;
}

// -- the pool -------------------------------------------------------------------------------------

caf::result<void> session_state::on_messages(const messages_event& what) {
  if (what.connection != current_)
    return caf::unit;
  compat::void_promise answer{self_};
  // Whoever lets go of it last answers; the session's end does, too.
  hold_ = hold{new compat::void_promise{answer}, [](compat::void_promise* held) {
                 if (held->pending())
                   held->deliver();
                 delete held;
               }};
  for (std::size_t i = 0; i < what.messages.size(); ++i)
    core_.heard(what.messages.data(i), what.messages[i].kind, now());
  hold_.reset();
  return answer;
}

void session_state::on_open(const open_event& what) {
  hand_over();
  current_ = what.connection;
  again_.clear();
  again_at_.reset();
  if (what.subprotocol != subprotocol_of(dialect_kind::v1))
    return end_with({errc::subprotocol_mismatch, "the server does not speak wspool.v1.json"});
  core_.opened(now());
}

void session_state::on_close(const close_event& what) {
  if (what.connection != current_)
    return;
  hand_over();
  current_.reset();
  again_.clear();
  again_at_.reset();
  auto text = "closed with " + std::to_string(what.code);
  if (!what.reason.empty())
    text += ": " + what.reason;
  else if (what.why != errc::closed)
    text = std::string{describe(what.why)};
  // The token is the session's own: there is no other one to try.
  if (what.code == close_code::unauthorized && what.began == initiator::remote)
    return end_with({errc::unreachable, "unauthorized: " + text});
  core_.lost(text, now());
}

/// An open connection's end is told by its `close_event`.
void session_state::on_error(const error_event& what) {
  if (what.connection != current_)
    observe(session_lost_event{what.text.empty() ? std::string{describe(what.code)} : what.text});
}

void session_state::on_given_up(const given_up_event& what) {
  auto text = what.text.empty() ? std::string{describe(what.why)} : what.text;
  end_with({errc::unreachable, std::move(text)});
}

void session_state::end_with(const session_failure& why) {
  core_.end(why);
  give_up(why);
}

/// All that one turn wrote, in one go.
void session_state::hand_over() {
  if (out_.empty())
    return;
  auto batch = std::exchange(out_, {});
  if (!current_)
    return; // it is gone, and the core knows that
  const auto to = *current_;
  compat::ask(self_, pool_, caf::infinite, reply_atom_v, to, batch)
    .then(
      [this, to, batch](const batch_receipt& receipt) {
        if (receipt.failed > 0)
          on_not_written(to, batch, receipt.first_failure);
      },
      [this, to, batch](const caf::error& e) { on_not_written(to, batch, wspool::error_of(e)); });
}

void session_state::on_not_written(connection_id to, const message_batch& batch, errc why) {
  if (current_ != to)
    return;
  if (why == errc::no_connection && !again_at_) {
    again_ = batch;
    again_at_ = now() + handover_retry;
    return;
  }
  if (why != errc::connection_lost && why != errc::pool_closed)
    restart("the pool refused a message");
}

// -- what the core wants --------------------------------------------------------------------------

void session_state::write(encoded_message message) {
  send_options how;
  how.kind = message.kind;
  out_.add(message.data, how);
}

void session_state::restart(const std::string&) {
  if (!current_)
    return;
  hand_over();
  // Whatever comes of it, the connection's end is told.
  compat::ask(self_, pool_, caf::infinite, restart_atom_v, *current_)
    .then([] {}, [](const caf::error&) {});
}

void session_state::give_up(const session_failure& why) {
  if (observer_)
    compat::anon_tell(observer_, session_lost_event{why.text});
  pool_closing_ = true;
  for (auto& closer : closers_)
    closer->deliver();
  closers_.clear();
  self_->quit(error_of(why));
}

void session_state::finished() {
  if (pool_closing_)
    return;
  hand_over();
  pool_closing_ = true;
  auto end = [this] {
    for (auto& closer : closers_)
      closer->deliver();
    closers_.clear();
    self_->quit(caf::exit_reason::user_shutdown);
  };
  compat::ask(self_, pool_, caf::infinite, close_atom_v, caf::timespan{last_drain})
    .then([end](const close_report&) { end(); }, [end](const caf::error&) { end(); });
}

template <class Event>
void session_state::bring(const caf::actor& to, const Event& what) {
  if (!to)
    return;
  if (!hold_)
    return compat::anon_tell(to, what);
  compat::ask(self_, to, caf::infinite, what)
    .then([held = hold_] {}, [held = hold_](const caf::error&) {});
}

void session_state::tell(session_subscriber who, const channel_event& what) {
  bring(subscribers_.at(who), what);
}
void session_state::tell(session_subscriber who, const channel_gap_event& what) {
  bring(subscribers_.at(who), what);
}
void session_state::tell(session_subscriber who, const channel_presence_event& what) {
  bring(subscribers_.at(who), what);
}
void session_state::observe(const session_open_event& what) { bring(observer_, what); }
void session_state::observe(const session_lost_event& what) { bring(observer_, what); }
void session_state::observe(const session_command_event& what) { bring(observer_, what); }

} // namespace wspool
