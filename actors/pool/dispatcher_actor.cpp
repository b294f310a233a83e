// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)

// The dispatcher actor: its interface, messages on their way out, and its connections. Requests
// about the pool itself are in dispatcher_requests.cpp.

#include "pool/dispatcher_actor.hpp"
#include "pool/dispatcher_state.hpp"

#include <utility>

namespace wspool {

dispatcher_state::behavior_type dispatcher_state::make_behavior() {
  using namespace internal;
  start();
  return {
    // -- messages out
    [this](send_atom, std::string& text) {
      send(outgoing{std::move(text), {}});
    },
    [this](send_atom, outgoing& message) { send(std::move(message)); },
    [this](send_atom, message_batch& batch) { send(std::move(batch)); },
    [this](deliver_atom, outgoing& message) { return deliver(std::move(message), until::outcome); },
    [this](deliver_atom, outgoing& message, until when) {
      return deliver(std::move(message), when);
    },
    [this](deliver_atom, message_batch& batch) {
      return deliver(std::move(batch), until::outcome);
    },
    [this](deliver_atom, message_batch& batch, until when) {
      return deliver(std::move(batch), when);
    },
    [this](reply_atom, connection_id to, message_batch& batch) {
      return reply(to, std::move(batch));
    },
    [this](broadcast_atom, const outgoing& message) { return broadcast(message); },
    [this](ping_atom) { return ping({}); },
    [this](ping_atom, std::string& payload) { return ping(std::move(payload)); },
    [this](broadcast_ping_atom) { return broadcast_ping({}); },
    [this](broadcast_ping_atom, std::string& payload) {
      return broadcast_ping(std::move(payload));
    },
    // -- about the pool
    [this](stats_atom) { return stats(); },
    [this](history_atom) { return ask_monitor<std::vector<pool_stats>>(history_atom_v); },
    [this](metrics_atom) { return ask_monitor<std::string>(metrics_atom_v); },
    [this](subscribe_atom, const caf::actor& who, const subscription& what) {
      subscribe(who, what);
    },
    [this](unsubscribe_atom, const caf::actor& who) { unsubscribe(who.address()); },
    [this](await_open_atom) { return await_open(1); },
    [this](await_open_atom, std::uint32_t count) { return await_open(count); },
    // -- its shape and its end
    [this](add_atom, const endpoint_options& what) { return ask_supervisor(add_atom_v, what); },
    [this](remove_atom, const std::string& url) { return ask_supervisor(remove_atom_v, url); },
    [this](resize_atom, const std::string& url, std::uint32_t count) {
      return ask_supervisor(resize_atom_v, url, count);
    },
    [this](restart_atom, connection_id id) { return ask_supervisor(restart_atom_v, id); },
    [this](close_atom) { return close(options_->rotation.drain); },
    [this](close_atom, caf::timespan drain) { return close(drain); },
    [this](destroy_atom) { return destroy(); },
    // -- from connections, supervisor and monitor
    [this](const parcel<opened>& news) { on_opened(*news); },
    [this](const parcel<advanced>& news) { on_advanced(*news); },
    [this](const parcel<ended>& news) { on_ended(*news); },
    [this](const parcel<slots>& news) { on_slot(*news); },
    [this](const parcel<publication>& news) { publish(news->kind, news->event); },
    [this](retire_atom, connection_id id) { retire(id); },
    [this](tick_atom) { on_tick(); },
  };
}

// Everything that one turn brought is now with the router: hand it over in one go per connection.
void dispatcher_state::turn_ended() {
  const auto at = now();
  router_.flush(at);
  if (any_retiring_)
    close_idle_retirees();
  if (life_ == life::draining)
    advance_closing(at);
  arm(at);
}

// -- messages out --------------------------------------------------------------------------------

void dispatcher_state::send(outgoing message) { router_.accept(std::move(message), {}, now()); }

void dispatcher_state::send(message_batch batch) {
  if (batch.valid())
    return router_.accept(std::move(batch), {}, now());
  // Nobody waits for an answer, and nothing in it can be trusted: not even how many they are.
  publish(event::error,
          caf::make_message(
            error_event{{}, {}, errc::invalid_message, "a batch whose entries exceed its bytes"}));
}

namespace {

accept_mode mode_of(std::uint32_t ticket, until when) {
  return {ticket, true, when == until::written, when == until::confirmed};
}

} // namespace

caf::result<receipt> dispatcher_state::deliver(outgoing message, until when) {
  auto answer = self_->template make_response_promise<receipt>();
  router_.accept(std::move(message), mode_of(deliveries_.open(answer), when), now());
  return answer;
}

caf::result<batch_receipt> dispatcher_state::deliver(message_batch batch, until when) {
  if (!batch.valid())
    return caf::make_error(errc::invalid_message, "a batch whose entries exceed its bytes");
  auto answer = self_->template make_response_promise<batch_receipt>();
  if (when == until::written) {
    deliver_each(batch, answer);
    return answer;
  }
  const auto ticket = deliveries_.open(answer, batch.size());
  if (ticket != 0)
    router_.accept(std::move(batch), mode_of(ticket, when), now());
  return answer;
}

// A message that is written may be decided later, and even be written again elsewhere: under one
// ticket, its batch would count it twice.
void dispatcher_state::deliver_each(const message_batch& batch,
                                    const promise<batch_receipt>& answer) {
  const auto at = now();
  auto whole = std::make_shared<deliveries::batch_part>(answer);
  for (const auto& entry : batch.entries()) {
    message_batch one;
    one.append(std::string_view{batch.bytes()}.substr(entry.offset, entry.size), entry);
    router_.accept(std::move(one), mode_of(deliveries_.open(whole), until::written), at);
  }
}

caf::result<batch_receipt> dispatcher_state::reply(connection_id to, message_batch batch) {
  if (!batch.valid())
    return caf::make_error(errc::invalid_message, "a batch whose entries exceed its bytes");
  auto answer = self_->template make_response_promise<batch_receipt>();
  const auto ticket = deliveries_.open(answer, batch.size());
  if (ticket != 0)
    router_.accept_for(to, std::move(batch), mode_of(ticket, until::outcome), now());
  return answer;
}

caf::result<broadcast_report> dispatcher_state::broadcast(const outgoing& message) {
  auto whole = std::make_shared<deliveries::broadcast>(
    self_->template make_response_promise<broadcast_report>());
  auto answer = whole->promise();
  const auto at = now();
  for (auto id : router_.members())
    router_.accept_for(id, message_batch::of(message.data, message.options),
                       mode_of(deliveries_.open(whole, id), until::outcome), at);
  return answer;
}

caf::result<ping_outcome> dispatcher_state::ping(std::string payload) {
  const auto* to = router_.any();
  if (!to)
    return caf::make_error(errc::no_connection);
  auto answer = self_->template make_response_promise<ping_outcome>();
  auto kept = keep(answer);
  compat::ask(self_, connections_[to->id].actor, caf::infinite, ping_atom_v, std::move(payload))
    .then([kept](const ping_outcome& result) { kept->deliver(result); },
          [kept](const caf::error&) { kept->deliver(caf::make_error(errc::connection_lost)); });
  return answer;
}

caf::result<ping_report> dispatcher_state::broadcast_ping(std::string payload) {
  struct gathering {
    explicit gathering(promise<ping_report> to) : answer(std::move(to)) {}
    gathering(const gathering&) = delete;
    gathering& operator=(const gathering&) = delete;
    promise<ping_report> answer;
    ping_report report;
    ~gathering() { answer.deliver(std::move(report)); }
  };
  auto answer = self_->template make_response_promise<ping_report>();
  auto all = std::make_shared<gathering>(answer);
  for (auto id : router_.members())
    compat::ask(self_, connections_[id].actor, caf::infinite, ping_atom_v, payload)
      .then([all](const ping_outcome& result) { all->report.push_back(result); },
            [all, id](const caf::error&) {
              all->report.push_back({id, errc::connection_lost, {}});
            });
  return answer;
}

// -- the router's decisions ----------------------------------------------------------------------

void dispatcher_state::hand_over(connection_id to, std::vector<segment> segments) {
  compat::tell(self_, connections_[to].actor,
               internal::pack(internal::hand_over{std::move(segments)}));
}

void dispatcher_state::settled(errc outcome, std::uint64_t count) {
  if (outcome != errc::none)
    census_.failed(outcome, count);
}

void dispatcher_state::answered(std::uint32_t ticket, errc outcome, connection_id by) {
  deliveries_.settle(ticket, outcome, by);
}

void dispatcher_state::written(std::uint32_t ticket, connection_id by) {
  deliveries_.settle(ticket, errc::none, by);
}

void dispatcher_state::waited(std::chrono::nanoseconds how_long, std::uint64_t count) {
  census_.waited(how_long, count);
}

void dispatcher_state::water(bool high, std::size_t messages, std::size_t bytes) {
  publish(event::water, caf::make_message(water_event{high, messages, bytes}));
}

void dispatcher_state::drained(std::uint64_t flushed) {
  publish(event::drain, caf::make_message(drain_event{flushed}));
}

// -- connections and slots -----------------------------------------------------------------------

void dispatcher_state::on_opened(const internal::opened& news) {
  const auto at = now();
  connections_[news.id] = {news.connection};
  router_.opened(news.id, news.info, news.slow_start, at);
  const auto change = census_.opened(news, at);
  if (change == pool_census::transition::ready)
    publish(event::ready, caf::make_message(ready_event{census_.open()}));
  answer_waiters();
}

void dispatcher_state::on_advanced(const internal::advanced& news) {
  if (connections_.count(news.id) == 0)
    return; // an earlier life's last report
  router_.advanced(news.id, news.report, now());
  if (news.round_trip.count() > 0)
    router_.measured(news.id, news.round_trip);
}

void dispatcher_state::on_ended(const internal::ended& news) {
  if (connections_.erase(news.id) > 0)
    router_.ended(news.id, news.last, options_->retry.decide(news.how).message_fault, now());
  if (census_.ended(news) == pool_census::transition::empty)
    publish(event::empty, caf::make_message(empty_event{}));
}

void dispatcher_state::on_slot(const internal::slots& news) {
  const bool was_hopeless = census_.hopeless();
  if (census_.slot_changed(news) == pool_census::transition::ready)
    publish(event::ready, caf::make_message(ready_event{census_.open()}));
  if (census_.hopeless() == was_hopeless || life_ != life::serving)
    return;
  router_.refuse_new(was_hopeless ? errc::none : errc::unreachable);
  if (!was_hopeless)
    router_.fail_all(errc::unreachable);
  answer_waiters();
}

void dispatcher_state::retire(connection_id id) {
  auto found = connections_.find(id);
  if (found == connections_.end() || found->second.retiring)
    return;
  found->second.retiring = any_retiring_ = true;
  router_.retire(id);
}

void dispatcher_state::close_idle_retirees() {
  any_retiring_ = false;
  for (auto& [id, c] : connections_) {
    if (!c.retiring || c.closing)
      continue;
    any_retiring_ = true;
    if (!router_.idle(id))
      continue;
    c.closing = true;
    compat::tell(self_, c.actor, close_atom_v, std::uint16_t{close_code::normal},
                 std::string{"replaced"});
  }
}

} // namespace wspool
