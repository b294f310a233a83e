// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)

// The supervisor actor: its endpoints, their slots, and which of them are left alone for a while.

#include "pool/supervisor_state.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace wspool {

namespace {

/// Attempts that would otherwise begin at the same moment are spread over so much time for each.
constexpr std::chrono::milliseconds spread_per_slot{10};

} // namespace

// -- endpoints and slots -------------------------------------------------------------------------

supervisor_state::home_ptr supervisor_state::add_endpoint(const endpoint_options& what,
                                                          endpoint target) {
  auto home = std::make_shared<supervisor_endpoint>();
  home->number = next_endpoint_++;
  home->url = target.url();
  home->origin = target.origin();
  home->target = std::move(target);
  home->weight = what.weight;
  home->group = what.group;
  endpoints_.emplace(home->number, home);
  return home;
}

supervisor_state::home_ptr supervisor_state::find_endpoint(const std::string& url) const {
  endpoint target;
  if (parse_endpoint(url, target))
    return nullptr;
  const auto wanted = target.url();
  for (auto& [number, home] : endpoints_)
    if (home->url == wanted)
      return home;
  return nullptr;
}

void supervisor_state::add_slots(const home_ptr& home, std::size_t count,
                                 std::vector<std::uint32_t>& added) {
  detector_.add(home->number);
  for (std::size_t i = 0; i < count; ++i) {
    const auto number = next_slot_++;
    auto& s = seats_.try_emplace(number, number, options_->reconnect).first->second;
    s.home = home;
    s.identity = slot_identity(home->url, static_cast<std::uint32_t>(home->slots.size()));
    home->slots.push_back(number);
    added.push_back(number);
  }
  wanted_ += static_cast<std::uint32_t>(count);
}

void supervisor_state::start(const std::vector<std::uint32_t>& added) {
  for (auto number : added) {
    auto& s = seats_.at(number);
    report(s, slot_state::connecting);
    s.announced = true;
  }
  const auto at = now();
  const auto range = spread(added.size());
  for (auto number : added) {
    auto& s = seats_.at(number);
    if (number == added.front()) {
      attempt(s);
    } else {
      s.not_before = at + draw(range);
      timers_.set(number, purpose::attempt, s.not_before);
    }
  }
}

supervisor_state::milliseconds supervisor_state::spread(std::size_t slots) const {
  return std::min(options_->reconnect.initial,
                  spread_per_slot * static_cast<milliseconds::rep>(slots));
}

// -- ejection ------------------------------------------------------------------------------------

void supervisor_state::on_fault(const supervisor_endpoint& home, time_point at) {
  const bool was_ejected = detector_.ejected_until(home.number, at).has_value();
  const auto until = detector_.on_failure(home.number, at);
  if (until && !was_ejected)
    announce_ejected(home, std::chrono::ceil<milliseconds>(*until - at));
  collect_returned(at); // the last usable endpoint's failure brings another one back
}

void supervisor_state::collect_returned(time_point at) {
  for (auto number : detector_.take_returned(at)) {
    auto found = endpoints_.find(number);
    if (found == endpoints_.end())
      continue;
    found->second->returning = true;
    bring_forward(*found->second, at);
  }
}

/// For one that returned before its time. What a slot waits for on its own account still holds.
void supervisor_state::bring_forward(const supervisor_endpoint& home, time_point at) {
  const auto range = spread(home.slots.size());
  for (auto number : home.slots) {
    auto& s = seats_.at(number);
    const auto due = timers_.find(number, purpose::attempt);
    if (!due || *due <= at + range)
      continue;
    const auto better = std::max(s.not_before, at + draw(range));
    if (better >= *due)
      continue;
    timers_.set(number, purpose::attempt, better);
    if (!s.lives.rotating())
      report(s, slot_state::waiting, std::chrono::ceil<milliseconds>(better - at));
  }
}

/// An endpoint that is never tried again is no alternative that another one could be ejected for.
void supervisor_state::forget_if_hopeless(const supervisor_endpoint& home, time_point at) {
  if (home.given_up < home.slots.size())
    return;
  detector_.remove(home.number);
  collect_returned(at);
}

} // namespace wspool
