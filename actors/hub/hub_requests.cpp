// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)

// The hub's answers: rooms, looking, subscribers, statistics; and the drain.
// The text for Prometheus is in hub_metrics.cpp.

#include "hub/hub_state.hpp"

#include "pool/pool_census.hpp"
#include "runtime/option_checker.hpp"

#include <algorithm>
#include <utility>

namespace wspool {

// -- rooms and looking ---------------------------------------------------------------------------

caf::result<void> hub_state::join(const client_ref& who, const std::string& room) {
  auto* const found = clients_.find(who);
  if (found == nullptr)
    return caf::make_error(errc::no_connection);
  clients_.join(*found, room);
  if (found->room_count() <= options_->max_rooms)
    return caf::unit;
  clients_.leave(*found, room);
  return caf::make_error(errc::queue_full, "max_rooms: " + std::to_string(options_->max_rooms));
}

caf::result<void> hub_state::leave(const client_ref& who, const std::string& room) {
  auto* const found = clients_.find(who);
  if (found == nullptr)
    return caf::make_error(errc::no_connection);
  clients_.leave(*found, room);
  return caf::unit;
}

caf::result<client_info> hub_state::find(const client_ref& who) {
  auto* const found = clients_.find(who);
  if (found == nullptr)
    return caf::make_error(errc::no_connection);
  auto result = found->data.info;
  result.rooms = found->rooms();
  return result;
}

caf::result<void> hub_state::renew(const client_ref& who, std::int64_t expires) {
  auto* const found = clients_.find(who);
  if (found == nullptr)
    return caf::make_error(errc::no_connection);
  compat::tell(self_, found->data.actor, authenticate_atom_v, expires);
  return caf::unit;
}

client_page hub_state::list(const std::string& space, const std::string& after,
                            std::uint32_t limit) {
  client_page result;
  result.more = clients_.page(space, after, limit,
                              [&](const member& who) { result.clients.push_back(who.data.info); });
  return result;
}

// -- subscribers ---------------------------------------------------------------------------------

void hub_state::subscribe(const caf::actor& who, const subscription& what) {
  if (!who)
    return;
  if (!subscribers_->has(who.address()))
    monitors_.add(self_, who,
                  [this, addr = who.address()](const caf::error&) { unsubscribe(addr); });
  subscribers_changed(subscribers_->with(who, what));
}

void hub_state::unsubscribe(const caf::actor_addr& who) {
  subscribers_changed(subscribers_->without(who));
}

void hub_state::subscribers_changed(internal::subscribers next) {
  subscribers_ = internal::pack(std::move(next));
  for (auto* const who : clients_.all())
    compat::tell(self_, who->data.actor, subscribers_);
}

void hub_state::publish_empty(const std::string& space) {
  for (const auto& s : subscribers_->list)
    if (s.what.events & server_event::space_empty)
      compat::anon_tell(s.who, space_empty_event{space});
}

// -- statistics ----------------------------------------------------------------------------------

caf::result<listen_report> hub_state::addresses() {
  auto answer = self_->make_response_promise<listen_report>();
  auto kept = keep(answer);
  compat::ask(self_, gate_, caf::infinite, address_atom_v)
    .then([kept](listen_report& result) { kept->deliver(std::move(result)); },
          [kept](caf::error& why) { kept->deliver(std::move(why)); });
  return answer;
}

caf::result<void> hub_state::reload() {
  compat::void_promise answer{self_};
  auto kept = keep(answer);
  compat::ask(self_, gate_, caf::infinite, reload_atom_v)
    .then([kept] { kept->deliver(); }, [kept](caf::error& why) { kept->deliver(std::move(why)); });
  return answer;
}

caf::result<server_stats> hub_state::stats() {
  auto answer = self_->make_response_promise<server_stats>();
  auto all = std::make_shared<stats_round>(stats_round{keep(answer), own_stats(), {}, {}, false});
  for (const auto* who : clients_.all())
    all->left.push_back(who->number);
  std::sort(all->left.begin(), all->left.end());
  std::erase_if(rounds_, [](const auto& one) { return one.expired(); });
  rounds_.push_back(all);
  ask_gate(all);
  gather(all);
  return answer;
}

server_stats hub_state::own_stats() const {
  server_stats result;
  result.server = options_->name;
  result.draining = draining_.has_value();
  result.clients = clients_.size();
  result.spaces = clients_.spaces();
  result.rooms = clients_.rooms();
  result.arrived = arrived_;
  for (const auto& [key, count] : closes_)
    result.closes.push_back({key.first, key.second, count});
  result.ends = ends_;
  result.total_traffic = gone_.total;
  result.dropped_messages = gone_.dropped;
  return result;
}

void hub_state::ask_gate(const std::shared_ptr<stats_round>& all) {
  auto go_on = [this, all] {
    all->gate_answered = true;
    gather(all);
  };
  compat::ask(self_, gate_, caf::infinite, sample_atom_v)
    .then(
      [all, go_on](const internal::parcel<internal::gate_counts>& counts) {
        all->result.sockets = counts->sockets;
        all->result.turned_away = counts->turned_away;
        all->result.failed = counts->failed;
        all->result.refused = counts->refused;
        all->result.http = counts->http;
        go_on();
      },
      [go_on](const caf::error&) { go_on(); });
}

void hub_state::gather(const std::shared_ptr<stats_round>& all) {
  while (!all->left.empty() && all->asked.size() < max_samples) {
    const auto number = all->left.back();
    auto* const who = clients_.find(number);
    all->left.pop_back();
    if (who == nullptr)
      continue; // left meanwhile
    all->asked.insert(number);
    auto go_on = [this, all, number] {
      all->asked.erase(number);
      gather(all);
    };
    compat::ask(self_, who->data.actor, caf::infinite, sample_atom_v)
      .then(
        [all, go_on, number](const internal::parcel<internal::client_sample>& counts) {
          if (!all->asked.contains(number))
            return; // it has left, and is counted
          add(all->result.total_traffic, counts->total);
          all->result.dropped_messages += counts->dropped;
          all->result.waiting_messages += counts->waiting_messages;
          all->result.waiting_bytes += counts->waiting_bytes;
          go_on();
        },
        [go_on](const caf::error&) { go_on(); });
  }
  if (all->gate_answered && all->left.empty() && all->asked.empty() && all->answer->pending())
    all->answer->deliver(std::move(all->result));
}

/// Totals never go backwards: who leaves before it said its counts is in neither those that are
/// asked nor those that were gone when the question came.
void hub_state::add_to_rounds(std::uint64_t number, const internal::client_sample& last) {
  for (const auto& one : rounds_) {
    const auto all = one.lock();
    if (!all)
      continue;
    const bool asked = all->asked.erase(number) > 0;
    if (!asked && !std::binary_search(all->left.begin(), all->left.end(), number))
      continue; // it came later, or its counts are in there
    add(all->result.total_traffic, last.total);
    all->result.dropped_messages += last.dropped;
    if (asked)
      gather(all);
  }
}

// -- draining ------------------------------------------------------------------------------------

caf::result<drain_report> hub_state::drain(const drain_order& order) {
  detail::option_checker check;
  check.within("max_per_second", order.max_per_second, 0.001, 1e6);
  check.duration("deadline", order.deadline);
  if (auto bad = check.take())
    return caf::make_error(bad.code, bad.detail);
  auto answer = self_->make_response_promise<drain_report>();
  const auto at = now();
  if (!draining_) {
    compat::tell(self_, gate_, close_atom_v);
    draining_ = draining{
      drain_pace{order.max_per_second, at}, order, at, at + order.deadline, {}, false, {}, {}};
    for (const auto* who : clients_.all())
      draining_->left.push_back(who->number);
    // The oldest first.
    std::sort(draining_->left.rbegin(), draining_->left.rend());
  }
  draining_->answers.push_back(keep(answer));
  if (clients_.size() == 0)
    finish_draining(at);
  else
    go_on_draining(at);
  return answer;
}

void hub_state::go_on_draining(time_point at) {
  hand_out(); // what was sent before goes before
  auto& left = draining_->left;
  while (!left.empty()) {
    auto* const who = clients_.find(left.back());
    if (who != nullptr && !draining_->pace.take(at))
      break;
    left.pop_back();
    if (who == nullptr)
      continue; // it left by itself, and nobody waits in its place
    who->data.closing = true;
    order_to_close(*who, draining_->order.close);
  }
  send_mail();
  if (!draining_->cut && at >= draining_->deadline)
    cut_off();
  arm(at);
}

void hub_state::cut_off() {
  draining_->cut = true;
  draining_->left.clear();
  for (auto* const who : clients_.all()) {
    who->data.closing = true;
    compat::tell(self_, who->data.actor, destroy_atom_v);
  }
}

void hub_state::count_drained(const member& who, const internal::left& news) {
  auto& report = draining_->report;
  if (!who.data.closing)
    ++report.left;
  else if (news.close && news.close->clean && news.lost == 0)
    ++report.closed;
  else
    ++report.cut_off;
}

void hub_state::finish_draining(time_point at) {
  auto& report = draining_->report;
  if (report.duration.count() == 0)
    report.duration = std::chrono::duration_cast<std::chrono::milliseconds>(at - draining_->began);
  for (auto& answer : std::exchange(draining_->answers, {}))
    answer->deliver(report);
}

void hub_state::arm(time_point at) {
  if (!draining_ || draining_->cut || clients_.size() == 0)
    return;
  auto due = draining_->deadline;
  if (!draining_->left.empty())
    due = std::min(due, draining_->pace.next());
  alarm_.set(due, at);
}

void hub_state::on_tick() {
  alarm_.rang();
  if (draining_ && clients_.size() > 0)
    go_on_draining(now());
}

} // namespace wspool
