// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "pool/pool_census.hpp"

#include <algorithm>

namespace wspool {

void add(traffic& to, const traffic& what) {
  to.messages_out += what.messages_out;
  to.bytes_out += what.bytes_out;
  to.messages_in += what.messages_in;
  to.bytes_in += what.bytes_in;
  to.pings_in += what.pings_in;
  to.pongs_in += what.pongs_in;
  to.binary_out += what.binary_out;
  to.binary_in += what.binary_in;
}

initiator initiator_of(errc why) {
  switch (why) {
    case errc::heartbeat_timeout:
    case errc::idle_timeout:
    case errc::close_timeout:
    case errc::crashed:
    case errc::shutdown:
    case errc::slow_consumer:
    case errc::rate_exceeded:
      return initiator::local;
    default:
      return initiator::remote;
  }
}

// -- slots ---------------------------------------------------------------------------------------

pool_census::sums pool_census::share_of(std::uint32_t number) const {
  auto found = slots_.find(number);
  if (found == slots_.end() || found->second.state == slot_state::draining)
    return {};
  return {1, open_slots_.count(number) != 0 ? 1u : 0u,
          found->second.state == slot_state::given_up ? 1u : 0u};
}

/// Keeps the sums true to what `f` does to one slot.
template <class F>
void pool_census::change(std::uint32_t number, F f) {
  const auto before = share_of(number);
  f();
  const auto after = share_of(number);
  sums_.wanted += after.wanted - before.wanted;
  sums_.open += after.open - before.open;
  sums_.given_up += after.given_up - before.given_up;
}

pool_census::transition pool_census::check_ready() {
  const bool complete = sums_.wanted > 0 && sums_.open == sums_.wanted;
  return std::exchange(ready_, complete) || !complete ? transition::none : transition::ready;
}

pool_census::transition pool_census::slot_changed(const internal::slots& news) {
  change(news.slot, [&] {
    if (news.removed)
      slots_.erase(news.slot);
    else
      slots_[news.slot] = {shared(news.origin), news.state, news.generation, news.reconnects};
  });
  if (news.removed)
    openings_.erase(news.slot);
  else if (news.state == slot_state::waiting)
    reconnect_delay_.record(news.delay);
  return check_ready();
}

// -- connections ---------------------------------------------------------------------------------

pool_census::transition pool_census::opened(const internal::opened& news, time_point now) {
  const auto earlier = openings_[news.id.slot]++;
  live_[news.id] = {shared(news.origin), now, earlier, {}, {}};
  change(news.id.slot, [&] { ++open_slots_[news.id.slot]; });
  ++connects_;
  if (earlier > 0)
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
  auto one = live_.find(news.id);
  if (one == live_.end())
    return transition::none;
  count_close(news.how);
  // A connection that died without a last word has no counts but those that it told before.
  const auto& before = one->second.total;
  const bool told = news.counts.total.messages_in >= before.messages_in
                    && news.counts.total.messages_out >= before.messages_out;
  add(gone_, told ? news.counts.total : before);
  if (news.counts.round_trips)
    round_trip_.merge(*news.counts.round_trips);
  connection_duration_.record(news.uptime);
  live_.erase(one);
  change(news.id.slot, [&] {
    auto open_slot = open_slots_.find(news.id.slot);
    if (--open_slot->second == 0)
      open_slots_.erase(open_slot);
  });
  (void)check_ready();
  return open_slots_.empty() ? transition::empty : transition::none;
}

void pool_census::count_close(const ending& how) {
  if (how.close)
    ++closes_[{how.close->code, how.close->began}];
  else // RFC 6455 §7.1.5: no close frame came
    ++closes_[{close_code::abnormal, initiator_of(how.why)}];
}

void pool_census::sampled(const internal::sample& counts) {
  if (counts.round_trips)
    round_trip_.merge(*counts.round_trips);
  if (auto found = live_.find(counts.id); found != live_.end()) {
    found->second.total = counts.total;
    found->second.smoothed = counts.smoothed;
  }
}

void pool_census::failed(errc why, std::uint64_t count) { failures_[to_string(why)] += count; }

void pool_census::waited(std::chrono::nanoseconds how_long, std::uint64_t count) {
  send_wait_.record(how_long, count);
}

// -- statistics ----------------------------------------------------------------------------------

void pool_census::fill(pool_stats& into, time_point now) const {
  into.failures = failures_;
  into.total = sums_.wanted;
  into.open = sums_.open;
  into.closed = sums_.given_up;
  into.connecting = sums_.wanted - sums_.open - sums_.given_up;
  into.connects = connects_;
  into.reconnects = reconnects_;
  for (const auto& [what, count] : closes_)
    into.closes.push_back({what.first, what.second, count});
  into.total_traffic = gone_;
  into.round_trip = round_trip_;
  into.send_wait = send_wait_;
  into.connection_duration = connection_duration_;
  into.reconnect_delay = reconnect_delay_;
  for (const auto& [origin, numbers] : endpoints_) {
    into.endpoints.push_back(numbers);
    into.endpoints.back().endpoint = origin;
  }
  fill_connections(into, now);
  into.received = into.total_traffic.messages_in;
}

void pool_census::fill_connections(pool_stats& into, time_point now) const {
  into.connections.reserve(slots_.size() + live_.size() - open_slots_.size());
  for (const auto& [number, s] : slots_)
    if (open_slots_.count(number) == 0)
      into.connections.push_back(
        {{number, s.generation}, *s.origin, s.state, {}, 0, 0, {}, {}, s.reconnects});
  for (const auto& [id, one] : live_) {
    add(into.total_traffic, one.total);
    const auto age = std::chrono::duration_cast<std::chrono::milliseconds>(now - one.opened_at);
    into.connections.push_back(
      {id, *one.origin, slot_state::open, one.total, 0, 0, age, one.smoothed, one.reconnects});
  }
}

} // namespace wspool
