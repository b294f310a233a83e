// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)

// The supervisor actor: what it tells the dispatcher, and the log.

#include "pool/supervisor_state.hpp"

#include <wspool/units.hpp>

#include <spdlog/logger.h>

#include <algorithm>
#include <utility>

namespace wspool {

void supervisor_state::report(const seat& s, slot_state state, milliseconds delay, errc why) {
  send_report(s, state, false, delay, why);
}

void supervisor_state::report_removed(const seat& s) {
  send_report(s, slot_state::given_up, true, {}, errc::none);
}

void supervisor_state::send_report(const seat& s, slot_state state, bool removed,
                                   milliseconds delay, errc why) {
  if (closing_)
    return; // nothing is wanted any more: to count on would make what is left look complete
  internal::slots news;
  news.slot = s.lives.number();
  news.generation = std::max(s.lives.generation(), std::uint32_t{1});
  news.url = s.home->url;
  news.origin = s.home->origin;
  news.state = state;
  news.removed = removed;
  news.reconnects = s.lives.openings();
  news.delay = delay;
  news.why = why;
  news.wanted = wanted_;
  tell_dispatcher(internal::pack(std::move(news)));
}

/// Attempts that were hidden behind the old life become the slot's own.
void supervisor_state::report_exposed(const seat& s, time_point at) {
  if (s.lives.state() == slot::phase::connecting)
    return report(s, slot_state::connecting);
  const auto due = timers_.find(s.lives.number(), purpose::attempt).value_or(at);
  report(s, slot_state::waiting, std::chrono::ceil<milliseconds>(std::max(due, at) - at));
}

void supervisor_state::announce_retry(const seat& s, milliseconds delay) {
  if (options_->logger)
    options_->logger->info("slot waits pool={} slot={} endpoint={} attempt={} delay={} why={}",
                           options_->name, s.lives.number(), s.home->origin, s.attempt,
                           format_duration(delay), name_of(s.why));
  publish(event::retry, retry_event{s.lives.number(), s.home->url, s.attempt, delay, s.why});
}

void supervisor_state::announce_given_up(const seat& s, std::uint32_t attempts,
                                         const std::string& text) {
  if (options_->logger)
    options_->logger->error("slot given up pool={} slot={} endpoint={} attempts={} why={} {}",
                            options_->name, s.lives.number(), s.home->origin, attempts,
                            name_of(s.why), text);
  publish(event::given_up, given_up_event{s.lives.number(), s.home->url, attempts, s.why, text});
}

void supervisor_state::announce_ejected(const supervisor_endpoint& home, milliseconds duration) {
  if (options_->logger)
    options_->logger->warn("endpoint ejected pool={} endpoint={} duration={}", options_->name,
                           home.origin, format_duration(duration));
  publish(event::ejected, ejected_event{home.url, duration});
}

} // namespace wspool
