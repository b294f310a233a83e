// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "hub/mail.hpp"

#include <boost/asio/buffer.hpp>

#include <algorithm>
#include <utility>

namespace wspool {

mail_address mail_seats::add(mail_receiver& who, std::uint64_t number) {
  if (free_.empty()) {
    free_.push_back(static_cast<std::uint32_t>(places_.size()));
    places_.emplace_back();
  }
  const auto seat = free_.back();
  free_.pop_back();
  places_[seat].who = &who;
  places_[seat].number = number;
  return {seat, number};
}

void mail_seats::remove(const mail_address& where) {
  auto* const taken = find(where);
  if (taken == nullptr)
    return;
  *taken = {};
  free_.push_back(where.seat);
  if (free_.size() == places_.size()) { // a crowd that left takes its memory along
    std::vector<place>{}.swap(places_);
    std::vector<std::uint32_t>{}.swap(free_);
  }
}

void mail_seats::set_outlet(const mail_address& where, byte_stream* outlet) noexcept {
  if (auto* const taken = find(where))
    taken->outlet = outlet;
}

straight_mail mail_seats::straight(const mail_address& where) const noexcept {
  const auto* const taken = find(where);
  return taken != nullptr ? taken->straight : straight_mail{};
}

const mail_seats::place* mail_seats::find(const mail_address& where) const noexcept {
  if (where.seat >= places_.size())
    return nullptr;
  const auto& found = places_[where.seat];
  return found.who != nullptr && found.number == where.number ? &found : nullptr;
}

mail_seats::place* mail_seats::find(const mail_address& where) noexcept {
  return const_cast<place*>(std::as_const(*this).find(where));
}

void mail_seats::work(std::size_t most, time_point now) {
  if (waiting_.size() == 1)
    most -= write_straight(most, now);
  else // what several mails bring to a receiver is one write
    for (; !waiting_.empty(); waiting_.pop_front())
      bring(*waiting_.front(), std::exchange(begun_, 0));
  flush(most);
}

// -- by the receivers -----------------------------------------------------------------------------

void mail_seats::bring(const mail& what, std::size_t begin) {
  for (auto i = begin; i < what.letters.size(); ++i) {
    const auto& [where, share] = what.letters[i];
    if (auto* const to = find(where))
      bring_one(*to, where, *what.content, share);
  }
  order_to_close(what);
}

void mail_seats::bring_one(place& to, const mail_address& where, const mail_content& content,
                           std::uint32_t share) {
  if (!std::exchange(to.due, true))
    due_.push_back(where);
  to.who->take_mail(content.batch, content.shares[share]); // which may be its end
}

void mail_seats::order_to_close(const mail& what) {
  for (const auto& where : what.leaving)
    if (auto* const to = find(where))
      to->who->take_close(what.how);
}

void mail_seats::flush(std::size_t most) {
  for (std::size_t i = 0; i < most && !due_.empty(); ++i) {
    const auto where = due_.front();
    due_.pop_front();
    if (auto* const to = find(where)) {
      to->due = false;
      to->who->flush_mail(); // which may be its end
    }
  }
}

// -- straight -------------------------------------------------------------------------------------

/// The only mail there is. @returns how many letters went out.
std::size_t mail_seats::write_straight(std::size_t most, time_point now) {
  const auto& what = *waiting_.front();
  const auto end = std::min(what.letters.size(), begun_ + most);
  const auto count = end - begun_;
  const frame_ranges* share = nullptr;
  frame_run run;
  out_totals totals;
  for (; begun_ < end; ++begun_) {
    const auto& [where, number] = what.letters[begun_];
    auto* const to = find(where);
    if (to == nullptr)
      continue;
    const auto& ranges = what.content->shares[number];
    if (to->outlet == nullptr || to->due || ranges.size() != 1) {
      bring_one(*to, where, *what.content, number);
      continue;
    }
    if (std::exchange(share, &ranges) != &ranges) {
      run = {what.content->batch, ranges.front()};
      totals = totals_of(*run.batch, run.range);
    }
    write_straight(*to, where, run, totals, now);
  }
  if (begun_ < what.letters.size())
    return count;
  order_to_close(what);
  waiting_.pop_front();
  begun_ = 0;
  return count;
}

void mail_seats::write_straight(place& to, const mail_address& where, const frame_run& run,
                                const out_totals& totals, time_point now) {
  const auto& [batch, range] = run;
  const auto frames = batch->frames(range.begin, range.end);
  const auto written = to.outlet->write_now(boost::asio::buffer(frames));
  to.straight.last = now;
  if (written == frames.size())
    to.straight.written += totals;
  else
    go_on_without_outlet(to, where, run, written);
}

void mail_seats::go_on_without_outlet(place& to, const mail_address& where, const frame_run& run,
                                      std::size_t written) {
  const auto& [batch, range] = run;
  to.outlet = nullptr;
  to.due = true;
  due_.push_back(where);
  auto i = range.begin;
  while (batch->frame_bytes(range.begin, i + 1) <= written)
    ++i;
  to.straight.written += totals_of(*batch, {range.begin, i});
  const auto of_it = written - batch->frame_bytes(range.begin, i);
  if (of_it > 0) {
    to.who->take_rest({batch, {i, i + 1}}, of_it);
    ++i;
  }
  // The receiver may have ended.
  if (auto* const still = find(where); still != nullptr && i < range.end)
    still->who->take_mail(batch, {{i, range.end}});
}

} // namespace wspool
