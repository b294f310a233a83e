// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "backplane/channel_book.hpp"

#include <algorithm>
#include <utility>

namespace wspool {

namespace {

channel_place to_place(position where) { return {std::move(where.epoch), where.offset}; }

} // namespace

channel_book::channel_book(const history_options& history, std::size_t max_channels,
                           epoch_maker new_epoch)
  : options_(history), max_channels_(max_channels), new_epoch_(std::move(new_epoch)) {}

// -- listening -----------------------------------------------------------------------------------

bool channel_book::subscribe(const channel_ref& channel, listener who, time_point now) {
  auto* const found = obtain(channel, now);
  if (found == nullptr)
    return false;
  auto& to = found->second.to;
  if (std::find(to.begin(), to.end(), who) != to.end())
    return true;
  heard_ += to.empty() ? 1 : 0;
  to.push_back(who);
  set_busy(found->second);
  return true;
}

void channel_book::unsubscribe(const channel_ref& channel, listener who, time_point now) {
  const auto found = channels_.find(channel);
  if (found == channels_.end())
    return;
  remove_listener(found->second, who);
  released(*found, now);
}

void channel_book::remove_listener(entry& from, listener who) {
  if (std::erase(from.to, who) > 0 && from.to.empty())
    --heard_;
}

const channel_book::listeners* channel_book::listeners_of(const channel_ref& channel) const {
  const auto found = channels_.find(channel);
  return found == channels_.end() || found->second.to.empty() ? nullptr : &found->second.to;
}

// -- messages ------------------------------------------------------------------------------------

channel_book::published channel_book::publish(const channel_ref& channel, const std::string& body,
                                              time_point now) {
  published result;
  if (options_.max_messages == 0) {
    // Nothing is kept of it, so no channel need be made for it.
    result.accepted = true;
    result.to = listeners_of(channel);
    return result;
  }
  auto* const found = obtain(channel, now);
  if (found == nullptr)
    return result;
  auto& in = found->second;
  result.accepted = true;
  result.place = to_place(in.history->append(body, body.size(), now));
  result.to = in.to.empty() ? nullptr : &in.to;
  if (const auto due = in.history->next_expiry())
    look_later(*found, *due);
  return result;
}

history_page channel_book::since(const channel_ref& channel, const channel_place& seen,
                                 time_point now) {
  history_page result;
  if (options_.max_messages == 0)
    return result;
  // Who asks will want to go on from the place that it is told: so the channel is made.
  auto* const found = obtain(channel, now);
  if (found == nullptr)
    return result;
  auto& history = *found->second.history;
  if (auto missed = history.since({seen.epoch, seen.offset}, now)) {
    result.recovered = true;
    result.missed.reserve(missed->size());
    for (auto& one : *missed)
      result.missed.push_back({one.offset, std::move(one.message)});
  }
  result.latest = to_place(history.where());
  return result;
}

// -- people --------------------------------------------------------------------------------------

channel_book::entering channel_book::enter(const channel_ref& channel, listener who,
                                           const channel_person& person, time_point now) {
  auto* const found = obtain(channel, now);
  if (found == nullptr)
    return entering::no_room;
  set_busy(found->second);
  const auto fresh = found->second.people.insert_or_assign(person, who).second;
  return fresh ? entering::entered : entering::was_there;
}

bool channel_book::exit(const channel_ref& channel, listener who, const channel_person& person,
                        time_point now) {
  const auto found = channels_.find(channel);
  if (found == channels_.end())
    return false;
  auto& people = found->second.people;
  const auto there = people.find(person);
  if (there == people.end() || there->second != who)
    return false;
  people.erase(there);
  released(*found, now);
  return true;
}

presence_page channel_book::people(const channel_ref& channel, std::uint32_t limit) const {
  presence_page result;
  const auto found = channels_.find(channel);
  if (found == channels_.end())
    return result;
  const auto& people = found->second.people;
  result.total = people.size();
  result.people.reserve(std::min<std::size_t>(people.size(), limit));
  for (const auto& [person, by] : people) {
    if (result.people.size() >= limit)
      break;
    result.people.push_back(person);
  }
  return result;
}

std::vector<channel_book::departure> channel_book::drop(listener who, time_point now) {
  std::vector<departure> result;
  for (auto i = channels_.begin(); i != channels_.end();) {
    const auto here = i++; // `released` may forget the channel
    const auto& channel = here->first;
    auto& membership = here->second;
    remove_listener(membership, who);
    std::erase_if(membership.people, [&](const auto& one) {
      if (one.second != who)
        return false;
      result.push_back({channel, one.first});
      return true;
    });
    released(*here, now);
  }
  return result;
}

// -- coming and going of channels ----------------------------------------------------------------

channel_book::map::value_type* channel_book::obtain(const channel_ref& channel, time_point now) {
  const auto found = channels_.find(channel);
  if (found == channels_.end())
    return make(channel, now);
  auto& in = found->second;
  in.touched = now;
  if (in.idle)
    line_.splice(line_.end(), line_, in.place_in_line);
  return &*found;
}

channel_book::map::value_type* channel_book::make(const channel_ref& channel, time_point now) {
  if (channels_.size() >= max_channels_) {
    if (line_.empty())
      return nullptr;
    forget(channels_.find(*line_.front()));
  }
  auto& made = *channels_.try_emplace(channel).first;
  made.second.serial = next_serial_++;
  made.second.touched = now;
  if (options_.max_messages > 0)
    made.second.history.emplace(
      new_epoch_(), history_limits{options_.max_messages, options_.max_bytes, options_.max_age});
  set_idle(made, now);
  return &made;
}

void channel_book::set_idle(map::value_type& what, time_point now) {
  what.second.idle = true;
  what.second.touched = now;
  what.second.place_in_line = line_.insert(line_.end(), &what.first);
  if (what.second.history)
    look_later(what, now + options_.max_age);
}

void channel_book::set_busy(entry& what) {
  if (!std::exchange(what.idle, false))
    return;
  line_.erase(what.place_in_line);
}

void channel_book::released(map::value_type& what, time_point now) {
  auto& in = what.second;
  if (in.idle || !in.to.empty() || !in.people.empty())
    return;
  if (in.history)
    set_idle(what, now);
  else
    channels_.erase(channels_.find(what.first));
}

void channel_book::forget(map::iterator what) {
  set_busy(what->second);
  channels_.erase(what);
}

// -- time ----------------------------------------------------------------------------------------

void channel_book::look_later(map::value_type& what, time_point due) {
  if (std::exchange(what.second.queued, true))
    return; // it will be looked at earlier, and then again
  what.second.due = due;
  deadlines_.push({due, what.second.serial, what.first});
  compact_deadlines();
}

void channel_book::compact_deadlines() {
  // Channels that were forgotten for others leave theirs behind.
  if (deadlines_.size() <= 2 * max_channels_ + 64)
    return;
  std::vector<deadline> live;
  for (const auto& [channel, in] : channels_)
    if (in.queued)
      live.push_back({in.due, in.serial, channel});
  deadlines_ = decltype(deadlines_){std::greater<>{}, std::move(live)};
}

void channel_book::expire(time_point now) {
  while (!deadlines_.empty() && deadlines_.top().due <= now) {
    const auto one = deadlines_.top();
    deadlines_.pop();
    const auto found = channels_.find(one.channel);
    if (found == channels_.end() || found->second.serial != one.serial)
      continue;
    auto& in = found->second;
    in.queued = false;
    if (in.history)
      in.history->expire(now);
    if (in.history && in.history->next_expiry())
      look_later(*found, *in.history->next_expiry());
    else if (in.idle && in.touched + options_.max_age <= now)
      forget(found);
    else if (in.idle)
      look_later(*found, in.touched + options_.max_age);
  }
}

std::optional<channel_book::time_point> channel_book::next_expiry() const {
  if (deadlines_.empty())
    return std::nullopt;
  return deadlines_.top().due;
}

} // namespace wspool
