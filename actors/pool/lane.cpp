// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "pool/lane.hpp"

#include <limits>
#include <utility>

namespace wspool::detail {

namespace {

constexpr auto unlimited = std::numeric_limits<std::size_t>::max();

std::size_t count_keys(const message_run& x) noexcept {
  std::size_t result = 0;
  for (std::uint32_t i = 0; i < x.size(); ++i)
    result += x[i].key != 0;
  return result;
}

/// Moves the first `count` messages of `from` to the end of `to`.
void move_front(lane::flight_list& from, std::uint32_t count, lane::flight_list& to) {
  auto& source = from.front();
  const auto first = source.first;
  auto part = source.run.take(count);
  source.first += count;
  if (source.run.size() == 0)
    from.pop_front();
  if (!to.empty() && to.back().end() == first && to.back().run.continued_by(part)) {
    to.back().run.part.end = part.part.end;
    to.back().run.bytes += part.bytes;
  } else {
    to.push_back({std::move(part), first});
  }
}

/// Takes the first `count` messages of `from` off.
message_run take_front(lane::flight_list& from, std::uint32_t count) {
  auto result = from.front().run.take(count);
  from.front().first += count;
  if (from.front().run.size() == 0)
    from.pop_front();
  return result;
}

lane::step step_to(const lane::flight_list& list, std::uint64_t end) noexcept {
  if (list.empty() || list.front().first >= end)
    return {};
  const auto& f = list.front();
  return {&f, static_cast<std::uint32_t>(std::min(f.end(), end) - f.first)};
}

} // namespace

lane::lane(connection_id name, const member_info& info, const window_options& window,
           queue_level& level)
  : backlog(level), held(level), window_(window) {
  id = name;
  identity = info.identity;
  weight = info.weight;
  group = info.group;
}

// -- the window ----------------------------------------------------------------------------------

std::uint32_t lane::fit(const message_run& x, std::size_t max_messages,
                        std::size_t max_bytes) const noexcept {
  if (x.size() == 0 || !admits(x[0].size))
    return 0;
  const auto room = [](std::size_t limit, std::size_t used) {
    return limit - std::min(limit, used);
  };
  const auto messages =
    std::min({std::size_t{x.size()}, max_messages, room(window_.max_messages, pending_messages)});
  const auto bytes = std::min(max_bytes, room(window_.max_bytes, pending_bytes));
  if (messages == x.size() && x.bytes <= bytes)
    return x.size();
  std::uint32_t n = 1; // even if it is larger than `max_bytes`
  for (std::size_t sum = x[0].size; n < messages; ++n)
    if (sum += x[n].size; sum > bytes)
      break;
  return n;
}

void lane::count_in(const message_run& x) noexcept {
  pending_messages += x.size();
  pending_bytes += x.bytes;
  if (x.batch().any_key)
    keyed_in_flight_ += count_keys(x);
  update_full();
}

void lane::release_window(const message_run& x) noexcept {
  pending_messages -= x.size();
  pending_bytes -= x.bytes;
  update_full();
}

// -- on their way to the connection --------------------------------------------------------------

void lane::stage(message_run x) {
  count_in(x);
  staged_.push_back(std::move(x));
}

void lane::stage(const single& x) {
  ++pending_messages;
  pending_bytes += x.data.size();
  keyed_in_flight_ += x.like.key != 0;
  update_full();
  staged_.put(x, false);
}

std::vector<segment> lane::hand_over() {
  std::vector<segment> result;
  result.reserve(staged_.size());
  for (auto& x : staged_) {
    const auto count = x.size();
    result.push_back(x.part);
    flights_.push_back({std::move(x), next_});
    next_ += count;
  }
  staged_.clear();
  return result;
}

std::vector<message_run> lane::expire_staged(std::int64_t now_ns, std::int64_t& next_ns) {
  auto gone = staged_.expire(now_ns, next_ns);
  for (const auto& x : gone) {
    release_window(x);
    if (x.batch().any_key)
      keyed_in_flight_ -= count_keys(x);
  }
  return gone;
}

void lane::put_back(const single& x) {
  (retiring ? held : backlog).put(x);
  update_full();
}

void lane::put_back(message_run x, bool returned) {
  (retiring ? held : backlog).push_back(std::move(x), returned);
  update_full();
}

std::size_t lane::refill() {
  std::size_t moved = 0;
  while (!backlog.empty()) {
    const auto n = fit(backlog.front(), unlimited, unlimited);
    if (n == 0)
      break;
    stage(backlog.take(n));
    moved += n;
  }
  update_full();
  return moved;
}

// -- what the connection reports -----------------------------------------------------------------

lane::step lane::next_written(std::uint64_t written) const noexcept {
  return step_to(flights_, written);
}

void lane::wrote(const step& s) {
  written_ = s.of->first + s.count;
  if (s.of->run.batch().wants_barrier())
    move_front(flights_, s.count, unconfirmed_);
  else
    release_window(take_front(flights_, s.count));
}

lane::step lane::next_confirmed(std::uint64_t confirmed) const noexcept {
  return step_to(unconfirmed_, confirmed);
}

void lane::was_confirmed(const step& s) {
  const auto confirmed = s.of->first + s.count;
  release_window(take_front(unconfirmed_, s.count));
  if (!refused_.empty())
    refused_.erase(refused_.begin(), std::lower_bound(refused_.begin(), refused_.end(), confirmed));
}

lane::content lane::release() {
  content result{std::exchange(unconfirmed_, {}), std::exchange(flights_, {}), staged_.release()};
  written_ = next_;
  pending_messages = 0;
  pending_bytes = 0;
  keyed_in_flight_ = 0;
  update_full();
  return result;
}

} // namespace wspool::detail
