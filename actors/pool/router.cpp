// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "pool/router.hpp"

#include "pool/router_impl.hpp"

#include <algorithm>
#include <utility>

namespace wspool {

using detail::never_ns;

// -- construction --------------------------------------------------------------------------------

router::impl::impl(const pool_options& options, std::unique_ptr<scheduler> s, router_effects& e)
  : policy(options.policy == delivery::at_least_once ? delivery::at_least_once
                                                     : delivery::at_most_once),
    window(options.window),
    max_bytes(std::min(options.connect.limits.max_message_bytes, message_batch::max_bytes)),
    slow_start(options.ejection.slow_start), sched(std::move(s)), effects(e), level(options.queue),
    random_state(options.seed) {}

router::router(const pool_options& options, std::unique_ptr<scheduler> sched,
               router_effects& effects)
  : impl_(std::make_unique<impl>(options, std::move(sched), effects)) {}

router::~router() = default;

// -- connections ---------------------------------------------------------------------------------

detail::lane* router::impl::find(connection_id id) const {
  auto i = lanes.find(id);
  return i != lanes.end() ? i->second.get() : nullptr;
}

void router::impl::mark_dirty(lane& l) {
  if (l.dirty)
    return;
  l.dirty = true;
  dirty.push_back(&l);
}

void router::opened(connection_id id, const member_info& info, bool slow_start, time_point now) {
  auto& x = *impl_;
  auto [i, is_new] = x.lanes.try_emplace(id);
  if (!is_new)
    return;
  i->second = std::make_unique<detail::lane>(id, info, x.window, x.level);
  i->second->ramping = slow_start && x.slow_start > std::chrono::milliseconds{0};
  i->second->ramps_since = now;
  x.sched->add(*i->second);
}

void router::retire(connection_id id) {
  auto l = impl_->find(id);
  if (!l || l->retiring)
    return;
  impl_->sched->remove(id);
  impl_->retire(*l);
  impl_->finish();
}

void router::impl::retire(lane& l) {
  l.retiring = true;
  // What follows messages of its key that are in the lane comes back, to be held there, when the
  // queue is drained; the rest goes elsewhere.
  auto content = l.backlog.release();
  for (auto& x : std::exchange(content.fresh, {})) {
    if (x.batch().any_pinned)
      l.backlog.push_back(std::move(x), false);
    else
      content.fresh.push_back(std::move(x));
  }
  l.backlog_changed();
  unbind(content);
  give_back(std::move(content));
}

void router::impl::unbind(const detail::send_queue::content& content) {
  for (auto runs : {&content.returned, &content.fresh})
    for (const auto& x : *runs)
      for (std::uint32_t i = 0; x.batch().any_key && i < x.size(); ++i)
        if (x[i].key != 0)
          keys.released(x[i].key);
}

/// Takes a lane out that is empty.
void router::impl::forget(lane& l) {
  std::erase(dirty, &l);
  std::erase(waiting, &l);
  lanes.erase(l.id);
}

bool router::idle(connection_id id) const {
  auto l = impl_->find(id);
  return !l || l->idle();
}

bool router::has(connection_id id) const { return impl_->find(id) != nullptr; }

void router::measured(connection_id id, std::chrono::nanoseconds round_trip) {
  if (auto l = impl_->find(id))
    l->round_trip = round_trip;
}

void router::ended(connection_id id, const progress& last, bool message_fault, time_point now) {
  auto l = impl_->find(id);
  if (!l)
    return;
  if (!l->retiring)
    impl_->sched->remove(id);
  impl_->advanced(*l, last, now);
  impl_->ended(*l, last, message_fault);
  impl_->forget(*l);
  impl_->finish();
}

void router::advanced(connection_id id, const progress& report, time_point now) {
  if (auto l = impl_->find(id)) {
    impl_->advanced(*l, report, now);
    impl_->finish();
  }
}

// -- acceptance ----------------------------------------------------------------------------------

void router::impl::resolve(entry& e, const accept_mode& mode, time_point now) const noexcept {
  if (e.policy != delivery::at_least_once && e.policy != delivery::at_most_once)
    e.policy = policy;
  e.expires_ns = detail::expiry_of(e.expires_ns, now);
  e.ticket = mode.ticket;
  e.flags = 0;
  if (e.policy == delivery::at_least_once || mode.want_confirmed) {
    e.flags = entry_flag::confirm;
    if (mode.want_written && mode.ticket != 0)
      e.flags |= entry_flag::answer_written;
  }
}

void router::impl::accept(const outgoing& message, std::string* owned, const accept_mode& mode,
                          time_point now) {
  using namespace std::chrono;
  constexpr auto longest = duration_cast<milliseconds>(nanoseconds::max());
  const auto& options = message.options;
  single x;
  x.data = message.data;
  x.owned = owned;
  x.accepted = now;
  x.order = totals.accepted++;
  if (!options.key.empty())
    x.like.key = hash_key(options.key);
  if (options.time_to_live > milliseconds{0})
    x.like.expires_ns = nanoseconds{std::min(options.time_to_live, longest)}.count();
  x.like.kind = options.kind;
  x.like.compress = options.compress;
  x.like.policy = options.policy;
  resolve(x.like, mode, now);
  if (refusal != errc::none)
    outcome(x.like, refusal, {});
  else if (is_too_big(x.data.size()))
    outcome(x.like, errc::too_big, {});
  else
    place(x, mode.is_delivery);
  finish();
}

void router::accept(const outgoing& message, const accept_mode& mode, time_point now) {
  impl_->accept(message, nullptr, mode, now);
}

void router::accept(outgoing&& message, const accept_mode& mode, time_point now) {
  impl_->accept(message, &message.data, mode, now);
}

void router::accept(message_batch batch, const accept_mode& mode, time_point now) {
  impl_->accept_all(std::move(batch), mode, nullptr, false, now);
  impl_->finish();
}

void router::accept_for(connection_id id, message_batch batch, const accept_mode& mode,
                        time_point now) {
  impl_->accept_all(std::move(batch), mode, impl_->find(id), true, now);
  impl_->finish();
}

router::impl::sealing router::impl::seal(message_batch batch, const accept_mode& mode, bool pinned,
                                         time_point now) const {
  sealing result;
  auto sealed = std::make_shared<sealed_batch>();
  sealed->messages = std::move(batch);
  for (auto& e : sealed->messages.entries()) {
    resolve(e, mode, now);
    if (pinned) {
      // Its place is given, so there is no order to keep across connections.
      e.flags |= entry_flag::pinned;
      e.key = 0;
    }
    detail::note(*sealed, e);
    result.bytes += e.size;
    result.any_too_big |= is_too_big(e.size);
  }
  result.batch = std::move(sealed);
  return result;
}

void router::impl::accept_all(message_batch batch, const accept_mode& mode, lane* only, bool pinned,
                              time_point now) {
  if (batch.empty())
    return;
  auto sealed = seal(std::move(batch), mode, pinned, now);
  const auto size = static_cast<std::uint32_t>(sealed.batch->messages.size());
  message_run all{{sealed.batch, 0, size}, sealed.bytes, now, totals.accepted};
  totals.accepted += size;
  if (refusal != errc::none) {
    fail(all, refusal, {});
    return;
  }
  if (pinned && !only) {
    fail(all, errc::no_connection, {});
    return;
  }
  while (all.size() > 0) {
    if (is_too_big(all[0].size)) {
      fail(all.take(1), errc::too_big, {});
      continue;
    }
    auto n = all.size();
    if (sealed.any_too_big)
      for (n = 1; n < all.size() && !is_too_big(all[n].size); ++n)
        continue;
    auto good = all.take(n);
    if (only)
      place_pinned(*only, std::move(good), mode.is_delivery);
    else if (good.batch().any_key)
      place_one_by_one(good, mode.is_delivery);
    else
      place(std::move(good), mode.is_delivery);
  }
}

// -- turns and numbers ---------------------------------------------------------------------------

void router::flush(time_point now) { impl_->flush(now); }

void router::expire(time_point now) {
  impl_->expire(now);
  impl_->finish();
}

std::optional<router::time_point> router::next_expiry() const {
  if (impl_->next_expiry_ns == never_ns)
    return std::nullopt;
  return time_point{std::chrono::nanoseconds{impl_->next_expiry_ns}};
}

void router::refuse_new(errc why) { impl_->refusal = why; }

void router::fail_all(errc why) {
  impl_->fail_all(why);
  impl_->finish();
}

const account& router::totals() const noexcept { return impl_->totals; }

std::size_t router::queued_messages() const noexcept { return impl_->level.messages(); }

std::size_t router::queued_bytes() const noexcept { return impl_->level.bytes(); }

const member* router::find(connection_id id) const { return impl_->find(id); }

std::vector<connection_id> router::members() const {
  std::vector<connection_id> result;
  for (const auto& [id, l] : impl_->lanes)
    if (!l->retiring)
      result.push_back(id);
  return result;
}

const member* router::any() {
  if (auto m = impl_->sched->get({}))
    return m;
  // All are full, but what is no message needs no window.
  for (const auto& [id, l] : impl_->lanes)
    if (!l->retiring)
      return l.get();
  return nullptr;
}

} // namespace wspool
