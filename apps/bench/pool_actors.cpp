// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "pool_actors.hpp"

#include "payload.hpp"

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>

namespace wspool::bench {

namespace {

using clock = std::chrono::steady_clock;
using state_ptr = std::shared_ptr<worker_state>;

constexpr std::size_t window_messages = 2'048;
constexpr std::size_t window_bytes = 2 * 1024 * 1024;

/// How many messages may be on their way: enough to keep all connections busy, few enough to stay
/// in the processor's caches.
std::size_t window_of(const bench_case& x) {
  if (x.window != 0)
    return x.window;
  auto fitting = std::max(window_bytes / x.size_bytes, 2 * batch_messages);
  return std::min(window_messages, fitting);
}

class sender {
public:
  sender(caf::event_based_actor* self, pool_actor pool, const bench_case& what, state_ptr state)
    : self_(self), pool_(std::move(pool)), batches_(what.what == activity::send_batch),
      text_(payload(what.size_bytes)), window_(window_of(what)),
      step_(std::min(batch_messages, std::max<std::size_t>(window_ / 4, 1))),
      state_(std::move(state)) {}

  void fill() {
    while (outstanding_ + step_ <= window_ && !state_->stopping.load(std::memory_order_relaxed)) {
      outstanding_ += step_;
      if (batches_)
        deliver_batch();
      else
        send_some();
    }
  }

private:
  void deliver_batch() {
    message_batch batch;
    batch.reserve(step_, step_ * text_.size());
    for (std::size_t i = 0; i < step_; ++i)
      batch.add(text_);
    compat::ask(self_, pool_, caf::infinite, deliver_atom_v, std::move(batch))
      .then([this](const batch_receipt&) { settled(); },
            [this](const caf::error&) { settled(); }); // see the pool's own account
  }

  /// One by one; only of the last the outcome is asked for.
  void send_some() {
    for (std::size_t i = 1; i < step_; ++i)
      compat::tell(self_, pool_, send_atom_v, text_);
    compat::ask(self_, pool_, caf::infinite, deliver_atom_v, outgoing{text_, {}})
      .then([this](const receipt&) { settled(); }, [this](const caf::error&) { settled(); });
  }

  void settled() {
    outstanding_ -= step_;
    state_->messages.fetch_add(step_, std::memory_order_relaxed);
    fill();
  }

  caf::event_based_actor* self_;
  pool_actor pool_;
  bool batches_;
  std::string text_;
  std::size_t window_;
  std::size_t step_; ///< messages for each outcome that is asked for
  std::size_t outstanding_ = 0;
  state_ptr state_;
};

caf::behavior receiver(const state_ptr& state) {
  return {
    [state](const messages_event& x) {
      state->messages.fetch_add(x.messages.size(), std::memory_order_relaxed);
    },
  };
}

caf::behavior echo(caf::event_based_actor* self, const pool_actor& pool, std::size_t size_bytes,
                   const state_ptr& state) {
  auto text = payload(size_bytes);
  auto began = std::make_shared<clock::time_point>();
  auto send = [=] {
    *began = clock::now();
    compat::tell(self, pool, send_atom_v, text);
  };
  return {
    [=](bool) { send(); },
    [=](const message_event&) {
      std::chrono::duration<double, std::nano> took = clock::now() - *began;
      if (state->recording.load(std::memory_order_relaxed)) {
        state->messages.fetch_add(1, std::memory_order_relaxed);
        state->came_back(took.count());
      }
      send();
    },
  };
}

} // namespace

void worker_state::came_back(double nanoseconds) {
  std::lock_guard guard{mutex_};
  round_trips_.push_back(nanoseconds);
}

std::vector<double> worker_state::take_round_trips() {
  std::lock_guard guard{mutex_};
  return std::exchange(round_trips_, {});
}

caf::actor spawn_sender(caf::actor_system& system, pool_actor pool, const bench_case& what,
                        state_ptr state) {
  return system.spawn([=](caf::event_based_actor* self) -> caf::behavior {
    auto work = std::make_shared<sender>(self, pool, what, state);
    work->fill();
    return {[work](bool) {}}; // lives for its answers
  });
}

caf::actor spawn_receiver(caf::actor_system& system, const pool_actor& pool, state_ptr state) {
  auto result = system.spawn([=] { return receiver(state); });
  compat::anon_tell(pool, subscribe_atom_v, result, subscription{event::message, true});
  return result;
}

caf::actor spawn_echo(caf::actor_system& system, const pool_actor& pool, std::size_t size_bytes,
                      state_ptr state) {
  auto result =
    system.spawn([=](caf::event_based_actor* self) { return echo(self, pool, size_bytes, state); });
  compat::anon_tell(pool, subscribe_atom_v, result, subscription{event::message, false});
  return result;
}

} // namespace wspool::bench
