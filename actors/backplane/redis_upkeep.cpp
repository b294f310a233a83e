// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)

// The backplane over Redis: its links, what comes by them, and what is done from time to time.

#include "backplane/drawn_name.hpp"
#include "backplane/redis_backplane_state.hpp"

#include <spdlog/logger.h>

#include <algorithm>
#include <charconv>
#include <utility>

namespace wspool {

namespace {

using std::chrono::milliseconds;

/// Channels in one SUBSCRIBE.
constexpr std::size_t subscribe_batch = 256;
/// Channels of a dead node that are looked at before the next are asked for.
constexpr const char* sweep_batch = "256";
/// Clients whose memory is prolonged in one go.
constexpr std::size_t refresh_batch = 1'000;
/// An epoch without any use is forgotten after a day, or twice the time that messages are kept.
constexpr milliseconds epoch_age{86'400'000};

std::string text_of(milliseconds x) { return std::to_string(x.count()); }

} // namespace

redis_backplane_state::redis_backplane_state(self_type* self,
                                             std::shared_ptr<const redis_options> redis,
                                             const backplane_options& options,
                                             const redis_address& address)
  : self_(self), redis_(std::move(redis)), options_(options), address_(address),
    keys_(redis_->prefix), limits_{std::to_string(options.history.max_messages),
                                   std::to_string(options.history.max_bytes),
                                   text_of(options.history.max_age),
                                   text_of(std::max(epoch_age, 2 * options.history.max_age))},
    deduplication_(text_of(options.deduplication)), memory_(text_of(options.memory)),
    alarm_(self, [this] { on_tick(); }), commands_(self, redis_, address,
                                                   {[this] { on_open(); },
                                                    [this](const failure& why) { on_lost(why); },
                                                    [this] { turn_ended(); },
                                                    {}}),
    events_(self, redis_, address,
            {[this] { on_open(); }, [this](const failure& why) { on_lost(why); },
             [this] { turn_ended(); }, [this](const redisReply& reply) { on_pushed(reply); }}),
    delays_(redis_->reconnect), random_(redis_->seed), home_(draw_name()),
    beat_pace_(std::clamp(options.node_timeout / 4, milliseconds{20}, milliseconds{15'000})) {
  stats_.kind = "redis";
}

void redis_backplane_state::turn_ended() {
  listeners_.hand_out([this](const caf::actor& to, backplane_events&& what) {
    compat::tell(self_, to, std::move(what));
  });
  commands_.flush();
  events_.flush();
  arm();
}

void redis_backplane_state::ending(const caf::error&) {
  up_ = false;
  commands_.close(errc::shutdown);
  events_.close(errc::shutdown);
  for (auto& waiter : channels_.lose_link())
    waiter(errc::shutdown);
}

// -- the links -----------------------------------------------------------------------------------

void redis_backplane_state::connect() {
  retry_at_.reset();
  commands_.open();
  events_.open();
}

void redis_backplane_state::on_open() {
  if (!commands_.is_open() || !events_.is_open())
    return;
  up_ = true;
  up_since_ = now();
  stats_.reconnects += std::exchange(was_up_, true) ? 1 : 0;
  if (redis_->logger)
    redis_->logger->info("backplane up redis={} channels={}", address_.text(), channels_.size());
  if (redis_->on_link)
    redis_->on_link({});
  send_subscribe(channels_.resubscribe());
  take_name();
  beat();
}

void redis_backplane_state::on_lost(const failure& why) {
  if (retry_at_)
    return; // the other one told of it
  if (std::exchange(up_, false) && now() - up_since_ >= redis_->reconnect.minimum_uptime)
    delays_.reset();
  const auto delay = delays_.next(random_);
  retry_at_ = now() + delay;
  commands_.close();
  events_.close();
  if (redis_->logger)
    redis_->logger->warn("backplane down redis={} why=\"{}\" retry_in={}ms", address_.text(),
                         why.message(), delay.count());
  if (redis_->on_link)
    redis_->on_link(why);
  for (auto& waiter : channels_.lose_link())
    waiter(errc::connection_lost);
  sweeping_.clear();
  turn_ended();
}

void redis_backplane_state::send_subscribe(const std::vector<std::string>& wires) {
  for (std::size_t i = 0; i < wires.size(); i += subscribe_batch) {
    const auto count = std::min(subscribe_batch, wires.size() - i);
    redis_command command{"SUBSCRIBE"};
    for (std::size_t j = 0; j < count; ++j)
      command.push_back(wires[i + j]);
    events_.send(command, {}, count);
  }
}

void redis_backplane_state::send_unsubscribe(const std::vector<std::string>& wires) {
  if (up_)
    for (const auto& wire : wires)
      events_.send({"UNSUBSCRIBE", wire});
}

// -- what comes ----------------------------------------------------------------------------------

void redis_backplane_state::on_pushed(const redisReply& reply) {
  const auto* const kind = element(reply, 0);
  const auto* const wire = element(reply, 1);
  if (kind == nullptr || wire == nullptr)
    return;
  const auto what = wspool::text_of(*kind);
  if (what == "message" && element(reply, 2) != nullptr)
    on_message(wspool::text_of(*wire), wspool::text_of(*element(reply, 2)));
  else if (what == "subscribe")
    if (auto* const at = channels_.confirm(wspool::text_of(*wire)))
      on_confirmed(*at);
}

void redis_backplane_state::on_message(std::string_view wire, std::string_view text) {
  auto* const at = channels_.find_wire(wire);
  if (at == nullptr || at->to.empty())
    return; // on its way when the last one unsubscribed
  auto what = read_event(text);
  if (!what)
    return; // somebody else's, with our prefix
  if (what->kind != event::message)
    return post(*at, {what->kind, at->channel, {}, {}, std::move(what->who)});
  ++stats_.received;
  if (what->node == home_)
    stats_.lag = std::max(now().time_since_epoch() - std::chrono::nanoseconds{what->stamp},
                          std::chrono::nanoseconds{1});
  const auto arrival = channels_.on_message(*at, what->place);
  if (arrival.gap)
    tell_gap(*at, *arrival.gap);
  if (arrival.deliver)
    post(*at, {event::message, at->channel, std::move(what->place), std::string{what->body}, {}});
}

void redis_backplane_state::on_confirmed(redis_channels::entry& at) {
  const auto channel = at.channel;
  const auto owes_gap = at.owes_gap;
  for (auto& waiter : std::exchange(at.waiting, {}))
    waiter(errc::none);
  if (owes_gap)
    ask_place(channel);
}

void redis_backplane_state::ask_place(const channel_ref& channel) {
  auto on_place = [this, channel](const channel_place& place) {
    auto* const at = channels_.find(channel);
    if (at == nullptr)
      return;
    if (const auto told = channels_.on_place(*at, place))
      tell_gap(*at, *told);
  };
  if (options_.history.max_messages == 0)
    return on_place({});
  read_history_since(channel, {}, [on_place](errc why, std::optional<history_page> page) {
    if (why == errc::connection_lost || why == errc::expired)
      return; // the link is lost again, the gap is owed still
    on_place(page ? page->latest : channel_place{});
  });
}

void redis_backplane_state::tell_gap(const redis_channels::entry& at, const channel_place& place) {
  ++stats_.gaps;
  post(at, {event::gap, at.channel, place, {}, {}});
}

// -- nodes ---------------------------------------------------------------------------------------

void redis_backplane_state::take_name() {
  const auto former = std::exchange(node_, draw_name());
  beaten_ = false;
  for (const auto& [channel, there] : people_)
    for (const auto& [person, by] : there)
      send_enter(channel, person, [](errc, const redisReply*) {});
  if (!former.empty())
    sweep(former);
}

void redis_backplane_state::beat() {
  const auto at = now();
  beat_at_ = at + beat_pace_;
  const auto limit = text_of(options_.node_timeout);
  commands_.call(redis_script::beat, 1, {keys_.nodes(), node_, limit},
                 [this, node = node_](errc why, const redisReply* reply) {
                   if (why == errc::none && node == node_)
                     on_beat(*reply);
                 });
  events_.send({"PING"}); // a link that says nothing for long may be dead
  refresh_memberships(at);
}

void redis_backplane_state::on_beat(const redisReply& reply) {
  const auto* const dead = element(reply, 1);
  if (dead == nullptr)
    return;
  const auto state = number_of(*reply.element[0]);
  if (state == 2 || (state == 1 && std::exchange(beaten_, true))) {
    // We were silent for too long: others took us for dead, and may have swept our people. Or
    // Redis was emptied.
    take_name();
    return beat();
  }
  for (const auto& node : read_texts(*dead))
    if (node != node_)
      sweep(node);
}

void redis_backplane_state::sweep(const std::string& node) {
  if (sweeping_.insert(node).second)
    sweep_some(node);
}

void redis_backplane_state::sweep_some(const std::string& node) {
  commands_.send({"SRANDMEMBER", keys_.node(node), sweep_batch},
                 [this, node](errc why, const redisReply* reply) {
                   if (error_in(why, reply) != errc::none)
                     return;
                   const auto tags = read_texts(*reply);
                   if (tags.empty()) {
                     commands_.send({"ZREM", keys_.nodes(), node});
                     sweeping_.erase(node);
                     return;
                   }
                   for (const auto& tag : tags)
                     commands_.call(redis_script::sweep, 1,
                                    {keys_.people(tag), keys_.wire(tag), node},
                                    [](errc, const redisReply*) {});
                   redis_command done{"SREM"};
                   const auto key = keys_.node(node);
                   done.push_back(key);
                   done.insert(done.end(), tags.begin(), tags.end());
                   commands_.send(done, [this, node](errc late, const redisReply*) {
                     if (late == errc::none)
                       sweep_some(node);
                   });
                 });
}

// -- time ----------------------------------------------------------------------------------------

void redis_backplane_state::on_tick() {
  alarm_.rang();
  const auto at = now();
  if (retry_at_ && *retry_at_ <= at)
    connect();
  commands_.check(at);
  events_.check(at);
  if (up_ && beat_at_ <= at)
    beat();
  turn_ended();
}

void redis_backplane_state::arm() {
  const auto at = now();
  if (retry_at_)
    alarm_.set(*retry_at_, at);
  if (up_)
    alarm_.set(beat_at_, at);
  for (const auto due : {commands_.deadline(), events_.deadline()})
    if (due)
      alarm_.set(*due, at);
}

void redis_backplane_state::refresh_memberships(time_point at) {
  for (std::size_t i = 0; i < refresh_batch; ++i) {
    if (refreshes_.empty() || refreshes_.front().first > at)
      return;
    auto client = std::move(refreshes_.front().second);
    refreshes_.pop_front();
    if (!clients_.contains(client))
      continue;
    commands_.send({"PEXPIRE", keys_.client(client), memory_});
    refreshes_.emplace_back(at + options_.memory / 2, std::move(client));
  }
}

std::string redis_backplane_state::stamp() const {
  return std::to_string(
    std::chrono::duration_cast<std::chrono::nanoseconds>(now().time_since_epoch()).count());
}

void redis_backplane_state::append_limits(redis_command& to) const {
  to.push_back(redis_->durable ? std::string_view{} : commands_.run_id());
  for (const auto& limit : limits_)
    to.push_back(limit);
}

} // namespace wspool
