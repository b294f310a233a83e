// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "pool/pool_census.hpp"

#include <algorithm>

namespace wspool {

namespace {

void add(traffic& to, const traffic& what) {
  to.messages_out += what.messages_out;
  to.bytes_out += what.bytes_out;
  to.messages_in += what.messages_in;
  to.bytes_in += what.bytes_in;
  to.pings_in += what.pings_in;
  to.pongs_in += what.pongs_in;
}

} // namespace

pool_census::transition pool_census::opened(const internal::opened& news, time_point now) {
  live_[news.id] = {news.origin, now};
  ++open_slots_[news.id.slot];
  ++connects_;
  if (news.id.generation > 0)
    ++reconnects_;
  auto& there = endpoints_[news.origin];
  ++there.attempts["ok"];
  there.connect_duration.record(now - news.began);
  return check_ready();
}

pool_census::transition pool_census::ended(const internal::ended& news) {
  if (!news.how.was_open) {
    ++endpoints_[news.origin].attempts[to_string(news.how.why)];
    return transition::none;
  }
  if (live_.erase(news.id) == 0)
    return transition::none;
  ++closes_[news.how.close ? news.how.close->code : close_code::abnormal];
  add(gone_, news.counts.total);
  round_trip_.merge(news.counts.round_trip);
  connection_duration_.record(news.uptime);
  auto open_slot = open_slots_.find(news.id.slot);
  if (--open_slot->second == 0)
    open_slots_.erase(open_slot);
  if (open_slots_.size() < slots_.size())
    ready_ = false;
  return open_slots_.empty() ? transition::empty : transition::none;
}

pool_census::transition pool_census::slot_changed(const internal::slots& news) {
  auto found = slots_.find(news.slot);
  if (found != slots_.end() && found->second.state == slot_state::given_up)
    --given_up_;
  if (news.removed) {
    if (found != slots_.end())
      slots_.erase(found);
    return check_ready();
  }
  slots_[news.slot] = {news.origin, news.state, news.generation, news.reconnects};
  if (news.state == slot_state::given_up)
    ++given_up_;
  if (news.state == slot_state::waiting)
    reconnect_delay_.record(news.delay);
  if (open_slots_.size() < slots_.size())
    ready_ = false;
  return transition::none;
}

pool_census::transition pool_census::check_ready() {
  if (ready_ || slots_.empty() || open_slots_.size() < slots_.size())
    return transition::none;
  ready_ = true;
  return transition::ready;
}

void pool_census::failed(errc why, std::uint64_t count) {
  failures_[to_string(why)] += count;
}

void pool_census::waited(std::chrono::nanoseconds how_long, std::uint64_t count) {
  send_wait_.record(how_long, count);
}

void pool_census::fill(pool_stats& into, time_point now) const {
  into.failures = failures_;
  into.total = static_cast<std::uint32_t>(slots_.size());
  into.open = open();
  into.closed = static_cast<std::uint32_t>(given_up_);
  into.connecting = into.total - std::min(into.total, into.open + into.closed);
  into.connects = connects_;
  into.reconnects = reconnects_;
  into.closes = closes_;
  into.total_traffic = gone_;
  into.received = gone_.messages_in;
  into.round_trip = round_trip_;
  into.send_wait = send_wait_;
  into.connection_duration = connection_duration_;
  into.reconnect_delay = reconnect_delay_;
  for (const auto& [origin, numbers] : endpoints_) {
    into.endpoints.push_back(numbers);
    into.endpoints.back().endpoint = origin;
  }
  for (const auto& [number, s] : slots_)
    if (open_slots_.count(number) == 0)
      into.connections.push_back({{number, s.generation}, s.origin, s.state, {}, 0, 0, {}, {},
                                  s.reconnects});
  for (const auto& [id, one] : live_) {
    const auto age = std::chrono::duration_cast<std::chrono::milliseconds>(now - one.opened_at);
    into.connections.push_back({id, one.origin, slot_state::open, {}, 0, 0, age, {},
                                id.generation});
  }
}

void pool_census::add_live(pool_stats& into, const internal::sample& counts) const {
  add(into.total_traffic, counts.total);
  into.received += counts.total.messages_in;
  into.round_trip.merge(counts.round_trip);
  for (auto& c : into.connections) {
    if (c.id != counts.id)
      continue;
    c.total = counts.total;
    c.round_trip = counts.smoothed;
  }
}

} // namespace wspool
