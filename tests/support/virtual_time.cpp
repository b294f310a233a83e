// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE virtual_time

#include "support/virtual_time.hpp"

#if !WSPOOL_CAF_0_17

#include <caf/detail/actor_system_access.hpp>

#include <memory>
#include <utility>

namespace wspool::test {

// -- time -----------------------------------------------------------------------------------------

caf::disposable virtual_clock::schedule(time_point when, caf::action what) {
  actions_.emplace(when, what);
  return std::move(what).as_disposable();
}

std::size_t virtual_clock::advance(caf::timespan how_far) {
  now_ += how_far;
  std::size_t result = 0;
  while (!actions_.empty() && actions_.begin()->first <= now_) {
    auto action = std::move(actions_.begin()->second);
    actions_.erase(actions_.begin());
    if (action.disposed())
      continue;
    action.run();
    ++result;
  }
  return result;
}

std::optional<virtual_clock::time_point> virtual_clock::next() {
  forget_disposed();
  return actions_.empty() ? std::nullopt : std::optional{actions_.begin()->first};
}

std::size_t virtual_clock::pending() {
  forget_disposed();
  return actions_.size();
}

void virtual_clock::drop_all() {
  // What goes may take actors with it, and these may schedule something.
  while (!actions_.empty())
    for (auto& [when, action] : std::exchange(actions_, {}))
      action.dispose();
}

void virtual_clock::forget_disposed() {
  std::erase_if(actions_, [](const auto& entry) { return entry.second.disposed(); });
}

// -- jobs -----------------------------------------------------------------------------------------

bool virtual_scheduler::run_once() {
  if (jobs_.empty())
    return false;
  auto* job = jobs_.front();
  jobs_.pop_front();
  switch (job->resume(this, 1)) {
    case caf::resumable::resume_later:
      jobs_.push_front(job);
      break;
    case caf::resumable::shutdown_execution_unit:
      break;
    default:
      intrusive_ptr_release(job);
  }
  return true;
}

void virtual_scheduler::stop() {
  while (run_once())
    ;
}

// -- the system -----------------------------------------------------------------------------------

namespace {

void put_in_place(caf::actor_system& sys, caf::actor_system_config&, void*) {
  caf::detail::actor_system_access access{sys};
  access.clock(std::make_unique<virtual_clock>());
  access.scheduler(std::make_unique<virtual_scheduler>());
}

} // namespace

virtual_system::virtual_system(caf::actor_system_config& cfg)
  : caf::actor_system(cfg, put_in_place, nullptr) {}

virtual_clock& virtual_system::time() { return dynamic_cast<virtual_clock&>(clock()); }

virtual_scheduler& virtual_system::jobs() { return dynamic_cast<virtual_scheduler&>(scheduler()); }

} // namespace wspool::test

#endif
