// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)

// The supervisor actor: its messages, and the lives of its slots from attempt to attempt.

#include "pool/supervisor_actor.hpp"
#include "pool/supervisor_state.hpp"
#include "runtime/strand_actor.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace wspool {

namespace {

/// What is due for a thousand slots at once is done in portions: in between, those connections go
/// on that have begun, and their servers have work, too.
constexpr std::size_t max_due_per_turn = 32;

/// A pool with a seed of its own gets the same delays each time, but not those of its scheduler.
std::uint64_t seed_of(const pool_options& options) {
  constexpr std::uint64_t own = 0x9e3779b97f4a7c15;
  if (options.seed != 0)
    return options.seed ^ own;
  std::random_device device;
  return (std::uint64_t{device()} << 32) | device();
}

} // namespace

caf::actor spawn_supervisor(const std::shared_ptr<strand_host>& host,
                            std::shared_ptr<const pool_options> options, caf::actor dispatcher,
                            connection_spawner spawn) {
  return spawn_on_strand<supervisor_state>(host, std::move(options), std::move(dispatcher),
                                           std::move(spawn));
}

supervisor_state::supervisor_state(caf::event_based_actor* self,
                                   std::shared_ptr<const pool_options> options,
                                   caf::actor dispatcher, connection_spawner spawn)
  : self_(self), options_(std::move(options)), dispatcher_(std::move(dispatcher)),
    spawn_(std::move(spawn)), detector_(options_->ejection), random_(seed_of(*options_)),
    subscribers_(internal::pack(internal::subscribers{})) {}

caf::behavior supervisor_state::make_behavior() {
  // The link brings a crash of either to the other; it is silent about an orderly end.
  self_->link_to(dispatcher_);
  monitors_.add(self_, dispatcher_,
                [this](const caf::error&) { self_->quit(caf::exit_reason::user_shutdown); });
  std::vector<std::uint32_t> added;
  for (auto& what : options_->endpoints) {
    endpoint target;
    if (!parse_endpoint(what.url, target))
      add_slots(add_endpoint(what, std::move(target)), what.connections, added);
  }
  start(added);
  return {
    [this](const internal::parcel<internal::opened>& news) { on_opened(*news); },
    [this](const internal::parcel<internal::ended>& news) { on_ended(*news); },
    [this](const internal::parcel<internal::subscribers>& list) { on_subscribers(list); },
    [this](tick_atom) { on_tick(); },
    [this](add_atom, const endpoint_options& what) { return add(what); },
    [this](remove_atom, const std::string& url) { return remove(url); },
    [this](resize_atom, const std::string& url, std::uint32_t n) { return resize(url, n); },
    [this](restart_atom, connection_id id) { return restart(id); },
    [this](close_atom) { return close(); },
  };
}

void supervisor_state::turn_ended() {
  const auto due = timers_.arm();
  if (!due)
    return;
  const auto delay = *due - now();
  if (delay > time_point::duration{0})
    compat::tell_after(self_, delay, caf::actor{self_}, tick_atom_v);
  else
    compat::tell(self_, caf::actor{self_}, tick_atom_v);
}

void supervisor_state::ending(const caf::error&) {
  const auto over = caf::make_error(errc::pool_closed, std::string{"the pool has ended"});
  for (auto& [number, s] : seats_)
    for (auto& who : s.departures)
      who->promise.deliver(over);
  for (auto& [id, c] : connections_) {
    for (auto& promise : c.restarts)
      promise.deliver(over);
    caf::anon_send_exit(c.actor, caf::exit_reason::kill);
  }
  for (auto& promise : closers_)
    promise.deliver(over);
}

// -- attempts ------------------------------------------------------------------------------------

void supervisor_state::attempt(seat& s) {
  const auto at = now();
  collect_returned(at);
  auto& home = *s.home;
  if (detector_.ejected_until(home.number, at))
    return schedule(s, milliseconds{0}, at);
  timers_.cancel(s.lives.number(), purpose::attempt);
  const auto life = s.lives.begin_attempt();
  const connection_id id{s.lives.number(), life.generation};
  if (!s.announced && !s.lives.rotating())
    report(s, slot_state::connecting);
  s.announced = false;
  connection_setup setup;
  setup.id = id;
  setup.target = home.target;
  setup.url = home.url;
  setup.origin = home.origin;
  setup.info = {s.identity, home.weight, home.group};
  setup.slow_start = home.starts_slowly(at);
  setup.attempt = life.number;
  setup.refresh = life.refresh;
  setup.options = options_;
  setup.subscribers = subscribers_;
  setup.dispatcher = dispatcher_;
  setup.supervisor = caf::actor{self_};
  auto actor = spawn_(std::move(setup));
  // A safety net: a connection that dies without a last word must not leave its slot empty.
  monitors_.add(self_, actor, [this, id](const caf::error& reason) { on_down(id, reason); });
  connections_.emplace(id, connection{std::move(actor), false, {}});
}

void supervisor_state::schedule(seat& s, milliseconds delay, time_point at) {
  s.not_before = std::max(s.not_before, at + delay);
  s.announced = false;
  auto due = s.not_before;
  if (auto until = detector_.ejected_until(s.home->number, at))
    due = std::max(due, *until + draw(spread(s.home->slots.size())));
  timers_.set(s.lives.number(), purpose::attempt, due);
  const auto actual = std::chrono::ceil<milliseconds>(due - at);
  if (!s.lives.rotating())
    report(s, slot_state::waiting, actual);
  announce_retry(s, actual);
}

// -- lives ---------------------------------------------------------------------------------------

void supervisor_state::on_opened(const internal::opened& news) {
  auto* s = find(news.id.slot);
  auto found = connections_.find(news.id);
  const auto at = now();
  if (!s || found == connections_.end() || !s->lives.opened(news.id.generation, at)
      || found->second.killed)
    return;
  auto& home = *s->home;
  if (std::exchange(home.returning, false))
    home.ramp_until = at + options_->ejection.slow_start;
  timers_.set(news.id.slot, purpose::settle, at + options_->reconnect.minimum_uptime);
  set_rotation(*s, at);
  if (auto old = s->lives.replaced())
    retire(*s, *old);
}

void supervisor_state::on_ended(const internal::ended& news) {
  auto found = connections_.find(news.id);
  if (found == connections_.end())
    return; // its end was known before, from the monitor
  auto gone = std::move(found->second);
  connections_.erase(found);
  for (auto& promise : gone.restarts)
    promise.deliver(caf::unit);
  auto* s = find(news.id.slot);
  if (!s)
    return;
  const auto at = now();
  auto how = news.how;
  const auto* life = s->lives.find(news.id.generation);
  const bool asked = news.on_purpose || gone.killed || (life && life->retiring);
  // Ended from outside, which is a failure as far as the slot is concerned.
  if (how.why == errc::shutdown && !asked)
    how.why = errc::crashed;
  if (s->lives.is_newest(news.id.generation)) {
    timers_.cancel(news.id.slot, purpose::settle);
    timers_.cancel(news.id.slot, purpose::rotate);
  }
  s->why = how.why;
  const auto step =
    s->lives.ended(news.id.generation, how, news.on_purpose, at, options_->retry, random_);
  if (step.plan.endpoint_fault)
    on_fault(*s->home, at);
  follow(*s, step, news.text, at);
}

void supervisor_state::on_down(connection_id id, const caf::error& reason) {
  auto found = connections_.find(id);
  auto* s = find(id.slot);
  if (found == connections_.end() || !s)
    return;
  const auto* life = s->lives.find(id.generation);
  const bool asked = found->second.killed || (life && life->retiring);
  internal::ended news;
  news.id = id;
  news.how.why = asked ? errc::shutdown : errc::crashed;
  news.how.was_open = life && life->open;
  news.text =
    "the connection's actor ended without a word: " + compat::render(self_->home_system(), reason);
  // Nobody knows what reached the kernel: anything it was given may have.
  news.last.touched = std::numeric_limits<std::uint64_t>::max();
  news.counts.id = id;
  news.url = s->home->url;
  news.origin = s->home->origin;
  if (news.how.was_open)
    news.uptime = std::chrono::duration_cast<milliseconds>(now() - life->opened_at);
  news.on_purpose = asked;
  tell_dispatcher(internal::pack(news));
  on_ended(news);
}

void supervisor_state::follow(seat& s, const slot_step& step, const std::string& text,
                              time_point at) {
  switch (step.move) {
    case slot_move::none:
      break;
    case slot_move::reconnect:
      s.attempt = 1;
      s.not_before = at;
      attempt(s);
      break;
    case slot_move::wait:
      s.attempt = step.plan.attempt;
      schedule(s, step.plan.delay, at);
      break;
    case slot_move::give_up:
      give_up(s, step.plan, text, at);
      break;
    case slot_move::put_off:
      set_rotation(s, at);
      break;
    case slot_move::exposed:
      report_exposed(s, at);
      break;
    case slot_move::gone:
      dismiss(s);
      break;
  }
}

void supervisor_state::give_up(seat& s, const comeback_plan& plan, const std::string& text,
                               time_point at) {
  auto& home = *s.home;
  ++home.given_up;
  report(s, slot_state::given_up, {}, s.why);
  announce_given_up(s, plan.attempt, text);
  forget_if_hopeless(home, at);
}

void supervisor_state::on_subscribers(const internal::parcel<internal::subscribers>& list) {
  subscribers_ = list;
  for (auto& [id, c] : connections_)
    compat::tell(self_, c.actor, list);
}

// -- time ----------------------------------------------------------------------------------------

void supervisor_state::on_tick() {
  const auto at = now();
  timers_.fired(at);
  for (std::size_t n = 0; n < max_due_per_turn; ++n) {
    const auto due = timers_.take(at);
    if (!due)
      return;
    on_due(*due, at);
  }
}

void supervisor_state::on_due(const supervisor_timers::entry& due, time_point at) {
  if (due.what == purpose::stop) {
    for (auto& [id, c] : connections_)
      kill(id);
    return;
  }
  auto* s = find(due.slot);
  if (!s)
    return;
  switch (due.what) {
    case purpose::attempt:
      attempt(*s);
      break;
    case purpose::settle:
      if (s->lives.has_open())
        detector_.on_success(s->home->number, at);
      break;
    case purpose::rotate:
      rotate(*s, at);
      break;
    case purpose::reap:
      reap(*s, at);
      break;
    case purpose::stop:
      break;
  }
}

void supervisor_state::reap(seat& s, time_point at) {
  const auto number = s.lives.number();
  for (auto [generation, again] : s.lives.take_overdue(at, close_limit())) {
    if (again)
      kill({number, generation});
    else
      close_now({number, generation}, "drain deadline");
  }
  if (auto next = s.lives.next_deadline())
    timers_.set(number, purpose::reap, *next);
}

void supervisor_state::rotate(seat& s, time_point at) {
  if (s.lives.begin_rotation(at)) {
    s.attempt = 1;
    s.not_before = at;
    return attempt(s);
  }
  // Its predecessor is still draining, which has a deadline.
  timers_.set(s.lives.number(), purpose::rotate, at + options_->rotation.drain + close_limit());
}

void supervisor_state::set_rotation(const seat& s, time_point at) {
  const auto& options = options_->rotation;
  if (options.max_age <= milliseconds{0})
    return;
  std::uniform_real_distribution<double> share(0.0, std::max(options.jitter, 0.0));
  const auto age =
    std::chrono::duration<double, std::milli>(options.max_age) * (1.0 - share(random_));
  timers_.set(s.lives.number(), purpose::rotate,
              at + std::chrono::duration_cast<time_point::duration>(age));
}

// -- little helpers ------------------------------------------------------------------------------

supervisor_state::time_point supervisor_state::now() const { return self_->clock().now(); }

supervisor_state::seat* supervisor_state::find(std::uint32_t number) {
  auto found = seats_.find(number);
  return found != seats_.end() ? &found->second : nullptr;
}

supervisor_state::milliseconds supervisor_state::draw(milliseconds highest) {
  std::uniform_int_distribution<milliseconds::rep> any(0, std::max(highest.count(), {}));
  return milliseconds{any(random_)};
}

} // namespace wspool
