// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "pool/outbound.hpp"

#include <algorithm>
#include <utility>

namespace wspool {

bool outbound::encode(codec& to, std::size_t budget, time_point now) {
  const auto before = encoded_;
  while (!inbox_.empty() && encode_run(to, inbox_.front(), budget, now))
    inbox_.pop_front();
  if (barrier_due())
    (void)ping(to, {}, barrier_tag, now);
  return encoded_ != before;
}

/// @returns whether the whole run was encoded.
bool outbound::encode_run(codec& to, segment& run, std::size_t budget, time_point now) {
  const auto now_ns = now.time_since_epoch().count();
  const auto barrier = run.batch->wants_barrier();
  for (; run.begin != run.end; ++run.begin) {
    if (to.output().size() >= budget)
      return false;
    const auto& entry = run.entry(run.begin);
    auto why = errc::none;
    if (entry.expires_ns != 0 && entry.expires_ns <= now_ns)
      why = errc::expired;
    else
      why = to.write(run.data(run.begin), entry.kind, entry.compress);
    if (why == errc::closed)
      return false; // this one does not write any more, but another connection can
    if (why != errc::none) {
      refused_.push_back({encoded_, why});
    } else {
      ++messages_;
      bytes_ += entry.size;
      binary_ += entry.kind == message_kind::binary ? 1 : 0;
    }
    ++encoded_;
    if (barrier)
      wants_barrier_ = encoded_;
  }
  return true;
}

bool outbound::barrier_due() const noexcept {
  // One at a time: what piles up meanwhile is confirmed by the next.
  return wants_barrier_ > confirmed_
         && std::none_of(pings_.begin(), pings_.end(),
                         [](const auto& p) { return p.tag == barrier_tag; });
}

void outbound::write_began() noexcept {
  flight_begin_ = flight_end_;
  flight_end_ = encoded_;
}

void outbound::write_completed() noexcept {
  if (written_ != flight_end_)
    news_ = true;
  written_ = flight_end_;
  touched_ = written_;
}

void outbound::write_failed(std::string_view flight, std::size_t taken, std::size_t doubt) {
  const auto count = count_written(flight, taken, doubt);
  // The flight's frames are the messages of [flight_begin_, flight_end_) less the refused ones.
  auto advance = [this](std::uint64_t from, std::size_t frames) {
    auto is_refused = [this](std::uint64_t n) {
      return std::binary_search(refused_.begin(), refused_.end(), progress::refusal{n, {}},
                                [](const auto& a, const auto& b) { return a.number < b.number; });
    };
    while (from < flight_end_ && (frames > 0 || is_refused(from))) {
      if (!is_refused(from))
        --frames;
      ++from;
    }
    return from;
  };
  written_ = advance(flight_begin_, count.whole);
  touched_ = advance(written_, count.touched);
  news_ = true;
}

errc outbound::ping(codec& to, std::string payload, std::uint32_t tag, time_point now) {
  if (pings_.size() >= max_pings)
    return errc::queue_full;
  if (payload.empty())
    payload = "wspool-" + std::to_string(next_ping_++);
  if (auto why = to.ping(payload); why != errc::none)
    return why;
  pings_.push_back({std::move(payload), tag, now, encoded_});
  return errc::none;
}

std::vector<outbound::ponged> outbound::pong(std::string_view payload, time_point now) {
  // Of several with the same payload the oldest: a pong must not confirm more than it can mean.
  const auto found =
    std::find_if(pings_.begin(), pings_.end(), [&](const auto& p) { return p.payload == payload; });
  if (found == pings_.end())
    return {};
  std::vector<ponged> result;
  const auto last = std::next(found);
  for (auto i = pings_.begin(); i != last; ++i)
    result.push_back({i->tag, now - i->sent});
  const auto confirms = found->confirms;
  pings_.erase(pings_.begin(), last);
  if (confirms > confirmed_) {
    confirmed_ = confirms;
    news_ = true;
  }
  return result;
}

std::vector<std::uint32_t> outbound::unanswered() const {
  std::vector<std::uint32_t> result;
  for (const auto& p : pings_)
    if (p.tag != barrier_tag)
      result.push_back(p.tag);
  return result;
}

progress outbound::take_report() {
  news_ = false;
  progress result;
  // A pong can overtake the completion of the very write that carried its ping.
  result.written = std::max(written_, confirmed_);
  result.confirmed = confirmed_;
  result.touched = std::max(touched_, result.written);
  auto end = std::find_if(refused_.begin(), refused_.end(),
                          [&](const auto& r) { return r.number >= result.written; });
  result.refused.assign(refused_.begin(), end);
  refused_.erase(refused_.begin(), end);
  return result;
}

} // namespace wspool
