// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)

// The core of a session: what the server says.

#include "messaging/v1_client.hpp"
#include "session/session_core.hpp"

#include <algorithm>
#include <utility>

namespace wspool {

using std::chrono::milliseconds;

namespace {

/// How long to wait where a refusal does not say, and the least where it does.
constexpr milliseconds default_retry{1'000};
constexpr milliseconds least_retry{10};

std::optional<std::uint64_t> number_of(const std::optional<message_id>& id) {
  if (!id)
    return std::nullopt;
  if (const auto* number = std::get_if<std::int64_t>(&*id); number && *number > 0)
    return static_cast<std::uint64_t>(*number);
  return std::nullopt;
}

milliseconds retry_of(const rejection& x) {
  return std::clamp(x.retry_after.value_or(default_retry), least_retry, session_core::longest_wait);
}

} // namespace

void session_core::heard(std::string_view data, message_kind what, time_point now) {
  if (state_ == state::over || state_ == state::away)
    return;
  const auto said = decode_v1_reply(data, what, heard_limits_);
  if (said.reply)
    std::visit([&](const auto& x) { on(x, now); }, *said.reply);
  else if (!said.fault.empty())
    tell_gap_to_all(); // it may have been an event of any channel
  flush(now);
}

void session_core::tell_gap_to_all() {
  for (auto& [name, here] : channels_)
    for (auto& [who, x] : here.listeners)
      if (x.track.on_gap(std::nullopt))
        tell_gap(who, name, x.track.place());
}

session_request* session_core::asked(const std::optional<message_id>& id, kind what) {
  const auto number = number_of(id);
  auto* found = number ? requests_.find(*number) : nullptr;
  return found != nullptr && found->written && found->kind == what ? found : nullptr;
}

// -- opening --------------------------------------------------------------------------------------

void session_core::on(const replies::connected& x, time_point now) {
  if (state_ != state::connecting || number_of(x.id) != connect_id_)
    return;
  state_ = state::ready;
  connect_deadline_.reset();
  max_request_bytes_ = x.max_message_bytes;
  requests_.set_deduplication(std::min(x.deduplication, longest_wait));
  ++stats_.connections;
  restore(now);
  effects_.observe(session_open_event{x.session, x.connection, x.identity});
}

void session_core::on_connect_refused(const rejection& x, time_point now) {
  connect_deadline_.reset();
  if (is_temporary(x) || x.code == message_errc::internal) {
    connect_again_ = now + retry_of(x);
    return;
  }
  auto why = failure_of(x);
  why.code = errc::unreachable;
  give_up(why);
}

void session_core::on(const replies::drain& x, time_point now) {
  const auto window = std::min(x.window, longest_wait).count();
  const milliseconds share{std::uniform_int_distribution<std::int64_t>{0, window}(random_)};
  if (!restart_at_)
    restart_at_ = now + std::min(x.after, longest_wait) + share;
}

// -- answers --------------------------------------------------------------------------------------

void session_core::on(const replies::subscribed& x, time_point) {
  if (asked(x.id, kind::restore) != nullptr)
    on_restored(requests_.take(*number_of(x.id)), x);
  else if (asked(x.id, kind::subscribe) != nullptr)
    on_subscribed(requests_.take(*number_of(x.id)), x);
}

void session_core::on_restored(const session_request& request, const replies::subscribed& x) {
  const auto found = channels_.find(request.channel);
  if (found == channels_.end())
    return;
  for (auto& [who, mine] : found->second.listeners)
    if (mine.track.lost() && mine.track.rejoin(request.asked, x.where, x.recovered.value_or(false)))
      tell_gap(who, request.channel, x.where);
}

void session_core::on_subscribed(const session_request& request, const replies::subscribed& x) {
  const bool recovered = x.recovered.value_or(false);
  const auto found = channels_.find(request.channel);
  if (found != channels_.end()) {
    auto& listeners = found->second.listeners;
    if (const auto mine = listeners.find(request.subscriber);
        mine != listeners.end() && !mine->second.track.begun())
      mine->second.track.begin(request.asked, x.where, recovered);
  }
  effects_.answer(request.ticket, subscribe_report{place_of(x.where), recovered});
}

void session_core::on(const replies::ack& x, time_point) {
  const auto id = number_of(x.id);
  if (!id)
    return;
  if (*id == disconnect_id_) {
    state_ = state::over;
    return effects_.finished();
  }
  if (asked(x.id, kind::publish) != nullptr) {
    ++stats_.published;
    effects_.answer(requests_.take(*id).ticket,
                    publish_outcome{errc::none, place_of(x.where), x.duplicate});
  } else if (asked(x.id, kind::command) != nullptr || asked(x.id, kind::unsubscribe) != nullptr) {
    finish(requests_.take(*id), {});
  }
}

void session_core::on(const replies::response& x, time_point) {
  if (asked(x.id, kind::query) != nullptr)
    effects_.answer(requests_.take(*number_of(x.id)).ticket, content_of(x.data));
}

void session_core::on(const replies::presence& x, time_point) {
  if (asked(x.id, kind::presence) != nullptr)
    effects_.answer(requests_.take(*number_of(x.id)).ticket, page_of(x));
}

void session_core::on(const rejection& x, time_point now) {
  const auto id = number_of(x.id);
  if (!id)
    return; // of an ack or a cancel
  if (state_ == state::connecting && *id == connect_id_)
    return on_connect_refused(x, now);
  if (*id == disconnect_id_) {
    state_ = state::over;
    return effects_.finished(); // closing says the same
  }
  const auto* request = requests_.find(*id);
  if (request != nullptr && request->written)
    on_refused(*id, x, now);
}

void session_core::on_refused(std::uint64_t id, const rejection& x, time_point now) {
  if (is_temporary(x)) {
    requests_.put_back(id);
    const auto& request = *requests_.find(id);
    if (request.kind == kind::unsubscribe && channels_.contains(request.channel))
      stay(std::string{request.channel});
    const auto until = now + retry_of(x);
    paused_until_ = paused_until_ ? std::max(*paused_until_, until) : until;
    return;
  }
  const auto request = requests_.take(id);
  fail(request, failure_of(x));
  const auto found = channels_.find(request.channel);
  if (request.kind != kind::restore || found == channels_.end())
    return;
  // Tried again on the next connection; until then nothing comes.
  for (auto& [who, mine] : found->second.listeners)
    if (mine.track.lost())
      tell_gap(who, request.channel, mine.track.place());
}

// -- what happens ---------------------------------------------------------------------------------

void session_core::on(const replies::event& x, time_point) {
  const auto found = channels_.find(x.message->channel);
  if (found == channels_.end())
    return;
  std::optional<channel_event> event;
  for (auto& [who, mine] : found->second.listeners) {
    const auto verdict = mine.track.on_event(x.where);
    if (verdict == channel_track::verdict::ignore)
      continue;
    if (verdict == channel_track::verdict::jump)
      tell_gap(who, found->first, position{x.where->epoch, x.where->offset - 1});
    if (!event)
      event = event_of(x);
    ++stats_.events;
    effects_.tell(who, *event);
  }
}

void session_core::on(const replies::gap& x, time_point) {
  if (x.channel.empty())
    return tell_gap_to_all();
  const auto found = channels_.find(x.channel);
  if (found == channels_.end())
    return;
  for (auto& [who, mine] : found->second.listeners)
    if (mine.track.on_gap(x.where))
      tell_gap(who, x.channel, x.where);
}

void session_core::on(const replies::joined& x, time_point) {
  tell_presence(x.channel, x.member, true);
}

void session_core::on(const replies::left& x, time_point) {
  tell_presence(x.channel, x.member, false);
}

void session_core::on(const replies::command& x, time_point) {
  effects_.observe(session_command_event{x.name, content_of(x.data)});
  if (x.id)
    say_unanswered(requests::ack{*x.id});
}

void session_core::tell_presence(const std::string& channel, const channel_member& who,
                                 bool entered) {
  const auto found = channels_.find(channel);
  if (found == channels_.end())
    return;
  for (auto& [subscriber, mine] : found->second.listeners)
    if (mine.presence && mine.track.live())
      effects_.tell(subscriber, channel_presence_event{channel, person_of(who), entered});
}

void session_core::tell_gap(session_subscriber who, const std::string& channel,
                            const std::optional<position>& where) {
  ++stats_.gaps;
  effects_.tell(who, channel_gap_event{channel, place_of(where)});
}

} // namespace wspool
