// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)

// The broker: its messages, its clock, drain and statistics. What clients say is in the other
// files, by subject.

#include "broker/broker_state.hpp"

#include "monitor/metrics.hpp"

#include <spdlog/logger.h>

#include <utility>

namespace wspool {

broker_full_actor spawn_broker(const std::shared_ptr<strand_host>& host, const server_actor& hub,
                               const backplane_actor& backplane,
                               std::shared_ptr<const broker_options> options) {
  auto result = spawn_on_strand<broker_state>(host, hub, backplane, std::move(options));
  host->add_root(caf::actor_cast<caf::strong_actor_ptr>(result));
  return result;
}

broker_state::broker_state(self_type* self, server_actor hub, backplane_actor backplane,
                           std::shared_ptr<const broker_options> options)
  : self_(self), hub_(std::move(hub)), backplane_(std::move(backplane)),
    options_(std::move(options)), default_dialect_(dialect_by_name(options_->default_dialect)),
    random_(options_->seed), alarm_(self,
                                    [this] {
                                      on_tick();
                                      turn_ended();
                                    }),
    channels_({options_->max_channels_per_client, options_->max_channels}) {
  limits_.message_bytes = options_->max_message_bytes;
  owner_ = options_->name + " " + new_session();
}

broker_state::behavior_type broker_state::make_behavior() {
  monitors_.add(self_, hub_, [this](const caf::error& why) { self_->quit(why); });
  monitors_.add(self_, backplane_, [this](const caf::error&) { on_backplane_down(); });
  constexpr auto wanted =
    server_event::arrived | server_event::message | server_event::left | server_event::missed;
  compat::anon_tell(hub_, subscribe_atom_v, me(), subscription{wanted, true});
  compat::anon_tell(hub_, add_atom_v, metrics_atom_v, me());
  return {
    // -- of the application
    [this](publish_atom, const channel_ref& channel, const content& what) {
      return publish(channel, what);
    },
    [this](command_atom, const client_ref& who, const std::string& what, const content& data) {
      return command(who, what, data);
    },
    [this](drain_atom, const drain_order& order) { return drain(order); },
    [this](stats_atom) { return stats(); },
    [this](metrics_atom) { return metrics(); },
    [this](destroy_atom) { self_->quit(caf::exit_reason::user_shutdown); },
    // -- of the hub
    [this](const client_arrived_event& e) { on_arrived(e.info); },
    [this](client_messages_event& e) { return on_messages(e.client, e.messages); },
    [this](const client_left_event& e) { on_left(e.client); },
    [this](const client_missed_event& e) { on_missed(e); },
    // -- of the backplane
    [this](backplane_events& what) { on_events(what); },
    // -- its own
    [this](tick_atom) { on_tick(); },
  };
}

void broker_state::turn_ended() {
  while (!ready_.empty())
    for (const auto number : std::exchange(ready_, {}))
      if (auto* const who = find(number)) {
        who->ready = false;
        go_on(*who);
      }
  send_publications();
  post();
  arm();
}

// -- the hub's part ------------------------------------------------------------------------------

void broker_state::post() {
  while (!outbox_.empty())
    for (auto& entry : outbox_.take()) {
      if (auto* const letter = std::get_if<outbox::letter>(&entry)) {
        post(*letter);
      } else if (auto* const closing = std::get_if<outbox::closing>(&entry)) {
        compat::anon_tell(hub_, close_atom_v, to_one(closing->who), std::move(closing->how));
      } else {
        auto& move = std::get<outbox::joining>(entry);
        if (!move.enter)
          compat::anon_tell(hub_, leave_atom_v, move.who, std::move(move.room));
        else
          enter(move);
      }
    }
}

void broker_state::enter(outbox::joining& what) {
  compat::ask(self_, hub_, caf::infinite, join_atom_v, what.who, what.room)
    .then([] {},
          [this, who = what.who, room = what.room](const caf::error& why) {
            // Otherwise the client has left.
            if (error_of(why) == errc::queue_full)
              on_room_refused(who, room);
          });
}

void broker_state::post(outbox::letter& what) {
  const bool is_large = what.messages.bytes().size() > outbox::large_bytes;
  if (what.to.whom == audience::reach::one && !is_large) {
    compat::anon_tell(hub_, send_atom_v, std::move(what.to), std::move(what.messages));
    return;
  }
  const auto count = what.to.whom == audience::reach::one ? 0 : what.messages.size();
  compat::ask(self_, hub_, caf::infinite, send_atom_v, what.to, std::move(what.messages))
    .then([this, count](std::uint64_t members) { counts_.events += members * count; },
          [this, to = what.to](const caf::error& why) { on_lost(to, error_of(why)); });
}

/// The hub refuses what is larger than its own limit.
void broker_state::on_lost(const audience& to, errc why) {
  if (options_->logger)
    options_->logger->warn("message lost broker={} space={} to={} why={}", options_->name, to.space,
                           to.name, name_of(why));
  if (to.whom == audience::reach::one)
    if (auto* const who = find(client_ref{to.space, to.name}))
      return tell_of_loss(*who);
  if (to.whom != audience::reach::room)
    return;
  ++counts_.gaps;
  const auto channel = channel_of_room(to.name);
  if (const auto words = dialect_of(dialect_kind::v1).encode(replies::gap{channel, std::nullopt}))
    outbox_.send(wspool::to_room(to.space, message_room(dialect_kind::v1, channel)), *words);
}

/// The slow-consumer policy dropped messages, and the client has room again.
void broker_state::on_missed(const client_missed_event& what) {
  auto* const who = find(what.client);
  if (who == nullptr)
    return;
  if (options_->logger)
    options_->logger->info("messages dropped broker={} client={} peer={} count={}", options_->name,
                           to_string(who->who), who->peer, what.messages);
  tell_of_loss(*who);
}

/// Messages of any channel, or answers: which of them the hub does not know. It is one message,
/// however many channels the client is in, as more would find less room.
void broker_state::tell_of_loss(const client& who) {
  ++counts_.gaps;
  tell(who, replies::gap{{}, std::nullopt});
}

// -- drain and statistics ------------------------------------------------------------------------

caf::result<drain_report> broker_state::drain(const drain_order& order) {
  auto answer = self_->make_response_promise<drain_report>();
  auto kept = keep(answer);
  told hint{replies::drain{order.deadline, milliseconds{0}, options_->reconnect_window}};
  for (const auto& [number, who] : clients_)
    if (who->connected && !who->gone && !who->closing)
      tell(*who, hint);
  post(); // before the hub begins
  compat::ask(self_, hub_, caf::infinite, drain_atom_v, order)
    .then([kept](const drain_report& report) { kept->deliver(report); },
          [kept](caf::error& why) { kept->deliver(std::move(why)); });
  return answer;
}

broker_stats broker_state::stats() const {
  auto result = counts_;
  result.clients = numbers_.size();
  result.channels = channels_.size();
  for (const auto kind : {dialect_kind::v1, dialect_kind::thinws, dialect_kind::channels})
    result.dialects[std::string{name_of(kind)}];
  for (const auto& [number, who] : clients_) {
    result.memberships += who->channels.size();
    if (!who->gone)
      ++result.dialects[std::string{name_of(who->speaks)}];
  }
  return result;
}

/// A backplane that does not answer in time is left out; what is known here is told all the same.
caf::result<std::string> broker_state::metrics() {
  auto answer = self_->make_response_promise<std::string>();
  auto kept = keep(answer);
  compat::ask(self_, backplane_, metrics_patience, stats_atom_v)
    .then(
      [this, kept](const backplane_stats& below) {
        kept->deliver(render_metrics(stats(), options_->name)
                      + render_metrics(below, options_->name));
      },
      [this, kept](const caf::error&) { kept->deliver(render_metrics(stats(), options_->name)); });
  return answer;
}

// -- time ----------------------------------------------------------------------------------------

/// What the backplane did not hear.
void broker_state::tell_again_later(deadline::what kind) {
  deadlines_.emplace(now() + retry_pause, deadline{0, kind, {}});
}

void broker_state::on_tick() {
  alarm_.rang();
  const auto at = now();
  while (!deadlines_.empty() && deadlines_.begin()->first <= at) {
    const auto due = std::move(deadlines_.begin()->second);
    auto* const who = find(due.client);
    if (due.kind == deadline::what::exits) {
      deadlines_.erase(deadlines_.begin());
      exit_again();
    } else if (due.kind == deadline::what::settlements) {
      deadlines_.erase(deadlines_.begin());
      settle_again();
    } else if (due.kind == deadline::what::claim) {
      deadlines_.erase(deadlines_.begin());
      claim_again(due.query);
    } else if (who == nullptr) {
      deadlines_.erase(deadlines_.begin());
    } else {
      expire_query(*who, due.query);
    }
  }
}

void broker_state::arm() {
  if (!deadlines_.empty())
    alarm_.set(deadlines_.begin()->first, now());
}

} // namespace wspool
