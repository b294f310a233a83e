// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)

// The broker: clients that come and go, and how their requests are taken and answered.

#include "broker/broker_state.hpp"

#include <spdlog/logger.h>

#include <utility>

namespace wspool {

// -- coming and going ----------------------------------------------------------------------------

broker_state::client* broker_state::find(std::uint64_t number) {
  const auto found = clients_.find(number);
  return found != clients_.end() ? found->second.get() : nullptr;
}

broker_state::client* broker_state::find(const client_ref& who) {
  const auto found = numbers_.find(who);
  return found != numbers_.end() ? find(found->second) : nullptr;
}

void broker_state::on_arrived(const client_info& info) {
  if (numbers_.contains(info.client))
    return;
  auto speaks = dialect_by_subprotocol(info.subprotocol);
  if (!speaks)
    speaks = default_dialect_;
  auto made = std::make_unique<client>();
  auto& who = *made;
  who.number = ++last_number_;
  who.who = info.client;
  who.target = info.target;
  who.peer = info.peer;
  who.identity = info.identity;
  numbers_.emplace(info.client, who.number);
  clients_.emplace(who.number, std::move(made));
  if (!speaks)
    return close(who, close_code::protocol_error, "no subprotocol that is spoken here");
  who.speaks = *speaks;
  // Only v1 has a word to show a token with.
  who.connected = who.speaks != dialect_kind::v1;
  if (who.connected && must_show_token(who))
    close(who, close_code::unauthorized, "a token is required");
}

bool broker_state::must_show_token(const client& who) const {
  return options_->require_token && who.identity.empty();
}

caf::result<void> broker_state::on_messages(const client_ref& ref, message_batch& messages) {
  auto* const who = find(ref);
  if (who == nullptr || who->closing || messages.empty())
    return caf::unit;
  compat::void_promise taken{self_};
  // The hub reads no further as long as too much waits for this.
  who->waiting.push_back({std::move(messages), 0, keep(taken)});
  make_ready(*who);
  return taken;
}

void broker_state::on_left(const client_ref& ref) {
  auto* const who = find(ref);
  if (who == nullptr)
    return;
  numbers_.erase(ref);
  who->gone = true;
  leave_everything(*who);
  make_ready(*who); // what it published before is still published
}

void broker_state::leave_everything(client& who) {
  while (!who.channels.empty())
    leave_channel(who, std::string{who.channels.begin()->first});
  while (!who.queries.empty())
    drop_query(who, who.queries.begin());
  if (std::exchange(who.recalled, false))
    tell_backplane(depart_atom_v, who.key());
}

void broker_state::forget(client& who) { clients_.erase(who.number); }

// -- taking requests -----------------------------------------------------------------------------

void broker_state::make_ready(client& who) {
  if (!std::exchange(who.ready, true))
    ready_.push_back(who.number);
}

void broker_state::go_on(client& who) {
  while (who.next || read_next(who)) {
    const auto* const request = std::get_if<client_request>(&*who.next);
    const bool is_publication = request && std::holds_alternative<requests::publish>(*request);
    if (who.closing || (who.gone && !is_publication)) {
      who.next.reset();
      continue;
    }
    if (!may_begin(who))
      return;
    auto what = std::move(*who.next);
    who.next.reset();
    begin(who, std::move(what));
  }
  if (who.gone)
    forget(who);
}

bool broker_state::read_next(client& who) {
  if (who.waiting.empty())
    return false;
  auto& from = who.waiting.front();
  const auto message = from.messages[from.next++];
  who.next = dialect_of(who.speaks).decode(message.data, message.kind, limits_);
  if (from.next == from.messages.size()) {
    from.taken->deliver();
    who.waiting.pop_front();
  }
  return true;
}

bool broker_state::may_begin(client& who) {
  if (who.busy)
    return false;
  const auto* const request = std::get_if<client_request>(&*who.next);
  const auto is = [request]<class T>(std::type_identity<T>) {
    return request != nullptr && std::holds_alternative<T>(*request);
  };
  // Those that have no answer, or one that comes when it is there.
  if (is(std::type_identity<requests::query>{}) || is(std::type_identity<requests::cancel>{})
      || is(std::type_identity<requests::ack>{}))
    return true;
  if (is(std::type_identity<requests::publish>{})) {
    if (publishing_is_full()) {
      if (!std::exchange(who.stalled, true))
        stalled_.push_back(who.number);
      return false;
    }
    return who.line.size() < max_answers;
  }
  if (request == nullptr || is(std::type_identity<requests::ping>{})
      || is(std::type_identity<requests::command>{}))
    return who.line.size() < max_answers;
  // What may occupy the client begins when all before it is answered.
  return who.line.empty();
}

void broker_state::begin(client& who, decoded_message what) {
  ++counts_.requests;
  if (auto* const wrong = std::get_if<rejection>(&what))
    return refuse(who, std::move(*wrong));
  auto& request = std::get<client_request>(what);
  std::visit(
    [&](auto& x) {
      using type = std::decay_t<decltype(x)>;
      if (who.connected || std::is_same_v<type, requests::connect>)
        take(who, x);
      else
        refuse(who, refusal(message_errc::not_connected, {}, "connect must come first", x.id));
    },
    request);
}

/// The client is not occupied any more.
void broker_state::done(client& who) {
  who.busy = false;
  make_ready(who);
}

// -- giving answers ------------------------------------------------------------------------------

void broker_state::answer(client& who, server_reply what) {
  if (who.line.empty())
    return tell(who, what);
  fill(who, who.line.reserve(), std::move(what));
}

void broker_state::fill(client& who, answer_line::ticket which, std::optional<server_reply> what) {
  for (const auto& reply : who.line.fill(which, std::move(what)))
    tell(who, reply);
  make_ready(who);
}

void broker_state::tell(const client& who, const server_reply& what) {
  if (who.gone || who.closing)
    return;
  if (const auto words = dialect_of(who.speaks).encode(what))
    outbox_.send(to_one(who.who), *words);
}

void broker_state::tell(const client& who, told& what) {
  if (who.gone || who.closing)
    return;
  if (const auto& words = what.in(who.speaks))
    outbox_.send(to_one(who.who), *words);
}

void broker_state::refuse(client& who, rejection why) {
  const auto code = why.code;
  answer(who, std::move(why));
  note_refusal(who, code);
}

void broker_state::note_refusal(client& who, message_errc code) {
  ++counts_.rejected;
  if (who.gone || who.closing || !is_clients_fault(code)
      || !who.abuse.refuse(now(), options_->max_rejections))
    return;
  ++counts_.abusers;
  if (options_->logger)
    options_->logger->info("client closed broker={} client={} peer={} why=rejections",
                           options_->name, to_string(who.who), who.peer);
  close(who, close_code::policy_violation, "too many messages that were refused");
}

void broker_state::close(client& who, std::uint16_t code, std::string reason) {
  if (std::exchange(who.closing, true) || who.gone)
    return;
  outbox_.close(who.who, {code, std::move(reason)});
  who.waiting.clear();
  who.next.reset();
}

} // namespace wspool
