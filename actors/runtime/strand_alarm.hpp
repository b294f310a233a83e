// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "runtime/strand_actor.hpp"
#include "runtime/strand_timer.hpp"

#include <wspool/type_ids.hpp>

#include <algorithm>
#include <chrono>
#include <functional>
#include <optional>
#include <utility>

namespace wspool {

/// The one alarm clock of a strand actor: the actor says when it wants to look again at all that
/// has a time, and is told then or earlier.
///
/// Under a manual host, time is what the test says: the alarm is then a delayed `tick_atom`, whose
/// handler calls what is called otherwise.
template <class Self>
class strand_alarm {
public:
  using time_point = std::chrono::steady_clock::time_point;

  /// `ring` runs in the actor's context and calls `rang()` first.
  strand_alarm(Self* self, std::function<void()> ring)
    : self_(self), timer_(*self->io()), ring_(std::move(ring)) {}

  /// Rings at `due`, or before if it was to ring earlier.
  void set(time_point due, time_point now) {
    if (armed_ && *armed_ <= due)
      return;
    armed_ = due;
    if (self_->host().manual()) {
      compat::tell_after(self_, std::max(due - now, std::chrono::nanoseconds{0}),
                         caf::actor_cast<caf::actor>(self_), tick_atom_v);
      return;
    }
    // CAF's clock is a thread of its own, which each new time wakes up, and it would keep this
    // actor for as long after its end.
    timer_.expires_at(due);
    timer_.async_wait(self_->bind([this](const boost::system::error_code& cancelled) {
      if (!cancelled)
        ring_();
    }));
  }

  void rang() noexcept { armed_.reset(); }

private:
  Self* self_;
  strand_timer timer_;
  std::function<void()> ring_;
  std::optional<time_point> armed_;
};

} // namespace wspool
