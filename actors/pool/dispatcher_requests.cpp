// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)

// The dispatcher actor: its start and end, and requests about the pool itself.

#include "monitor/monitor_actor.hpp"
#include "pool/dispatcher_actor.hpp"
#include "pool/dispatcher_state.hpp"
#include "pool/supervisor_actor.hpp"

#include <algorithm>
#include <utility>

namespace wspool {

namespace {

std::unique_ptr<scheduler> scheduler_for(const pool_options& options) {
  return options.make_scheduler ? options.make_scheduler(options.seed)
                                : make_scheduler(options.schedule, options.seed);
}

} // namespace

dispatcher_actor spawn_dispatcher(const std::shared_ptr<strand_host>& host,
                                  std::shared_ptr<const pool_options> options,
                                  connection_spawner spawn) {
  auto result = spawn_on_strand<dispatcher_state>(host, std::move(options), std::move(spawn));
  host->add_root(caf::actor_cast<caf::strong_actor_ptr>(result));
  return result;
}

dispatcher_state::dispatcher_state(self_type* self, std::shared_ptr<const pool_options> options,
                                   connection_spawner spawn)
  : self_(self), options_(std::move(options)), spawn_(std::move(spawn)),
    router_(*options_, scheduler_for(*options_), *this),
    subscribers_(internal::pack(internal::subscribers{})) {}

void dispatcher_state::start() {
  auto me = caf::actor_cast<caf::actor>(self_);
  auto host = self_->host_ptr();
  if (!spawn_)
    spawn_ = [host](connection_setup setup) { return spawn_connection(host, std::move(setup)); };
  supervisor_ = spawn_supervisor(host, options_, me, spawn_);
  monitor_ = spawn_monitor(host, options_, caf::actor_cast<pool_actor>(me));
}

// -- subscribers and statistics ------------------------------------------------------------------

void dispatcher_state::subscribe(const caf::actor& who, const subscription& what) {
  if (!who)
    return;
  if (!subscribers_->has(who.address()))
    monitors_.add(self_, who,
                  [this, addr = who.address()](const caf::error&) { unsubscribe(addr); });
  subscribers_changed(subscribers_->with(who, what));
}

void dispatcher_state::unsubscribe(const caf::actor_addr& who) {
  subscribers_changed(subscribers_->without(who));
}

void dispatcher_state::subscribers_changed(internal::subscribers next) {
  subscribers_ = internal::pack(std::move(next));
  compat::tell(self_, supervisor_, subscribers_); // which tells its connections, future ones too
}

void dispatcher_state::publish(std::uint32_t kind, const caf::message& what) {
  if (kind == event::stats)
    remember_rates(what);
  if ((subscribers_->wanted & kind) == 0)
    return;
  for (const auto& s : subscribers_->list)
    if (s.what.events & kind)
      compat::forward_message(s.who, what);
}

void dispatcher_state::remember_rates(const caf::message& what) {
  if (!what.match_elements<pool_stats>())
    return;
  const auto& latest = what.get_as<pool_stats>(0);
  rates_ = {latest.messages_out_rate, latest.messages_in_rate, latest.bytes_out_rate,
            latest.bytes_in_rate};
}

caf::result<pool_stats> dispatcher_state::stats() {
  auto answer = self_->template make_response_promise<pool_stats>();
  auto all = std::make_shared<stats_round>(stats_round{keep(answer), {}, 0});
  all->left.reserve(connections_.size());
  for (const auto& [id, c] : connections_)
    all->left.push_back(id);
  gather(all);
  return answer;
}

void dispatcher_state::gather(const std::shared_ptr<stats_round>& all) {
  while (!all->left.empty() && all->under_way < max_samples) {
    const auto found = connections_.find(all->left.back());
    all->left.pop_back();
    if (found == connections_.end())
      continue; // ended meanwhile: its last word counts
    ++all->under_way;
    auto go_on = [this, all] {
      --all->under_way;
      gather(all);
    };
    compat::ask(self_, found->second.actor, caf::infinite, sample_atom_v)
      .then(
        [this, go_on](const internal::parcel<internal::sample>& counts) {
          census_.sampled(*counts);
          go_on();
        },
        [go_on](const caf::error&) { go_on(); });
  }
  if (all->under_way == 0)
    all->answer->deliver(snapshot());
}

pool_stats dispatcher_state::snapshot() const {
  pool_stats result;
  fill_stats(result);
  return result;
}

void dispatcher_state::fill_stats(pool_stats& into) const {
  into.pool = options_->name;
  into.time = std::chrono::system_clock::now();
  const auto& totals = router_.totals();
  into.accepted = totals.accepted;
  into.sent = totals.sent;
  into.failed = totals.failed;
  into.pending = totals.pending();
  into.resent = totals.resent;
  into.queued_messages = router_.queued_messages();
  into.queued_bytes = router_.queued_bytes();
  into.messages_out_rate = rates_.messages_out;
  into.messages_in_rate = rates_.messages_in;
  into.bytes_out_rate = rates_.bytes_out;
  into.bytes_in_rate = rates_.bytes_in;
  census_.fill(into, now());
  for (auto& c : into.connections) {
    if (const auto* m = router_.find(c.id)) {
      c.pending_messages = m->pending_messages;
      c.pending_bytes = m->pending_bytes;
    }
    auto found = connections_.find(c.id);
    if (found != connections_.end() && found->second.retiring)
      c.state = slot_state::draining;
  }
}

// -- requests for others -------------------------------------------------------------------------

caf::result<std::uint32_t> dispatcher_state::await_open(std::uint32_t count) {
  auto answer = self_->template make_response_promise<std::uint32_t>();
  await_open_.push_back({count, answer});
  answer_waiters();
  return answer;
}

void dispatcher_state::answer_waiters() {
  std::erase_if(await_open_, [this](auto& waiter) {
    if (census_.open() >= waiter.count)
      waiter.answer.deliver(census_.open());
    else if (life_ != life::serving)
      waiter.answer.deliver(caf::make_error(errc::pool_closed));
    else if (census_.hopeless())
      waiter.answer.deliver(caf::make_error(errc::unreachable));
    else
      return false;
    return true;
  });
}

// -- closing -------------------------------------------------------------------------------------

//   serving --close--> draining --all decided, or the deadline--> closing --all closed--> (dead)

caf::result<close_report> dispatcher_state::close(std::chrono::nanoseconds drain) {
  auto answer = self_->template make_response_promise<close_report>();
  closers_.push_back(answer);
  if (life_ != life::serving)
    return answer;
  life_ = life::draining;
  router_.refuse_new(errc::pool_closed);
  drain_deadline_ = now() + drain;
  answer_waiters();
  return answer;
}

void dispatcher_state::advance_closing(time_point at) {
  const bool flushed = router_.totals().pending() == 0;
  if (!flushed && at < *drain_deadline_ && !census_.hopeless())
    return;
  router_.fail_all(errc::pool_closed);
  life_ = life::closing;
  compat::ask(self_, supervisor_, caf::infinite, close_atom_v)
    .then([this] { finish_closing(); }, [this](const caf::error&) { finish_closing(); });
}

void dispatcher_state::finish_closing() {
  pool_stats last;
  fill_stats(last);
  for (auto& closer : closers_)
    closer.deliver(close_report{last.accepted, last.sent, last.failed, last.resent, last.received});
  closers_.clear();
  self_->quit(caf::exit_reason::user_shutdown);
}

caf::result<void> dispatcher_state::destroy() {
  self_->quit(caf::exit_reason::user_shutdown);
  return caf::unit;
}

void dispatcher_state::ending(const caf::error&) {
  life_ = life::closing;
  router_.refuse_new(errc::pool_closed);
  router_.fail_all(errc::pool_closed);
  for (auto& closer : closers_)
    closer.deliver(caf::make_error(errc::pool_closed, "destroyed while closing"));
  answer_waiters();
  self_->send_exit(supervisor_, caf::exit_reason::kill);
  self_->send_exit(monitor_, caf::exit_reason::kill);
}

// -- time ----------------------------------------------------------------------------------------

void dispatcher_state::on_tick() {
  armed_.reset();
  router_.expire(now());
}

void dispatcher_state::arm(time_point at) {
  std::optional<time_point> due = router_.next_expiry();
  if (life_ == life::draining)
    due = due ? std::min(*due, *drain_deadline_) : *drain_deadline_;
  if (!due || (armed_ && *armed_ <= *due))
    return;
  armed_ = due;
  compat::tell_after(self_, std::max(*due - at, min_tick), caf::actor_cast<caf::actor>(self_),
                     tick_atom_v);
}

} // namespace wspool
