// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)

// What became of messages: written, confirmed, refused, lost with a connection, expired, dropped.

#include "pool/router_impl.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace wspool {

// -- the account ---------------------------------------------------------------------------------

void router::impl::settle(errc why, std::uint64_t count) {
  if (count == 0)
    return;
  (why == errc::none ? totals.sent : totals.failed) += count;
  if (why != settled_why && settled_count > 0)
    effects.settled(settled_why, std::exchange(settled_count, 0));
  settled_why = why;
  settled_count += count;
}

void router::impl::outcome(const entry& e, errc why, connection_id by) {
  settle(why, 1);
  if (e.ticket != 0)
    effects.answered(e.ticket, why, by);
}

void router::impl::fail(const message_run& x, errc why, connection_id by) {
  if (!x.batch().any_ticket) {
    settle(why, x.size());
    return;
  }
  for (std::uint32_t i = 0; i < x.size(); ++i)
    outcome(x[i], why, by);
}

void router::impl::fail_queued(const message_run& x, errc why) {
  for (std::uint32_t i = 0; x.batch().any_key && i < x.size(); ++i)
    if (x[i].key != 0)
      keys.dequeued(x[i].key);
  fail(x, why, {});
}

void router::impl::fail_bound(const message_run& x, errc why, lane& l) {
  for (std::uint32_t i = 0; x.batch().any_key && i < x.size(); ++i)
    if (x[i].key != 0)
      keys.released(x[i].key);
  fail(x, why, l.id);
}

void router::impl::report() {
  if (settled_count > 0)
    effects.settled(settled_why, std::exchange(settled_count, 0));
  if (is_high ? level.is_low() : level.is_high()) {
    is_high = !is_high;
    effects.water(is_high, level.messages(), level.bytes());
  }
  if (flushed > 0 && level.messages() == 0)
    effects.drained(std::exchange(flushed, 0));
}

// -- progress ------------------------------------------------------------------------------------

void router::impl::advanced(lane& l, const progress& report, time_point now) {
  // Reports list refusals since the one before, or since ever: both are understood.
  std::size_t refusals = 0;
  while (refusals < report.refused.size() && report.refused[refusals].number < l.written())
    ++refusals;
  while (auto s = l.next_written(report.written)) {
    settle_written(l, s, report, refusals, now);
    l.wrote(s);
  }
  while (auto s = l.next_confirmed(report.confirmed)) {
    settle_confirmed(l, s);
    l.was_confirmed(s);
  }
  if (l.has_backlog())
    mark_dirty(l);
}

void router::impl::settle_written(lane& l, const lane::step& s, const progress& report,
                                  std::size_t& next, time_point now) {
  const auto& run = s.of->run;
  const auto& batch = run.batch();
  const auto first_refusal = next;
  const auto end = s.of->first + s.count;
  while (next < report.refused.size() && report.refused[next].number < end)
    ++next;
  if (auto taken = s.count - (next - first_refusal); taken > 0)
    effects.waited(now - run.accepted, taken);
  if (batch.plain() && next == first_refusal) {
    settle(errc::none, s.count);
    return;
  }
  auto at = first_refusal;
  for (std::uint32_t i = 0; i < s.count; ++i) {
    const auto& e = run[i];
    if (at < next && report.refused[at].number == s.of->first + i) {
      outcome(e, report.refused[at++].why, l.id);
      if (batch.wants_barrier())
        l.note_refused(s.of->first + i);
      if (e.key != 0) {
        keys.released(e.key);
        l.key_left();
      }
    } else if ((e.flags & entry_flag::confirm) == 0) {
      outcome(e, errc::none, l.id);
    } else if ((e.flags & entry_flag::answer_written) != 0) {
      effects.written(e.ticket, l.id);
    }
  }
}

void router::impl::settle_confirmed(lane& l, const lane::step& s) {
  for (std::uint32_t i = 0; i < s.count; ++i) {
    if (l.was_refused(s.of->first + i))
      continue;
    const auto& e = s.of->run[i];
    if ((e.flags & entry_flag::confirm) != 0)
      outcome(e, errc::none, l.id);
    if (e.key != 0) {
      keys.released(e.key);
      l.key_left();
    }
  }
}

// -- the end of a connection ---------------------------------------------------------------------

/// Goes through all that a dead connection had been given, and decides what becomes of each.
struct router::impl::salvage {
  impl& pool;
  lane& from;
  std::uint64_t written;                ///< below it, written before it died
  std::uint64_t touched;                ///< below it, perhaps written in part
  std::optional<std::uint64_t> too_big; ///< the message that the peer found too big
  detail::run_list::container kept{};   ///< what goes elsewhere

  /// It was settled when it was written: no more is to be done for it.
  [[nodiscard]] bool is_settled(const entry& e, std::uint64_t number) const {
    return number < written && ((e.flags & entry_flag::confirm) == 0 || from.was_refused(number));
  }

  /// Why a message that has no outcome yet cannot go elsewhere.
  [[nodiscard]] errc fault_of(const entry& e, std::uint64_t number) const {
    if (number == too_big)
      return errc::too_big;
    if ((e.flags & entry_flag::pinned) != 0)
      return errc::connection_lost;
    if (number < touched && e.policy != delivery::at_least_once)
      return errc::connection_lost;
    return errc::none;
  }

  void operator()(message_run run, std::uint64_t first) {
    if (first >= touched && !run.batch().any_key && !run.batch().any_pinned) {
      kept.push_back(std::move(run));
      return;
    }
    for (auto number = first; run.size() > 0; ++number) {
      auto one = run.take(1);
      if (keep(one[0], number))
        append(std::move(one));
    }
  }

  bool keep(const entry& e, std::uint64_t number) {
    // A refused message's key left when it was refused.
    if (e.key != 0 && !(number < written && from.was_refused(number)))
      pool.keys.released(e.key);
    if (is_settled(e, number))
      return false;
    if (auto fault = fault_of(e, number); fault != errc::none) {
      pool.outcome(e, fault, from.id);
      return false;
    }
    if (number < touched)
      ++pool.totals.resent;
    return true;
  }

  void append(message_run one) {
    if (!kept.empty() && kept.back().continued_by(one)) {
      kept.back().part.end = one.part.end;
      kept.back().bytes += one.bytes;
    } else {
      kept.push_back(std::move(one));
    }
  }

  /// The largest message that reached the peer, perhaps in part, and has no outcome yet.
  void find_too_big(const lane::content& all) {
    std::size_t most = 0;
    for (auto list : {&all.unconfirmed, &all.flights})
      for (const auto& f : *list)
        for (std::uint32_t i = 0; i < f.run.size() && f.first + i < touched; ++i)
          if (f.run[i].size > most && !is_settled(f.run[i], f.first + i)) {
            most = f.run[i].size;
            too_big = f.first + i;
          }
  }
};

void router::impl::ended(lane& l, const progress& last, bool message_fault) {
  const auto written = l.written();
  const auto next = l.handed_over();
  auto all = l.release();
  salvage rest{*this, l, written, std::clamp(last.touched, written, next), std::nullopt};
  if (message_fault)
    rest.find_too_big(all);
  for (auto& f : all.unconfirmed)
    rest(std::move(f.run), f.first);
  for (auto& f : all.flights)
    rest(std::move(f.run), f.first);
  for (auto& x : all.staged)
    rest(std::move(x), next);
  // Behind that, what had not even reached the window.
  auto backlog = l.backlog.release();
  auto held = l.held.release();
  for (auto runs : {&backlog.returned, &held.returned})
    for (auto& x : *runs)
      rest(std::move(x), next);
  detail::send_queue::content elsewhere;
  elsewhere.returned = std::exchange(rest.kept, {});
  for (auto runs : {&backlog.fresh, &held.fresh})
    for (auto& x : *runs)
      rest(std::move(x), next);
  elsewhere.fresh = std::move(rest.kept);
  give_back(std::move(elsewhere));
}

// -- time and the end ----------------------------------------------------------------------------

void router::impl::expire(time_point now) {
  const auto now_ns = detail::nanoseconds_of(now);
  if (next_expiry_ns > now_ns)
    return;
  auto next = detail::never_ns;
  for (const auto& x : queue.expire(now_ns, next))
    fail_queued(x, errc::expired);
  for (const auto& [id, l] : lanes) {
    for (const auto& x : l->expire_staged(now_ns, next))
      fail_bound(x, errc::expired, *l);
    for (auto where : {&l->backlog, &l->held})
      for (const auto& x : where->expire(now_ns, next))
        fail_bound(x, errc::expired, *l);
    l->backlog_changed();
    if (l->has_backlog())
      mark_dirty(*l);
  }
  next_expiry_ns = next;
}

void router::impl::fail_all(errc why) {
  const auto fail_content = [&](const detail::send_queue::content& content, connection_id by) {
    for (auto runs : {&content.returned, &content.fresh})
      for (const auto& x : *runs)
        fail(x, why, by);
  };
  fail_content(queue.release(), {});
  for (const auto& [id, l] : lanes) {
    const auto all = l->release();
    for (const auto& f : all.unconfirmed)
      for (std::uint32_t i = 0; i < f.run.size(); ++i)
        if ((f.run[i].flags & entry_flag::confirm) != 0 && !l->was_refused(f.first + i))
          outcome(f.run[i], why, id);
    for (const auto& f : all.flights)
      fail(f.run, why, id);
    for (const auto& x : all.staged)
      fail(x, why, id);
    fail_content(l->backlog.release(), id);
    fail_content(l->held.release(), id);
    l->backlog_changed();
  }
  keys.clear();
  next_expiry_ns = detail::never_ns;
  flushed = 0;
}

} // namespace wspool
