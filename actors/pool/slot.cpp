// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "pool/slot.hpp"

#include <algorithm>
#include <utility>

namespace wspool {

// -- comeback ------------------------------------------------------------------------------------

comeback_plan comeback::after(const ending& how, std::optional<milliseconds> uptime,
                              const retry_policy& policy, engine& random) {
  const auto decision = policy.decide(how);
  if (uptime && is_lasting(*uptime)) {
    refreshed_ = false;
    if (decision.action == retry_action::restart_window)
      delays_.reset_attempts();
    else
      delays_.reset();
  }
  comeback_plan result;
  result.endpoint_fault = decision.endpoint_fault;
  const bool refused = decision.action == retry_action::refresh_once;
  if (decision.action == retry_action::give_up || (refused && refreshed_) || delays_.exhausted()) {
    result.give_up = true;
    result.attempt = attempts();
    return result;
  }
  result.delay = delay_for(decision, delays_, random);
  if (refused) {
    refreshed_ = refresh_next_ = true;
    const auto spread = std::min(initial_, refresh_spread);
    std::uniform_int_distribution<milliseconds::rep> jitter(0, std::max(spread.count(), {}));
    result.delay = std::max(milliseconds{jitter(random)}, decision.at_least);
  }
  result.attempt = attempts();
  return result;
}

void comeback::reset_if_lasting(milliseconds uptime) noexcept {
  if (!is_lasting(uptime))
    return;
  refreshed_ = false;
  delays_.reset();
}

std::uint32_t comeback::attempts() const noexcept {
  return std::max(delays_.attempts(), std::uint32_t{1});
}

bool comeback::take_refresh() noexcept { return std::exchange(refresh_next_, false); }

// -- slot ----------------------------------------------------------------------------------------

const slot_life* slot::find(std::uint32_t generation) const noexcept {
  return const_cast<slot*>(this)->find_mutable(generation);
}

slot_life* slot::find_mutable(std::uint32_t generation) noexcept {
  if (newest_ && newest_->generation == generation)
    return &*newest_;
  if (old_ && old_->generation == generation)
    return &*old_;
  return nullptr;
}

std::vector<slot_life> slot::lives() const {
  std::vector<slot_life> result;
  if (old_)
    result.push_back(*old_);
  if (newest_)
    result.push_back(*newest_);
  return result;
}

slot::attempt slot::begin_attempt() {
  newest_.emplace();
  newest_->generation = ++generation_;
  phase_ = phase::connecting;
  return {generation_, ++attempts_, comeback_.take_refresh()};
}

bool slot::opened(std::uint32_t generation, time_point now) {
  if (!newest_ || newest_->generation != generation || newest_->open)
    return false;
  newest_->open = true;
  newest_->opened_at = now;
  phase_ = phase::open;
  rotating_ = false;
  attempts_ = 0;
  ++openings_;
  return true;
}

std::optional<std::uint32_t> slot::replaced() const noexcept {
  if (newest_ && newest_->open && old_ && !old_->retiring)
    return old_->generation;
  return std::nullopt;
}

slot_step slot::ended(std::uint32_t generation, const ending& how, bool on_purpose, time_point now,
                      const retry_policy& policy, comeback::engine& random) {
  const bool is_newest = newest_ && newest_->generation == generation;
  if (!is_newest && (!old_ || old_->generation != generation))
    return {};
  const auto life = is_newest ? *newest_ : *old_;
  (is_newest ? newest_ : old_).reset();
  if (leaving_)
    return {lifeless() ? slot_move::gone : slot_move::none, {}};
  if (is_newest)
    return newest_ended(life, how, on_purpose, now, policy, random);
  return old_ended(how, policy, life.retiring);
}

slot_step slot::newest_ended(const slot_life& life, const ending& how, bool on_purpose,
                             time_point now, const retry_policy& policy, comeback::engine& random) {
  phase_ = phase::waiting;
  std::optional<milliseconds> uptime;
  if (life.open)
    uptime = std::chrono::duration_cast<milliseconds>(now - life.opened_at);
  // An attempt that nobody here asked to end failed, whatever it says of itself: attempts that
  // follow each other at once must have brought something.
  if (life.retiring || (on_purpose && life.open)) {
    if (uptime)
      comeback_.reset_if_lasting(*uptime);
    return {slot_move::reconnect, {}};
  }
  slot_step result{slot_move::wait, comeback_.after(how, uptime, policy, random)};
  if (!result.plan.give_up)
    return result;
  if (rotating_ && old_ && !old_->retiring) {
    newest_ = std::exchange(old_, std::nullopt);
    phase_ = phase::open;
    rotating_ = false;
    result.move = slot_move::put_off;
    return result;
  }
  phase_ = phase::given_up;
  rotating_ = false;
  result.move = slot_move::give_up;
  return result;
}

slot_step slot::old_ended(const ending& how, const retry_policy& policy, bool was_told) {
  slot_step result;
  if (!was_told)
    result.plan.endpoint_fault = policy.decide(how).endpoint_fault;
  if (std::exchange(rotating_, false))
    result.move = slot_move::exposed;
  return result;
}

bool slot::begin_rotation(time_point now) {
  if (!newest_ || !newest_->open || newest_->retiring || old_ || leaving_)
    return false;
  comeback_.reset_if_lasting(std::chrono::duration_cast<milliseconds>(now - newest_->opened_at));
  old_ = std::exchange(newest_, std::nullopt);
  phase_ = phase::waiting;
  rotating_ = true;
  return true;
}

void slot::retire(std::uint32_t generation, time_point deadline) {
  if (auto* life = find_mutable(generation); life && !life->retiring) {
    life->retiring = true;
    life->deadline = deadline;
  }
}

std::vector<slot::overdue_life> slot::take_overdue(time_point now, milliseconds respite) {
  std::vector<overdue_life> result;
  for (auto* life : {&old_, &newest_}) {
    if (!*life || !(*life)->retiring || (*life)->deadline > now)
      continue;
    const bool again = std::exchange((*life)->overdue, true);
    (*life)->deadline = again ? time_point::max() : now + respite;
    result.push_back({(*life)->generation, again});
  }
  return result;
}

std::optional<slot::time_point> slot::next_deadline() const {
  auto result = time_point::max();
  for (auto* life : {&old_, &newest_})
    if (*life && (*life)->retiring)
      result = std::min(result, (*life)->deadline);
  if (result == time_point::max())
    return std::nullopt;
  return result;
}

} // namespace wspool
