// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "router_model.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace wspool::test {

namespace {

void ensure(bool holds, const std::string& promise, std::size_t number) {
  if (!holds)
    throw std::logic_error("broken: " + promise + " (message " + std::to_string(number) + ")");
}

void ensure(bool holds, const std::string& promise) {
  if (!holds)
    throw std::logic_error("broken: " + promise);
}

std::string text_of(std::size_t number, std::size_t bytes) {
  auto result = std::to_string(number) + '#';
  result.resize(std::max(bytes, result.size()), '.');
  return result;
}

} // namespace

router_model::router_model(const pool_options& options)
  : options_(options), router_(std::make_unique<router>(
                         options_, make_scheduler(options.schedule, options.seed), *this)) {}

router_model::~router_model() = default;

// -- users of the pool ---------------------------------------------------------------------------

send_options router_model::options_of(const message_spec& spec) {
  send_options result;
  result.key = spec.key;
  result.policy = spec.policy;
  result.time_to_live = spec.time_to_live;
  return result;
}

accept_mode router_model::with_ticket(accept_mode mode) {
  if (mode.ticket != 0)
    mode.ticket = ++last_ticket_;
  return mode;
}

router_model::message& router_model::add(const message_spec& spec, const accept_mode& mode) {
  message m;
  m.number = messages_.size();
  m.key = spec.key;
  m.bytes = text_of(m.number, spec.bytes).size();
  auto policy = spec.policy == delivery::pool_default ? options_.policy : spec.policy;
  m.at_least_once = policy == delivery::at_least_once;
  m.confirm = m.at_least_once || mode.want_confirmed;
  if (spec.time_to_live.count() > 0)
    m.expires = now_ + spec.time_to_live;
  if (mode.ticket != 0)
    tickets_[mode.ticket].push_back(m.number);
  messages_.push_back(m);
  flushed_ = false;
  return messages_.back();
}

void router_model::accept(const message_spec& spec, accept_mode mode, bool movable) {
  mode = with_ticket(mode);
  auto& m = add(spec, mode);
  m.alone = mode.ticket != 0;
  outgoing out{text_of(m.number, spec.bytes), options_of(spec)};
  if (movable)
    router_->accept(std::move(out), mode, now_);
  else
    router_->accept(std::as_const(out), mode, now_);
}

void router_model::accept_batch(const std::vector<message_spec>& specs, accept_mode mode) {
  mode = with_ticket(mode);
  message_batch batch;
  for (const auto& spec : specs)
    batch.add(text_of(add(spec, mode).number, spec.bytes), options_of(spec));
  router_->accept(std::move(batch), mode, now_);
}

void router_model::accept_for(std::size_t which, const std::vector<message_spec>& specs,
                              accept_mode mode) {
  mode = with_ticket(mode);
  auto c = pick(which);
  const auto id = c ? c->id : connection_id{9'999, 1};
  message_batch batch;
  for (const auto& spec : specs) {
    auto& m = add(spec, mode);
    m.pinned = id;
    m.key.clear();
    m.alone = specs.size() == 1 && mode.ticket != 0;
    batch.add(text_of(m.number, spec.bytes), options_of(spec));
  }
  router_->accept_for(id, std::move(batch), mode, now_);
}

// -- connections and time ------------------------------------------------------------------------

void router_model::open(bool slow_start) {
  auto c = std::make_unique<connection>();
  c->id = {++last_slot_, 1};
  auto id = c->id;
  live_.push_back(std::move(c));
  router_->opened(id, {last_slot_ % 5, 1 + last_slot_ % 3, last_slot_ % 2}, slow_start, now_);
}

void router_model::retire(std::size_t which) {
  if (auto c = pick(which)) {
    c->retiring = true;
    router_->retire(c->id);
  }
}

void router_model::touch(connection& c, std::uint64_t end) {
  for (std::uint64_t i = 0; i < end; ++i)
    messages_[c.handed[i]].touched = true;
}

progress router_model::move_on(connection& c, std::size_t written, std::size_t confirmed,
                               std::size_t refused) {
  progress result;
  result.written = std::min<std::uint64_t>(c.written + written, c.handed.size());
  result.confirmed = std::min<std::uint64_t>(c.confirmed + confirmed, result.written);
  for (auto i = c.written; refused != 0 && i < result.written; ++i, refused >>= 1)
    if ((refused & 1) != 0) {
      result.refused.push_back({i, errc::invalid_message});
      c.refused.push_back(i);
    }
  c.written = result.written;
  c.confirmed = result.confirmed;
  touch(c, c.written);
  return result;
}

void router_model::advance(std::size_t which, std::size_t written, std::size_t confirmed,
                           std::size_t refused) {
  auto c = pick(which);
  if (!c)
    return;
  router_->advanced(c->id, move_on(*c, written, confirmed, refused), now_);
}

void router_model::end(std::size_t which, std::size_t written, std::size_t confirmed,
                       std::size_t touched, bool message_fault) {
  auto c = pick(which);
  if (!c)
    return;
  limbo_ += router_->find(c->id)->pending_messages;
  auto last = move_on(*c, written, confirmed, 0);
  last.touched = std::min<std::uint64_t>(last.written + touched, c->handed.size());
  touch(*c, last.touched);
  message_fault_ = message_fault;
  router_->ended(c->id, last, message_fault, now_);
  router_->ended(c->id, last, message_fault, now_); // to be ignored
  message_fault_ = false;
  for (auto number : c->handed)
    messages_[number].where.reset();
  settled_before_ = messages_.size();
  std::erase_if(live_, [c](const auto& x) { return x.get() == c; });
}

void router_model::flush() {
  router_->flush(now_);
  flushed_ = true;
}

void router_model::pass_time(std::chrono::milliseconds how_much) {
  now_ += how_much;
  if (auto next = router_->next_expiry(); next && *next <= now_)
    router_->expire(now_);
}

void router_model::fail_all() {
  failing_all_ = true;
  router_->fail_all(errc::pool_closed);
  failing_all_ = false;
  ensure(router_->totals().pending() == 0, "fail_all leaves nothing without an outcome");
  for (auto& c : live_) {
    c->written = c->confirmed = c->handed.size();
    touch(*c, c->written);
  }
  flushed_ = true;
}

void router_model::settle_everything() {
  open(false);
  for (auto before = router_->totals().pending() + 1; router_->totals().pending() < before;) {
    // Two rounds at least: messages held back for their keys' sake move in the second one.
    before = router_->totals().pending();
    for (int round = 0; round < 4; ++round) {
      flush();
      check();
      for (std::size_t i = 0; i < live_.size(); ++i)
        advance(i + 1, messages_.size(), messages_.size(), 0);
    }
  }
  ensure(router_->totals().pending() == 0, "all messages have an outcome in the end");
  ensure(router_->queued_messages() == 0 && router_->queued_bytes() == 0, "the queue is empty");
  for (const auto& c : live_)
    ensure(router_->idle(c->id), "a connection without messages is idle");
  for (const auto& [batch, size] : given_away_)
    ensure(batch->messages.size() == size, "what was handed over is not changed any more");
  for (const auto& m : messages_)
    ensure(!m.alone || m.outcome, "each message has an outcome", m.number);
  for (const auto& [ticket, numbers] : tickets_)
    ensure(answers_[ticket] == numbers.size(), "each message is answered once", numbers.front());
}

// -- what the router says ------------------------------------------------------------------------

void router_model::hand_over(connection_id to, std::vector<segment> segments) {
  auto c = find(to);
  ensure(c != nullptr, "only live connections are given messages");
  for (const auto& part : segments) {
    ensure(part.size() > 0, "no segment is empty");
    given_away_.emplace_back(part.batch, part.batch->messages.size());
    for (auto i = part.begin; i < part.end; ++i) {
      const auto number = std::stoul(std::string{part.data(i)});
      auto& m = messages_.at(number);
      check_handed(m, *c, part.data(i));
      m.handed = true;
      m.where = to;
      m.index = c->handed.size();
      c->handed.push_back(number);
      c->wants_barrier.push_back(part.batch->wants_barrier());
      if (!m.key.empty())
        c->newest_of_key[m.key] = number;
      else if (!m.pinned && number >= settled_before_)
        c->newest_unkeyed = number;
    }
  }
  check_window(*c);
}

void router_model::settled(errc outcome, std::uint64_t count) {
  ensure(count > 0, "no empty report of outcomes");
  (outcome == errc::none ? sent_ : failed_) += count;
}

void router_model::answered(std::uint32_t ticket, errc outcome, connection_id by) {
  const auto& numbers = tickets_.at(ticket);
  ensure(++answers_[ticket] <= numbers.size(), "one answer for each message", numbers.front());
  if (numbers.size() > 1)
    return;
  auto& m = messages_[numbers.front()];
  check_outcome(m, outcome, by);
  m.outcome = outcome;
}

void router_model::written(std::uint32_t ticket, connection_id by) {
  const auto& numbers = tickets_.at(ticket);
  if (numbers.size() > 1)
    return;
  const auto& m = messages_[numbers.front()];
  ensure(m.where == by && m.index < find(by)->written, "`written` means written", m.number);
  ensure(m.confirm, "`written` is for messages whose outcome comes later", m.number);
}

void router_model::waited(std::chrono::nanoseconds how_long, std::uint64_t count) {
  ensure(how_long.count() >= 0 && count > 0, "messages are written after their acceptance");
}

void router_model::water(bool high, std::size_t messages, std::size_t bytes) {
  ensure(high != high_, "high and low water take turns");
  ensure(messages == router_->queued_messages() && bytes == router_->queued_bytes(),
         "the water level is that of the queue");
  high_ = high;
}

void router_model::drained(std::uint64_t flushed) {
  ensure(flushed > 0 && router_->queued_messages() == 0, "drained means empty");
}

// -- promises ------------------------------------------------------------------------------------

void router_model::check_handed(const message& m, const connection& to,
                                std::string_view data) const {
  ensure(data == text_of(m.number, m.bytes), "the bytes stay the same", m.number);
  ensure(!m.where, "no message is given to two connections", m.number);
  ensure(!m.outcome, "no message moves after its outcome", m.number);
  ensure(m.at_least_once || !m.touched, "at most once", m.number);
  ensure(!m.pinned || m.pinned == to.id, "pinned messages stay with their connection", m.number);
  ensure(!m.expires || *m.expires > now_, "expired messages are not handed over", m.number);
  check_order(m, to);
}

void router_model::check_order(const message& m, const connection& to) const {
  if (m.pinned)
    return;
  if (m.key.empty()) {
    ensure(m.handed || m.number < settled_before_ || to.newest_unkeyed <= m.number,
           "messages without a key leave in order", m.number);
    return;
  }
  auto newest = to.newest_of_key.find(m.key);
  ensure(newest == to.newest_of_key.end() || newest->second < m.number,
         "messages of a key leave in order", m.number);
  for (const auto& other : messages_) {
    if (other.key != m.key || other.number == m.number)
      continue;
    if (other.where && other.where != to.id)
      ensure(is_confirmed(other), "a key is on one connection at a time", m.number);
    else if (!other.where && other.alone && !other.outcome)
      ensure(other.number > m.number, "no message overtakes an older one of its key", m.number);
  }
}

void router_model::check_outcome(const message& m, errc outcome, connection_id by) const {
  ensure(!m.outcome, "one outcome for each message", m.number);
  const auto c = find(by);
  const auto is_there = c && m.where == by;
  switch (outcome) {
    case errc::none:
      ensure(is_there && m.index < (m.confirm ? c->confirmed : c->written),
             "sent means written, or confirmed", m.number);
      ensure(!is_refused(*c, m.index), "a refused message is not sent", m.number);
      break;
    case errc::connection_lost:
      ensure(m.pinned || (!m.at_least_once && m.touched), "lost only what is in doubt", m.number);
      break;
    case errc::too_big:
      ensure(m.bytes > options_.connect.limits.max_message_bytes
               || (message_fault_ && m.touched && is_there),
             "too big is what exceeds a limit", m.number);
      break;
    case errc::expired:
      ensure(m.expires && *m.expires <= now_, "expired after its time to live", m.number);
      break;
    case errc::dropped:
      ensure(options_.queue.overflow <= overflow::drop_newest && !m.handed,
             "dropped by a policy that drops, and never what had left the queue", m.number);
      break;
    case errc::queue_full:
      ensure(options_.queue.overflow >= overflow::reject && !m.handed,
             "refused by a policy that rejects", m.number);
      break;
    case errc::invalid_message:
      ensure(is_there && is_refused(*c, m.index), "refused by its connection", m.number);
      break;
    case errc::no_connection:
      ensure(m.pinned && !find(*m.pinned), "its connection is not there", m.number);
      break;
    default:
      ensure(outcome == errc::pool_closed && failing_all_, "a reason that exists", m.number);
  }
}

void router_model::check_window(const connection& c) const {
  std::size_t messages = 0;
  std::size_t bytes = 0;
  for (auto i = c.confirmed; i < c.handed.size(); ++i) {
    if (i < c.written && !c.wants_barrier[i])
      continue;
    ++messages;
    bytes += messages_[c.handed[i]].bytes;
  }
  ensure(messages <= options_.window.max_messages, "the window holds in messages");
  ensure(bytes <= options_.window.max_bytes || messages == 1, "the window holds in bytes");
  const auto m = router_->find(c.id);
  ensure(m != nullptr && m->pending_messages >= messages && m->pending_bytes >= bytes,
         "a member's load is what it was given");
  if (flushed_)
    ensure(m->pending_messages == messages && m->pending_bytes == bytes,
           "a member's load is current");
}

void router_model::check_bounds() const {
  if (router_->queued_messages() == 0)
    return;
  const auto factor = options_.queue.overflow == overflow::block ? 2 : 1;
  ensure(router_->queued_messages() <= options_.queue.max_messages * factor + limbo_,
         "the queue's bound holds in messages");
  if (limbo_ == 0)
    ensure(router_->queued_bytes() <= options_.queue.max_bytes * factor,
           "the queue's bound holds in bytes");
}

void router_model::check() const {
  const auto& totals = router_->totals();
  ensure(totals.accepted == messages_.size(), "everything accepted is counted");
  ensure(totals.sent == sent_ && totals.failed == failed_, "every outcome is reported");
  for (const auto& c : live_)
    check_window(*c);
  check_bounds();
  const auto in_flight = in_flight_without_outcome();
  ensure(totals.pending() >= router_->queued_messages() + in_flight, "nothing gets lost");
  if (flushed_)
    ensure(totals.pending() == router_->queued_messages() + in_flight, "the account balances");
  const auto next = router_->next_expiry();
  for (const auto& m : messages_)
    if (m.alone && !m.outcome && !m.where && m.expires)
      ensure(next && *next <= *m.expires, "the next expiry is never late", m.number);
}

std::size_t router_model::in_flight_without_outcome() const {
  std::size_t result = 0;
  for (const auto& c : live_)
    for (auto i = c->confirmed; i < c->handed.size(); ++i)
      result += (i >= c->written || messages_[c->handed[i]].confirm) && !is_refused(*c, i);
  return result;
}

bool router_model::is_refused(const connection& c, std::uint64_t number) {
  return std::binary_search(c.refused.begin(), c.refused.end(), number);
}

bool router_model::is_confirmed(const message& m) const {
  const auto c = find(*m.where);
  return m.index < c->confirmed || (m.index < c->written && is_refused(*c, m.index));
}

router_model::connection* router_model::pick(std::size_t which) {
  which %= live_.size() + 1;
  return which > 0 ? live_[which - 1].get() : nullptr;
}

router_model::connection* router_model::find(connection_id id) {
  auto i = std::find_if(live_.begin(), live_.end(), [id](const auto& c) { return c->id == id; });
  return i != live_.end() ? i->get() : nullptr;
}

const router_model::connection* router_model::find(connection_id id) const {
  return const_cast<router_model*>(this)->find(id);
}

} // namespace wspool::test
