// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)

// The hub: its messages, who comes and goes, who gets what. The rest is in hub_requests.cpp.

#include "hub/hub_state.hpp"

#include "pool/pool_census.hpp"
#include "protocol/utf8.hpp"

#include <algorithm>
#include <utility>

namespace wspool {

hub_actor spawn_hub(const std::shared_ptr<strand_host>& host,
                    std::shared_ptr<const server_options> options, caf::actor gate) {
  auto result = spawn_on_strand<hub_state>(host, std::move(options), std::move(gate));
  host->add_root(caf::actor_cast<caf::strong_actor_ptr>(result));
  return result;
}

hub_state::hub_state(self_type* self, std::shared_ptr<const server_options> options,
                     caf::actor gate)
  : self_(self), options_(std::move(options)), gate_(std::move(gate)), compression_(*options_),
    subscribers_(internal::pack(internal::subscribers{})), random_(options_->seed),
    alarm_(self, [this] {
      on_tick();
      turn_ended();
    }) {}

hub_state::behavior_type hub_state::make_behavior() {
  using namespace internal;
  monitors_.add(self_, gate_, [this](const caf::error& why) { self_->quit(why); });
  return {
    // -- messages out
    [this](send_atom, const audience& to, const outgoing& message) { return send(to, message); },
    [this](send_atom, const audience& to, const message_batch& batch) { return send(to, batch); },
    [this](send_atom, const audience& to, const outgoing& message, const close_order& how) {
      return send_and_close(to, message, how);
    },
    [this](close_atom, const audience& to, const close_order& how) { return close(to, how); },
    // -- rooms and looking
    [this](join_atom, const client_ref& who, const std::string& room) { return join(who, room); },
    [this](leave_atom, const client_ref& who, const std::string& room) { return leave(who, room); },
    [this](find_atom, const client_ref& who) { return find(who); },
    [this](list_atom, const std::string& space, const std::string& after, std::uint32_t limit) {
      return list(space, after, limit);
    },
    [this](count_atom, const audience& whom) -> std::uint64_t { return clients_.count(whom); },
    [this](authenticate_atom, const client_ref& who, std::int64_t expires) {
      return renew(who, expires);
    },
    // -- about the server
    [this](subscribe_atom, const caf::actor& who, const subscription& what) {
      subscribe(who, what);
    },
    [this](unsubscribe_atom, const caf::actor& who) { unsubscribe(who.address()); },
    [this](stats_atom) { return stats(); },
    [this](metrics_atom) { return metrics(); },
    [this](add_atom, metrics_atom, const caf::actor& source) { return add_metrics(source); },
    [this](address_atom) { return addresses(); },
    [this](reload_atom) { return reload(); },
    [this](drain_atom, const drain_order& order) { return drain(order); },
    [this](destroy_atom) { self_->quit(caf::exit_reason::user_shutdown); },
    // -- from its own actors
    [this](parcel<entering>& news) { on_entering(*news); },
    [this](const parcel<left>& news) { on_left(*news); },
    [this](tick_atom) { on_tick(); },
  };
}

void hub_state::turn_ended() { hand_out(); }

void hub_state::ending(const caf::error&) {
  caf::anon_send_exit(gate_, caf::exit_reason::user_shutdown);
}

// -- coming and going ----------------------------------------------------------------------------

std::string hub_state::new_id() {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string result;
  for (auto drawn = random_(); result.size() < 16; drawn >>= 4)
    result.push_back(digits[drawn & 0xf]);
  return result;
}

void hub_state::on_entering(internal::entering& news) {
  if (draining_) {
    compat::tell(self_, news.client, internal::pack(internal::admission{}));
    return;
  }
  auto ref = news.info.client;
  do
    ref.id = new_id();
  while (clients_.find(ref) != nullptr);
  news.info.client = ref;
  ++arrived_;
  const bool compresses = news.offers_deflate && compression_.take();
  compat::tell(self_, news.client,
               internal::pack(internal::admission{ref.id, subscribers_, compresses}));
  clients_.add(news.number, ref,
               client{std::move(news.client),
                      route_of(news.courier),
                      news.mail,
                      std::move(news.info),
                      {},
                      0,
                      false,
                      compresses});
}

std::size_t hub_state::route_of(const caf::actor& courier) {
  const auto found = std::find_if(routes_.begin(), routes_.end(),
                                  [&](const route& one) { return one.courier == courier; });
  if (found == routes_.end())
    return routes_.push_back({courier, {}}), routes_.size() - 1;
  return static_cast<std::size_t>(found - routes_.begin());
}

void hub_state::on_left(const internal::left& news) {
  auto* const who = clients_.find(news.number);
  if (who == nullptr)
    return;   // it was not let in
  hand_out(); // the postbag must not hold those that are gone
  count_end(who->data, news);
  if (draining_)
    count_drained(*who, news);
  if (who->data.compresses)
    compression_.give_back();
  const auto space = who->ref.space;
  if (clients_.remove(*who))
    publish_empty(space);
  if (draining_ && clients_.size() == 0)
    finish_draining(now());
}

void hub_state::count_end(const client& who, const internal::left& news) {
  add(gone_.total, news.counts.total);
  // Each message has one outcome, those that the client did not get to see included.
  auto last = news.counts;
  last.dropped = who.handed - last.total.messages_out;
  gone_.dropped += last.dropped;
  add_to_rounds(news.number, last);
  ++ends_[std::string{name_of(news.why)}];
  const auto close =
    news.close.value_or(close_info{close_code::abnormal, {}, initiator_of(news.why), false});
  ++closes_[{close.code, close.began}];
}

// -- messages out --------------------------------------------------------------------------------

errc hub_state::check(std::string_view data, message_kind kind) const {
  if (data.size() > options_->limits.max_message_bytes)
    return errc::too_big;
  if (kind == message_kind::text && !detail::valid_utf8(data))
    return errc::invalid_message;
  return errc::none;
}

caf::result<std::uint64_t> hub_state::send(const audience& to, const outgoing& message) {
  if (auto why = check(message.data, message.options.kind); why != errc::none)
    return caf::make_error(why);
  return post(to, message.data, message.options.kind, message.options.compress);
}

caf::result<std::uint64_t> hub_state::send(const audience& to, const message_batch& batch) {
  if (!batch.valid())
    return caf::make_error(errc::invalid_message);
  for (std::size_t i = 0; i < batch.size(); ++i)
    if (auto why = check(batch.data(i), batch[i].kind); why != errc::none)
      return caf::make_error(why);
  std::uint64_t count = 0;
  for (std::size_t i = 0; i < batch.size(); ++i)
    count = post(to, batch.data(i), batch[i].kind, batch.entries()[i].compress);
  return count;
}

caf::result<std::uint64_t> hub_state::send_and_close(const audience& to, const outgoing& message,
                                                     const close_order& how) {
  if (auto why = check(message.data, message.options.kind); why != errc::none)
    return caf::make_error(why);
  post(to, message.data, message.options.kind, message.options.compress);
  return close(to, how);
}

std::uint64_t hub_state::post(const audience& to, std::string_view data, message_kind kind,
                              compression compress) {
  if (!postbag_.has_room(data.size()))
    hand_out();
  std::uint64_t count = 0;
  std::uint32_t number = 0;
  clients_.for_each(to, [&](member& who) {
    if (count++ == 0) // what nobody gets is not framed
      number = postbag_.add(data, kind, compress);
    postbag_.address(&who.data, number);
  });
  return count;
}

void hub_state::hand_out() {
  std::shared_ptr<mail_content> content;
  std::uint64_t count = 0;
  postbag_.hand_out([&](client* to, const auto& batch, const frame_ranges& ranges, bool same) {
    if (!content)
      content = std::make_shared<mail_content>(mail_content{batch, {}});
    if (!same) {
      content->shares.push_back(ranges);
      count = 0;
      for (const auto& range : ranges)
        count += range.end - range.begin;
    }
    to->handed += count;
    const auto share = static_cast<std::uint32_t>(content->shares.size() - 1);
    routes_[to->route].mail.letters.push_back({to->mail, share});
  });
  if (!content)
    return;
  for (auto& one : routes_)
    one.mail.content = content;
  send_mail();
}

/// To the couriers that have something to bring.
void hub_state::send_mail() {
  for (auto& [courier, mail] : routes_) {
    auto full = std::exchange(mail, {});
    if (!full.letters.empty() || !full.leaving.empty())
      compat::tell(self_, courier, internal::pack(std::move(full)));
  }
}

std::uint64_t hub_state::close(const audience& to, const close_order& how) {
  hand_out(); // what was sent before goes before
  std::uint64_t count = 0;
  clients_.for_each(to, [&](const member& who) {
    ++count;
    order_to_close(who, how);
  });
  send_mail();
  return count;
}

/// Goes with the next mail. What was sent before must have been handed out.
void hub_state::order_to_close(const member& who, const close_order& how) {
  auto& mail = routes_[who.data.route].mail;
  if (mail.leaving.empty())
    mail.how = how;
  mail.leaving.push_back(who.data.mail);
}

} // namespace wspool
