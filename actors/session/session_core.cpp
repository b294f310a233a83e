// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)

// The core of a session: requests on their way out, and time. What the server says is in
// session_hearing.cpp.

#include "session/session_core.hpp"

#include "messaging/v1_client.hpp"

#include <algorithm>
#include <utility>

namespace wspool {

using std::chrono::milliseconds;

namespace {

/// What an application answers may be nested deeper than what clients may say.
constexpr std::size_t heard_depth = 128;

void bring_forward(std::optional<session_core::time_point>& earliest,
                   const std::optional<session_core::time_point>& candidate) {
  if (candidate)
    earliest = earliest ? std::min(*earliest, *candidate) : candidate;
}

message_id wire_id(std::uint64_t id) { return static_cast<std::int64_t>(id); }

} // namespace

bool session_core::channel_entry::wants_presence() const {
  return std::any_of(listeners.begin(), listeners.end(),
                     [](const auto& x) { return x.second.presence; });
}

const channel_track* session_core::channel_entry::live() const {
  for (const auto& [who, x] : listeners)
    if (x.track.live())
      return &x.track;
  return nullptr;
}

session_core::session_core(session_settings settings, session_effects& effects)
  : settings_(std::move(settings)), effects_(effects), random_(settings_.seed) {
  heard_limits_.message_bytes = settings_.max_message_bytes;
  heard_limits_.depth = heard_depth;
}

// -- requests -------------------------------------------------------------------------------------

void session_core::refuse(session_ticket ticket, const session_failure& why) {
  effects_.answer(ticket, why);
}

bool session_core::admit(session_ticket ticket) {
  if (state_ == state::over || close_deadline_)
    refuse(ticket, {errc::pool_closed, "the session is closed"});
  else if (requests_.pending() >= settings_.max_pending)
    refuse(ticket, {errc::queue_full, "too many requests without an answer"});
  else
    return true;
  return false;
}

void session_core::add(session_ticket ticket, kind what, std::uint64_t id,
                       const client_request& wire, time_point deadline, std::string channel) {
  session_request request;
  request.kind = what;
  request.ticket = ticket;
  request.wire = encode_v1_request(wire);
  request.deadline = deadline;
  request.channel = std::move(channel);
  requests_.add(id, std::move(request));
}

void session_core::subscribe(session_ticket ticket, session_subscriber who,
                             const subscribe_order& order, time_point now) {
  if (!admit(ticket))
    return;
  auto from = position_of(order.from);
  auto why = check_name("channel", order.channel, request_limits{}.channel_bytes);
  if (why.code == errc::none && from)
    why = check_name("from.epoch", from->epoch, request_limits{}.id_bytes);
  if (why.code != errc::none)
    return refuse(ticket, why);
  stay(order.channel);
  auto& here = channels_[order.channel];
  const bool had_presence = here.wants_presence();
  const auto* beside = here.live();
  auto& mine = here.listeners[who];
  mine.presence = order.presence;
  if (mine.track.begun())
    from.reset(); // it goes on where it is
  if (beside != nullptr && !from && (had_presence || !order.presence)) {
    if (!mine.track.begun())
      mine.track.begin_beside(*beside);
    return effects_.answer(ticket, subscribe_report{place_of(mine.track.place()), false});
  }
  const auto id = requests_.next_id();
  add(ticket, kind::subscribe, id,
      requests::subscribe{wire_id(id), order.channel, from, here.wants_presence()},
      usual_deadline(now), order.channel);
  auto* request = requests_.find(id);
  request->subscriber = who;
  request->asked = from;
  flush(now);
}

void session_core::unsubscribe(session_ticket ticket, session_subscriber who,
                               const std::string& channel, time_point now) {
  // There is always room for it: there are no more of these than subscriptions.
  if (state_ == state::over)
    return refuse(ticket, {errc::pool_closed, "the session is closed"});
  remove(channel, who, ticket, now);
  flush(now);
}

void session_core::forget(session_subscriber who, time_point now) {
  std::vector<std::string> from;
  for (const auto& [name, here] : channels_)
    if (here.listeners.contains(who))
      from.push_back(name);
  for (const auto& name : from)
    remove(name, who, 0, now);
  flush(now);
}

/// A subscription of it that has no answer yet gets none any more.
void session_core::remove(const std::string& channel, session_subscriber who, session_ticket ticket,
                          time_point now) {
  std::vector<std::uint64_t> over;
  for (const auto& [id, request] : requests_.all())
    if (request.kind == kind::subscribe && request.subscriber == who && request.channel == channel)
      over.push_back(id);
  for (const auto id : over)
    finish(requests_.take(id), {errc::dropped, "unsubscribed before it was accepted"});
  const auto found = channels_.find(channel);
  bool was_there = false;
  if (found != channels_.end()) {
    was_there = found->second.listeners.erase(who) > 0;
    if (found->second.listeners.empty())
      channels_.erase(found);
  }
  const bool last = was_there && !channels_.contains(channel);
  if (!last || state_ != state::ready) {
    if (ticket != 0)
      effects_.answer(ticket, session_done{});
    return;
  }
  leave(channel, ticket, now);
}

void session_core::leave(const std::string& channel, session_ticket ticket, time_point now) {
  const auto id = requests_.next_id();
  add(ticket, kind::unsubscribe, id, requests::unsubscribe{wire_id(id), channel},
      usual_deadline(now), channel);
  leaving_[channel] = id;
}

/// The channel is wanted again: what was not written, or was put back, must not come later.
void session_core::stay(const std::string& channel) {
  const auto found = leaving_.find(channel);
  if (found == leaving_.end())
    return;
  const auto id = found->second;
  if (const auto* request = requests_.find(id); request != nullptr && !request->written)
    finish(requests_.take(id), {});
}

void session_core::publish(session_ticket ticket, const std::string& channel, const content& data,
                           time_point now) {
  if (!admit(ticket))
    return;
  requests::publish wire;
  wire.message.channel = channel;
  auto why = check_name("channel", channel, request_limits{}.channel_bytes);
  if (why.code == errc::none)
    why = read_content(data, wire.message.data);
  if (why.code == errc::none && !wire.message.data)
    why = {errc::invalid_message, "data is missing"};
  if (why.code != errc::none)
    return refuse(ticket, why);
  const auto id = requests_.next_id();
  wire.id = wire_id(id);
  add(ticket, kind::publish, id, wire, usual_deadline(now));
  flush(now);
}

void session_core::query(session_ticket ticket, const std::string& name, const content& data,
                         milliseconds timeout, time_point now) {
  if (!admit(ticket))
    return;
  const request_limits limits;
  requests::query wire;
  wire.name = name;
  auto why = check_name("name", name, limits.name_bytes);
  if (why.code == errc::none)
    why = read_content(data, wire.data);
  if (why.code != errc::none)
    return refuse(ticket, why);
  timeout = timeout.count() <= 0 ? settings_.timeout : std::min(timeout, longest_wait);
  const auto id = requests_.next_id();
  wire.id = wire_id(id);
  wire.deadline = std::clamp(timeout, milliseconds{1}, limits.deadline);
  // Asked once more on a further connection, it is still run once.
  wire.key = std::to_string(id);
  add(ticket, kind::query, id, wire, now + timeout);
  flush(now);
}

void session_core::command(session_ticket ticket, const std::string& name, const content& data,
                           time_point now) {
  if (!admit(ticket))
    return;
  requests::command wire;
  wire.name = name;
  auto why = check_name("name", name, request_limits{}.name_bytes);
  if (why.code == errc::none)
    why = read_content(data, wire.data);
  if (why.code != errc::none)
    return refuse(ticket, why);
  const auto id = requests_.next_id();
  wire.id = wire_id(id);
  add(ticket, kind::command, id, wire, usual_deadline(now));
  flush(now);
}

void session_core::presence(session_ticket ticket, const std::string& channel, time_point now) {
  if (!admit(ticket))
    return;
  if (auto why = check_name("channel", channel, request_limits{}.channel_bytes);
      why.code != errc::none)
    return refuse(ticket, why);
  const auto id = requests_.next_id();
  add(ticket, kind::presence, id, requests::presence{wire_id(id), channel}, usual_deadline(now));
  flush(now);
}

void session_core::finish(const session_request& request, const session_failure& why) {
  if (request.kind == kind::unsubscribe)
    leaving_.erase(request.channel);
  if (request.ticket == 0)
    return;
  if (why.code == errc::none)
    effects_.answer(request.ticket, session_done{});
  else
    effects_.answer(request.ticket, why);
}

/// A subscription that was not accepted is none.
void session_core::fail(const session_request& request, const session_failure& why) {
  finish(request, why);
  if (request.kind != kind::subscribe)
    return;
  for (const auto& [id, other] : requests_.all())
    if (other.kind == kind::subscribe && other.subscriber == request.subscriber
        && other.channel == request.channel)
      return; // it was asked for again
  const auto found = channels_.find(request.channel);
  if (found == channels_.end())
    return;
  auto& listeners = found->second.listeners;
  const auto mine = listeners.find(request.subscriber);
  if (mine != listeners.end() && !mine->second.track.begun())
    listeners.erase(mine);
  if (listeners.empty())
    channels_.erase(found);
}

void session_core::flush(time_point now) {
  if (state_ != state::ready || restarting_)
    return;
  while (!paused_until_) {
    const auto id = requests_.next_unwritten();
    if (!id)
      break;
    auto& request = *requests_.find(*id);
    if (requests_.is_too_old(request, now)) {
      fail(requests_.take(*id), {errc::connection_lost, "it is too old to be sent again"});
      continue;
    }
    if (request.wire.data.size() > max_request_bytes_) {
      fail(requests_.take(*id), {errc::too_big, "larger than the server's limit"});
      continue;
    }
    if (request.first_written)
      ++stats_.resent;
    requests_.written(*id, now);
    effects_.write(request.wire);
  }
  if (close_deadline_ && disconnect_id_ == 0 && requests_.pending() == 0) {
    disconnect_id_ = requests_.next_id();
    effects_.write(encode_v1_request(requests::disconnect{wire_id(disconnect_id_)}));
  }
}

void session_core::say_unanswered(const client_request& wire) {
  if (state_ == state::ready && !restarting_)
    effects_.write(encode_v1_request(wire));
}

// -- the connection -------------------------------------------------------------------------------

void session_core::opened(time_point now) {
  if (state_ == state::over)
    return;
  if (state_ != state::away)
    lost("replaced", now);
  state_ = state::connecting;
  say_connect(now);
}

void session_core::say_connect(time_point now) {
  connect_again_.reset();
  connect_deadline_ = usual_deadline(now);
  connect_id_ = requests_.next_id();
  requests::connect wire;
  wire.id = wire_id(connect_id_);
  wire.session = settings_.session;
  if (!settings_.token.empty())
    wire.token = settings_.token;
  effects_.write(encode_v1_request(wire));
}

void session_core::lost(const std::string& reason, time_point now) {
  if (state_ == state::over || state_ == state::away)
    return;
  const bool was_ready = state_ == state::ready;
  state_ = state::away;
  restarting_ = false;
  connect_deadline_.reset();
  connect_again_.reset();
  paused_until_.reset();
  restart_at_.reset();
  for (auto& [name, here] : channels_)
    for (auto& [who, x] : here.listeners)
      x.track.lose();
  for (auto& [request, why] : requests_.connection_lost(now))
    finish(request, why);
  if (was_ready)
    effects_.observe(session_lost_event{reason});
  if (close_deadline_ && requests_.pending() == 0) {
    state_ = state::over; // closing the connection says the same as `disconnect`
    effects_.finished();
  }
}

/// Each channel once, from the earliest place that one of its subscribers has seen.
void session_core::restore(time_point now) {
  for (const auto& [name, here] : channels_) {
    bool any = false;
    std::optional<position> from;
    for (const auto& [who, x] : here.listeners) {
      any = any || x.track.lost();
      const auto& place = x.track.place();
      if (x.track.lost() && place
          && (!from || (from->epoch == place->epoch && place->offset < from->offset)))
        from = place;
    }
    if (!any)
      continue;
    const auto id = requests_.next_id();
    add(0, kind::restore, id, requests::subscribe{wire_id(id), name, from, here.wants_presence()},
        usual_deadline(now), name);
    requests_.find(id)->asked = from;
  }
}

void session_core::restart(const std::string& why) {
  restart_at_.reset();
  connect_deadline_.reset();
  connect_again_.reset();
  if (!std::exchange(restarting_, true))
    effects_.restart(why);
}

void session_core::give_up(const session_failure& why) {
  if (state_ == state::over)
    return;
  end(why);
  effects_.give_up(why);
}

void session_core::end(const session_failure& why) {
  state_ = state::over;
  while (!requests_.all().empty())
    finish(requests_.take(requests_.all().begin()->first), why);
  channels_.clear();
}

void session_core::close(time_point now) {
  if (state_ == state::over || close_deadline_)
    return;
  close_deadline_ = now + settings_.timeout;
  std::vector<std::uint64_t> pointless;
  for (const auto& [id, request] : requests_.all())
    if (request.kind == kind::subscribe)
      pointless.push_back(id);
  for (const auto id : pointless)
    fail(requests_.take(id), {errc::pool_closed, "the session closes"});
  if (state_ != state::ready && requests_.pending() == 0) {
    state_ = state::over;
    return effects_.finished();
  }
  flush(now);
}

// -- time -----------------------------------------------------------------------------------------

std::optional<session_core::time_point> session_core::next_due() const {
  if (state_ == state::over)
    return std::nullopt;
  std::optional<time_point> result = requests_.next_deadline();
  for (const auto& x :
       {connect_deadline_, connect_again_, paused_until_, restart_at_, close_deadline_})
    bring_forward(result, x);
  return result;
}

void session_core::tick(time_point now) {
  if (state_ == state::over)
    return;
  while (const auto id = requests_.expired(now))
    expire(*id, now);
  if (close_deadline_ && *close_deadline_ <= now) {
    end({errc::expired, "the session closed before there was an answer"});
    return effects_.finished();
  }
  if (connect_deadline_ && *connect_deadline_ <= now)
    return restart("the server did not answer connect in time");
  if (restart_at_ && *restart_at_ <= now)
    return restart("the server drains");
  if (connect_again_ && *connect_again_ <= now)
    say_connect(now);
  if (paused_until_ && *paused_until_ <= now)
    paused_until_.reset();
  flush(now);
}

void session_core::expire(std::uint64_t id, time_point now) {
  const auto request = requests_.take(id);
  fail(request, {errc::expired, "no answer in time"});
  if (state_ != state::ready)
    return;
  if (request.kind == kind::restore)
    return restart("the server did not answer subscribe in time");
  if (request.kind == kind::query && request.written)
    return say_unanswered(requests::cancel{wire_id(id)});
  // It may be accepted yet.
  if (request.kind == kind::subscribe && request.written && !channels_.contains(request.channel))
    leave(request.channel, 0, now);
}

session_stats session_core::stats() const {
  auto result = stats_;
  result.open = state_ == state::ready;
  result.channels = channels_.size();
  result.pending = requests_.pending();
  return result;
}

} // namespace wspool
