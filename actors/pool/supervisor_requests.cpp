// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)

// The supervisor actor: requests, and how slots leave.

#include "pool/supervisor_state.hpp"

#include <wspool/close_code.hpp>

#include <algorithm>
#include <string_view>
#include <utility>

namespace wspool {

namespace {

/// Connections bound their closing themselves; what has not ended so long after that is ended hard.
constexpr std::chrono::milliseconds close_grace{1'000};

/// The same checks as for the endpoints that a pool begins with.
failure check(const endpoint_options& what) {
  constexpr std::string_view place = "endpoints[0].";
  pool_options alone;
  alone.endpoints = {what};
  auto result = validate(alone);
  if (result.detail.starts_with(place))
    result.detail.erase(0, place.size());
  return result;
}

} // namespace

// -- requests ------------------------------------------------------------------------------------

caf::response_promise supervisor_state::add(const endpoint_options& what) {
  if (closing_)
    return refuse(errc::pool_closed, {});
  if (auto bad = check(what))
    return refuse(bad.code, std::move(bad.detail));
  endpoint target;
  if (auto bad = parse_endpoint(what.url, target))
    return refuse(bad.code, std::move(bad.detail));
  if (find_endpoint(what.url))
    return refuse(errc::invalid_option, "url: \"" + target.url()
                                          + "\": expected another URL than those of the pool "
                                            "(resize that endpoint)");
  std::vector<std::uint32_t> added;
  add_slots(add_endpoint(what, std::move(target)), what.connections, added);
  start(added);
  auto promise = self_->make_response_promise();
  promise.deliver(caf::unit);
  return promise;
}

caf::response_promise supervisor_state::remove(const std::string& url) {
  if (closing_)
    return refuse(errc::pool_closed, {});
  const auto home = find_endpoint(url);
  if (!home)
    return refuse(errc::unknown_endpoint, '"' + url + '"');
  auto who = std::make_shared<departure>();
  who->promise = self_->make_response_promise();
  // Slots that a resize is taking away already are waited for, too.
  for (auto& [number, s] : seats_) {
    if (s.home == home && s.lives.leaving()) {
      s.departures.push_back(who);
      ++who->left;
    }
  }
  endpoints_.erase(home->number);
  release(*home, home->slots.size(), who);
  detector_.remove(home->number);
  collect_returned(now());
  auto promise = who->promise;
  count_down(*who);
  return promise;
}

caf::response_promise supervisor_state::resize(const std::string& url, std::uint32_t count) {
  if (closing_)
    return refuse(errc::pool_closed, {});
  const auto home = find_endpoint(url);
  if (!home)
    return refuse(errc::unknown_endpoint, '"' + url + '"');
  if (auto bad = check({home->url, count, home->weight, home->group}))
    return refuse(bad.code, std::move(bad.detail));
  auto who = std::make_shared<departure>();
  who->promise = self_->make_response_promise();
  const auto current = home->slots.size();
  if (count > current) {
    std::vector<std::uint32_t> added;
    add_slots(home, count - current, added);
    start(added);
  } else {
    release(*home, current - count, who);
    forget_if_hopeless(*home, now());
  }
  auto promise = who->promise;
  count_down(*who);
  return promise;
}

caf::response_promise supervisor_state::restart(connection_id id) {
  if (closing_)
    return refuse(errc::pool_closed, {});
  auto* s = find(id.slot);
  auto found = connections_.find(id);
  if (!s || found == connections_.end())
    return refuse(errc::no_connection, to_string(id));
  auto promise = self_->make_response_promise();
  found->second.restarts.push_back(promise);
  const auto* life = s->lives.find(id.generation);
  if (life && life->open) {
    retire(*s, id.generation);
  } else {
    s->lives.retire(id.generation);
    kill(id);
  }
  return promise;
}

caf::response_promise supervisor_state::close() {
  auto promise = self_->make_response_promise();
  closers_.push_back(promise);
  if (!std::exchange(closing_, true)) {
    timers_.set(supervisor_timers::no_slot, purpose::stop, now() + close_limit());
    // Slots that are leaving already were told to finish what they hold; now they end.
    for (auto& [id, c] : connections_)
      if (auto* s = find(id.slot); s && s->lives.leaving())
        end(*s, id.generation);
    for (auto& [number, home] : endpoints_)
      release(*home, home->slots.size(), nullptr);
  }
  answer_if_closed();
  return promise;
}

caf::response_promise supervisor_state::refuse(errc why, std::string detail) {
  auto promise = self_->make_response_promise();
  promise.deliver(caf::make_error(why, std::move(detail)));
  return promise;
}

// -- leaving -------------------------------------------------------------------------------------

/// Takes the highest slots of an endpoint out of service.
void supervisor_state::release(supervisor_endpoint& home, std::size_t count,
                               const departure_ptr& who) {
  const auto first = home.slots.end() - static_cast<std::ptrdiff_t>(count);
  const std::vector<std::uint32_t> numbers(first, home.slots.end());
  home.slots.erase(first, home.slots.end());
  wanted_ -= static_cast<std::uint32_t>(count);
  for (auto number : numbers) {
    auto& s = seats_.at(number);
    if (s.lives.state() == slot::phase::given_up)
      --home.given_up;
    if (who) {
      s.departures.push_back(who);
      ++who->left;
    }
    leave(s);
  }
}

void supervisor_state::leave(seat& s) {
  s.lives.leave();
  for (auto what : {purpose::attempt, purpose::settle, purpose::rotate})
    timers_.cancel(s.lives.number(), what);
  if (s.lives.lifeless())
    return dismiss(s);
  // The dispatcher learns that the slot is no longer wanted before it is asked to drain it.
  if (s.lives.has_open())
    report(s, slot_state::draining);
  for (auto& life : s.lives.lives())
    end(s, life.generation);
}

void supervisor_state::end(seat& s, std::uint32_t generation) {
  const connection_id id{s.lives.number(), generation};
  const auto* life = s.lives.find(generation);
  if (!life || !life->open) {
    s.lives.retire(generation);
    kill(id);
  } else if (closing_) {
    s.lives.retire(generation);
    close_now(id, "pool closed");
  } else {
    retire(s, generation);
  }
}

/// The dispatcher lets it finish what it holds, and closes it; if that takes too long, `reap` ends
/// it.
void supervisor_state::retire(seat& s, std::uint32_t generation) {
  const auto* life = s.lives.find(generation);
  if (!life || life->retiring)
    return;
  s.lives.retire(generation, now() + options_->rotation.drain);
  if (auto next = s.lives.next_deadline())
    timers_.set(s.lives.number(), purpose::reap, *next);
  tell_dispatcher(retire_atom_v, connection_id{s.lives.number(), generation});
}

/// With a closing handshake, in the time that the connection itself gives that.
void supervisor_state::close_now(connection_id id, std::string reason) {
  if (auto found = connections_.find(id); found != connections_.end())
    compat::tell(self_, found->second.actor, close_atom_v, close_code::normal, std::move(reason));
}

/// A connection that was told to close has a deadline of its own, which comes first.
supervisor_state::milliseconds supervisor_state::close_limit() const {
  return options_->connect.deadlines.close + close_grace;
}

void supervisor_state::kill(connection_id id) {
  auto found = connections_.find(id);
  if (found == connections_.end())
    return;
  found->second.killed = true;
  caf::anon_send_exit(found->second.actor, caf::exit_reason::kill);
}

void supervisor_state::dismiss(seat& s) {
  report_removed(s);
  timers_.cancel_all(s.lives.number());
  const auto departures = std::move(s.departures);
  seats_.erase(s.lives.number());
  for (auto& who : departures)
    count_down(*who);
  answer_if_closed();
}

void supervisor_state::count_down(departure& who) {
  if (--who.left == 0)
    who.promise.deliver(caf::unit);
}

void supervisor_state::answer_if_closed() {
  if (!closing_ || !seats_.empty())
    return;
  timers_.cancel(supervisor_timers::no_slot, purpose::stop);
  for (auto& promise : std::exchange(closers_, {}))
    promise.deliver(caf::unit);
}

} // namespace wspool
