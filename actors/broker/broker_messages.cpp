// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)

// The broker: what is published, and what happens in channels. A publication goes to the backplane
// and comes back as an event, to its own node as to all others: so order and places are the same
// everywhere.

#include "broker/broker_state.hpp"
#include "broker/conversions.hpp"
#include "messaging/publication_text.hpp"

#include <algorithm>
#include <spdlog/logger.h>

#include <utility>

namespace wspool {

// -- publications --------------------------------------------------------------------------------

void broker_state::take(client& who, requests::publish& what) {
  publish_order order;
  order.channel = {who.who.space, what.message.channel};
  if (options_->tell_publisher)
    what.message.from = channel_member{who.who.id, who.identity};
  order.body = write_publication(what.message);
  if (what.deduplicate && what.id && who.session)
    order.key = {who.key(), text_of(*what.id)};
  publish(std::move(order), author{who.number, who.line.reserve(), std::move(what.id), nullptr});
}

caf::result<channel_place> broker_state::publish(const channel_ref& channel, const content& what) {
  publication message;
  if (!is_channel_name(channel.name, limits_) || !from_content(what, message.data))
    return caf::make_error(errc::invalid_message);
  if (what.data.size() > options_->max_message_bytes)
    return caf::make_error(errc::too_big);
  if (publishing_is_full())
    return caf::make_error(errc::queue_full);
  auto answer = self_->make_response_promise<channel_place>();
  publish({channel, write_publication(message), {}}, author{0, 0, std::nullopt, keep(answer)});
  return answer;
}

void broker_state::publish(publish_order order, author by) {
  ++orders_out_;
  order_bytes_out_ += order.body.size();
  orders_.orders.push_back(std::move(order));
  authors_.push_back(std::move(by));
}

bool broker_state::publishing_is_full() const {
  return orders_out_ >= max_orders || order_bytes_out_ >= max_order_bytes;
}

void broker_state::send_publications() {
  if (orders_.orders.empty())
    return;
  std::size_t bytes = 0;
  for (const auto& order : orders_.orders)
    bytes += order.body.size();
  const auto who = std::make_shared<authors>(std::exchange(authors_, {}));
  const auto settle_all = [this, who, bytes](const publish_outcomes& outcomes) {
    order_bytes_out_ -= bytes;
    orders_out_ -= who->size();
    settle(*who, outcomes);
  };
  ask_backplane(
    settle_all,
    [settle_all](const caf::error& why) {
      publish_outcomes none;
      if (error_of(why) == errc::too_big)
        none.outcomes.push_back({errc::too_big, {}, false});
      settle_all(none);
    },
    publish_atom_v, std::exchange(orders_, {}));
}

void broker_state::settle(const authors& who, const publish_outcomes& outcomes) {
  // A missing outcome is none: nobody knows what became of it.
  static const publish_outcome unknown{errc::no_connection, {}, false};
  for (std::size_t i = 0; i < who.size(); ++i)
    settle(who[i], i < outcomes.outcomes.size() ? outcomes.outcomes[i] : unknown);
  for (const auto number : std::exchange(stalled_, {}))
    if (auto* const waiting = find(number)) {
      waiting->stalled = false;
      make_ready(*waiting);
    }
}

void broker_state::settle(const author& who, const publish_outcome& outcome) {
  const bool is_good = outcome.why == errc::none;
  if (is_good)
    ++(outcome.duplicate ? counts_.duplicates : counts_.published);
  if (who.application) {
    if (is_good)
      who.application->deliver(outcome.place);
    else
      who.application->deliver(caf::make_error(outcome.why));
    return;
  }
  auto* const by = find(who.number);
  if (by == nullptr)
    return;
  if (is_good) {
    const auto ack = replies::ack{who.id, to_position(outcome.place), outcome.duplicate};
    return fill(*by, who.ticket, who.id ? std::optional<server_reply>{ack} : std::nullopt);
  }
  auto why =
    outcome.why == errc::too_big
      ? refusal(message_errc::too_big, {}, "the message is too large to be published", who.id)
      : unavailable(who.id);
  const auto code = why.code;
  fill(*by, who.ticket, std::move(why));
  note_refusal(*by, code);
}

// -- what happens in channels --------------------------------------------------------------------

void broker_state::on_events(backplane_events& what) {
  using kind = backplane_event::what;
  for (auto& event : what.events) {
    auto* const in = channels_.find(event.channel);
    if (in == nullptr)
      continue; // on its way when the last member left
    if (event.kind == kind::message)
      on_message(*in, event);
    else if (event.kind == kind::gap)
      on_gap(*in, event.place);
    else
      on_person(*in, event.who, event.kind == kind::entered);
  }
}

void broker_state::on_message(channel_entry& in, backplane_event& event) {
  const auto where = to_position(event.place);
  auto message = read_publication(in.name.name, event.body);
  if (!message) {
    if (options_->logger)
      options_->logger->warn("event not understood broker={} space={} offset={}", options_->name,
                             in.name.space, event.place.offset);
    return on_gap(in, event.place);
  }
  auto shared = std::make_shared<const publication>(std::move(*message));
  deliver(in, where, std::make_shared<told>(replies::event{std::move(shared), where}));
}

void broker_state::on_gap(channel_entry& in, const channel_place& place) {
  const auto where = to_position(place);
  ++counts_.gaps;
  told gap{replies::gap{in.name.name, where}};
  to_rooms(in, gap);
  serve_singles(in, {where, std::nullopt});
  if (where)
    in.seen = where;
}

void broker_state::deliver(channel_entry& in, const std::optional<position>& where,
                           const shared_told& what) {
  to_rooms(in, *what);
  serve_singles(in, {where, what});
  if (where)
    in.seen = where;
}

void broker_state::to_rooms(const channel_entry& in, told& what) {
  for (const auto kind : {dialect_kind::v1, dialect_kind::thinws, dialect_kind::channels})
    if (in.in_room[static_cast<std::size_t>(kind)] > 0)
      if (const auto& words = what.in(kind))
        outbox_.send(to_room(in.name.space, message_room(kind, in.name.name)), *words);
}

void broker_state::serve_singles(channel_entry& in, const live_catch_up::item& what) {
  // A copy: who has caught up is no single any more.
  for (const auto number : channel_entry::numbers{in.singles}) {
    auto* const who = find(number);
    if (who == nullptr)
      continue;
    auto& as = who->channels.find(in.name.name)->second;
    if (!as.catching) {
      hand_on(*who, in.name.name, {what});
      continue;
    }
    hand_on(*who, in.name.name, as.catching->arrive(what));
    if (as.catching->state() == live_catch_up::phase::done)
      enter_room(*who, in, as);
  }
}

void broker_state::on_person(channel_entry& in, const channel_person& who, bool entered) {
  if (in.in_presence_room == 0 && in.presence_singles.empty())
    return;
  told news{entered ? server_reply{replies::joined{in.name.name, to_member(who)}}
                    : server_reply{replies::left{in.name.name, to_member(who)}}};
  const client_ref itself{in.name.space, who.connection};
  if (in.in_presence_room > 0)
    if (const auto& words = news.in(dialect_kind::v1))
      outbox_.send(to_room(in.name.space, presence_room(in.name.name), itself), *words);
  for (const auto number : in.presence_singles)
    if (auto* const one = find(number); one != nullptr && one->who != itself)
      tell(*one, news);
}

/// Nothing more will come. Nobody is closed for that; but who listens is told.
void broker_state::on_backplane_down() {
  if (options_->logger)
    options_->logger->error("backplane lost broker={}", options_->name);
  backplane_is_gone_ = true;
  owed_.clear();
  for (auto& [channel, in] : channels_)
    on_gap(in, {});
}

} // namespace wspool
