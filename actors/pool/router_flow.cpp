// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)

// Where messages go: to a connection's lane, or to a queue and from there to a lane.

#include "pool/router_impl.hpp"

#include "protocol/slow_start.hpp"

#include <utility>

namespace wspool {

namespace {

/// How often a choice that does not suit is made anew.
constexpr int more_choices = 3;

} // namespace

// -- the choice of a connection ------------------------------------------------------------------

double router::impl::random_share() noexcept {
  // SplitMix64: one word of state, and any seed is a good one.
  auto z = random_state += 0x9e3779b97f4a7c15;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return static_cast<double>((z ^ (z >> 31)) >> 11) * 0x1p-53;
}

/// In slow start a connection takes only a share of what it is chosen for.
bool router::impl::is_ramped_up(lane& l, time_point now) {
  if (!l.ramping)
    return true;
  const auto share = slow_start_share(now, l.ramps_since, slow_start);
  l.ramping = share < 1.0;
  return random_share() < share;
}

detail::lane* router::impl::choose(std::size_t bytes, time_point now) {
  lane* fallback = nullptr;
  for (int i = 0; i <= more_choices; ++i) {
    auto m = sched->get({0, bytes});
    if (!m)
      break;
    auto l = own(m);
    if (l->full || !l->admits(bytes)) // its window has room, but not for this one
      continue;
    if (is_ramped_up(*l, now))
      return l;
    fallback = l;
  }
  return fallback;
}

detail::lane* router::impl::choose(const entry& e) {
  if (auto l = keys.bound_to(e.key))
    return l;
  auto m = sched->get({e.key, e.size});
  return m ? own(m) : nullptr;
}

// -- new messages --------------------------------------------------------------------------------

void router::impl::place(const single& x, bool waiting_room) {
  if (x.like.key != 0) {
    place_with_key(x, waiting_room);
    return;
  }
  auto l = queue.empty() ? choose(x.data.size(), x.accepted) : nullptr;
  if (!l) {
    enqueue(nullptr, x, waiting_room);
    return;
  }
  note_expiry(x.like.expires_ns);
  l->stage(x);
  mark_dirty(*l);
}

void router::impl::place_with_key(const single& x, bool waiting_room) {
  // Behind the key's other messages wherever they are; if there are none, behind all that waits.
  lane* l = nullptr;
  if (!keys.is_queued(x.like.key)) {
    l = keys.bound_to(x.like.key);
    if (!l && queue.empty())
      l = choose(x.like);
  }
  if (l && !l->retiring && l->backlog.empty() && l->admits(x.data.size())) {
    note_expiry(x.like.expires_ns);
    keys.bound(x.like.key, *l);
    l->stage(x);
    mark_dirty(*l);
  } else {
    enqueue(l, x, waiting_room);
  }
}

void router::impl::place_one_by_one(const message_run& run, bool waiting_room) {
  single x;
  x.source = &run.part.batch;
  x.accepted = run.accepted;
  for (std::uint32_t i = 0; i < run.size(); ++i) {
    x.index = run.part.begin + i;
    x.data = run.part.data(x.index);
    x.like = run[i];
    x.order = run.order + i;
    place(x, waiting_room);
  }
}

void router::impl::place(message_run x, bool waiting_room) {
  while (x.size() > 0 && queue.empty()) {
    auto l = choose(x[0].size, x.accepted);
    if (!l)
      break;
    auto part = x.take(l->fit(x, run_messages, run_bytes));
    note_expiry(part);
    l->stage(std::move(part));
    mark_dirty(*l);
  }
  if (x.size() > 0)
    enqueue(nullptr, std::move(x), waiting_room);
}

void router::impl::place_pinned(lane& l, message_run x, bool waiting_room) {
  if (l.backlog.empty()) {
    if (auto n = l.fit(x, x.size(), window.max_bytes); n > 0) {
      auto part = x.take(n);
      note_expiry(part);
      l.stage(std::move(part));
      mark_dirty(l);
    }
  }
  if (x.size() > 0)
    enqueue(&l, std::move(x), waiting_room);
}

// -- queueing ------------------------------------------------------------------------------------

bool router::impl::make_room(std::size_t bytes, bool waiting_room) {
  if (level.fits(1, bytes, waiting_room))
    return !level.never_fits(bytes);
  if (level.overflow() != overflow::drop_oldest || level.never_fits(bytes))
    return false;
  while (!level.fits(1, bytes, waiting_room))
    drop_oldest();
  return true;
}

void router::impl::drop_oldest() {
  auto where = &queue;
  auto oldest = queue.oldest();
  lane* of = nullptr;
  const auto consider = [&](lane* l, detail::send_queue& q) {
    if (auto order = q.oldest(); order && (!oldest || *order < *oldest)) {
      oldest = order;
      where = &q;
      of = l;
    }
  };
  std::erase_if(waiting, [&](lane* l) {
    consider(l, l->backlog);
    consider(l, l->held);
    l->has_waiting = l->has_backlog();
    return !l->has_waiting;
  });
  auto gone = where->drop_oldest();
  if (!of) {
    fail_queued(gone, errc::dropped);
    return;
  }
  fail_bound(gone, errc::dropped, *of);
  of->backlog_changed();
}

void router::impl::note_expiry(const message_run& x) noexcept {
  for (std::uint32_t i = 0; x.batch().any_expiry && i < x.size(); ++i)
    note_expiry(x[i].expires_ns);
}

void router::impl::note_waiting(lane& l) {
  if (l.has_waiting)
    return;
  l.has_waiting = true;
  waiting.push_back(&l);
}

void router::impl::enqueue(lane* l, const single& x, bool waiting_room) {
  if (!make_room(x.data.size(), waiting_room)) {
    outcome(x.like, level.refusal(), {});
    return;
  }
  note_expiry(x.like.expires_ns);
  if (!l) {
    if (x.like.key != 0)
      keys.queued(x.like.key);
    queue.put(x);
    return;
  }
  keys.bound(x.like.key, *l);
  l->put_back(x);
  note_waiting(*l);
}

/// Only for messages without keys: those of the main queue, or pinned ones.
void router::impl::enqueue(lane* l, message_run x, bool waiting_room) {
  const auto push = [&](message_run part) {
    note_expiry(part);
    if (l)
      note_waiting(*l);
    (l ? l->backlog : queue).push_back(std::move(part), false);
  };
  if (level.fits(x.size(), x.bytes, waiting_room)) {
    push(std::move(x));
  } else {
    while (x.size() > 0) {
      const bool room = make_room(x[0].size, waiting_room);
      auto one = x.take(1);
      if (room)
        push(std::move(one));
      else
        fail(one, level.refusal(), l ? l->id : connection_id{});
    }
  }
  if (l)
    l->backlog_changed();
}

void router::impl::give_back(detail::send_queue::content content) {
  const auto push_front = [this](detail::run_list::container& runs, bool returned) {
    while (!runs.empty()) {
      auto& x = runs.back();
      note_expiry(x);
      for (std::uint32_t i = 0; x.batch().any_key && i < x.size(); ++i)
        if (x[i].key != 0)
          keys.queued(x[i].key);
      queue.push_front(std::move(x), returned);
      runs.pop_back();
    }
  };
  push_front(content.fresh, false);
  push_front(content.returned, true);
}

// -- the end of a turn ---------------------------------------------------------------------------

void router::impl::flush(time_point now) {
  if (next_expiry_ns <= detail::nanoseconds_of(now))
    expire(now);
  for (std::size_t i = 0; i < dirty.size(); ++i)
    refill(*dirty[i]);
  if (!queue.empty())
    drain(now);
  for (auto l : dirty) {
    l->dirty = false;
    if (l->has_staged())
      effects.hand_over(l->id, l->hand_over());
  }
  dirty.clear();
  finish();
}

void router::impl::refill(lane& l) {
  flushed += l.refill();
  if (l.retiring && !l.held.empty() && !l.has_keys_in_flight())
    release_held(l);
}

/// No message with a key is on its way to the peer any more: the keys may move.
void router::impl::release_held(lane& l) {
  auto content = l.held.release();
  unbind(content);
  give_back(std::move(content));
}

void router::impl::drain(time_point now) {
  while (!queue.empty()) {
    const bool moved = queue.front()[0].key != 0 ? drain_keyed() : drain_unkeyed(now);
    if (!moved)
      return;
  }
}

bool router::impl::drain_unkeyed(time_point now) {
  const auto& x = queue.front();
  auto l = choose(x[0].size, now);
  if (!l)
    return false;
  std::size_t most = run_messages;
  if (x.batch().any_key)
    for (most = 1;
         most < run_messages && most < x.size() && x[static_cast<std::uint32_t>(most)].key == 0;)
      ++most;
  const auto n = l->fit(x, most, run_bytes);
  l->stage(queue.take(n));
  mark_dirty(*l);
  flushed += n;
  return true;
}

bool router::impl::drain_keyed() {
  const auto e = queue.front()[0];
  auto l = choose(e);
  if (!l)
    return false;
  const bool returned = queue.front_returned();
  auto one = queue.take(1);
  keys.dequeued(e.key);
  keys.bound(e.key, *l);
  if (!l->retiring && l->backlog.empty() && l->admits(e.size)) {
    l->stage(std::move(one));
    mark_dirty(*l);
    ++flushed;
  } else {
    l->put_back(std::move(one), returned);
    note_waiting(*l);
  }
  return true;
}

} // namespace wspool
