// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <wspool/type_ids.hpp>

#include <algorithm>
#include <chrono>
#include <optional>

namespace wspool {

/// The one alarm clock of an actor that CAF schedules: a `tick_atom` at the time that was asked for
/// or later. A delayed message keeps those that it comes from and goes to, and with them the
/// system, until it is due; this one is between a hidden actor and itself, which does not keep its
/// owner.
class weak_alarm {
public:
  using time_point = std::chrono::steady_clock::time_point;

  /// Ticks at `due`, or before if it was to tick earlier, but not within `rest` from now on.
  template <class Self>
  void set(Self* self, time_point due, time_point now, std::chrono::nanoseconds rest) {
    due = std::max(due, now + rest);
    if (armed_ && *armed_ <= due)
      return;
    armed_ = due;
    if (!clock_)
      clock_ = self->system().template spawn<caf::hidden>(
        ring, caf::actor_cast<caf::weak_actor_ptr>(self->ctrl()));
    compat::tell(self, clock_, caf::timespan{due - now});
  }

  /// To be called first by the handler of `tick_atom`.
  void rang() noexcept { armed_.reset(); }

private:
  static caf::behavior ring(caf::event_based_actor* self, const caf::weak_actor_ptr& owner) {
    return {
      [self](caf::timespan delay) {
        compat::tell_after(self, delay, caf::actor_cast<caf::actor>(self), tick_atom_v);
      },
      [owner](tick_atom) {
        const auto there = caf::actor_cast<caf::strong_actor_ptr>(owner);
        if (there)
          compat::anon_tell(caf::actor_cast<caf::actor>(there), tick_atom_v);
      },
    };
  }

  caf::actor clock_;
  std::optional<time_point> armed_;
};

} // namespace wspool
