// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "backplane/redis_channels.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace wspool {

redis_channels::entry& redis_channels::subscribe(const channel_ref& channel, listener who,
                                                 const std::string& tag, const std::string& wire) {
  auto& result = channels_[channel];
  if (result.wire.empty()) {
    result.channel = channel;
    result.tag = tag;
    result.wire = wire;
    wires_.emplace(wire, &result);
  }
  if (std::find(result.to.begin(), result.to.end(), who) == result.to.end())
    result.to.push_back(who);
  return result;
}

void redis_channels::asking(entry& what) const {
  what.asked = true;
  ++what.unconfirmed;
}

std::optional<std::string> redis_channels::unsubscribe(const channel_ref& channel, listener who) {
  const auto found = channels_.find(channel);
  if (found == channels_.end() || std::erase(found->second.to, who) == 0)
    return std::nullopt;
  return release(found);
}

std::vector<std::string> redis_channels::drop(listener who) {
  std::vector<std::string> result;
  for (auto i = channels_.begin(); i != channels_.end();) {
    const auto here = i++;
    if (std::erase(here->second.to, who) == 0)
      continue;
    if (auto wire = release(here))
      result.push_back(std::move(*wire));
  }
  return result;
}

std::optional<std::string> redis_channels::release(map::iterator what) {
  auto& at = what->second;
  if (!at.to.empty())
    return std::nullopt;
  const auto asked = std::exchange(at.asked, false);
  std::optional<std::string> result;
  if (asked)
    result = at.wire;
  // One that Redis has yet to confirm stays, or that would be taken for a later one's.
  if (at.unconfirmed == 0) {
    wires_.erase(at.wire);
    channels_.erase(what);
  }
  return result;
}

redis_channels::entry* redis_channels::confirm(std::string_view wire) {
  const auto found = wires_.find(wire);
  if (found == wires_.end())
    return nullptr;
  auto& at = *found->second;
  if (at.unconfirmed > 0)
    --at.unconfirmed;
  if (at.confirmed())
    return &at;
  if (at.to.empty() && at.unconfirmed == 0)
    release(channels_.find(at.channel));
  return nullptr;
}

std::vector<redis_channels::waiter> redis_channels::lose_link() {
  std::vector<waiter> result;
  for (auto i = channels_.begin(); i != channels_.end();) {
    const auto here = i++;
    auto& at = here->second;
    // Who has not heard anything yet misses nothing.
    at.owes_gap = at.owes_gap || at.confirmed();
    at.asked = false;
    at.unconfirmed = 0;
    at.told = {};
    std::move(at.waiting.begin(), at.waiting.end(), std::back_inserter(result));
    at.waiting.clear();
    release(here);
  }
  return result;
}

std::vector<std::string> redis_channels::resubscribe() {
  std::vector<std::string> result;
  result.reserve(channels_.size());
  for (auto& [channel, at] : channels_) {
    asking(at);
    result.push_back(at.wire);
  }
  return result;
}

redis_channels::arrival redis_channels::on_message(entry& at, const channel_place& place) {
  if (std::exchange(at.owes_gap, false)) {
    channel_place before;
    if (place.known() && place.offset > 0)
      before = {place.epoch, place.offset - 1};
    return {before, true};
  }
  if (at.told.known() && at.told.epoch == place.epoch && place.offset <= at.told.offset)
    return {std::nullopt, false};
  return {};
}

std::optional<channel_place> redis_channels::on_place(entry& at, channel_place place) {
  if (!std::exchange(at.owes_gap, false))
    return std::nullopt;
  at.told = place;
  return place;
}

redis_channels::entry* redis_channels::find(const channel_ref& channel) {
  const auto found = channels_.find(channel);
  return found == channels_.end() ? nullptr : &found->second;
}

redis_channels::entry* redis_channels::find_wire(std::string_view wire) {
  const auto found = wires_.find(wire);
  return found == wires_.end() ? nullptr : found->second;
}

} // namespace wspool
