// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "pool/send_queue.hpp"

#include <utility>

namespace wspool::detail {

namespace {

/// `used + more <= limit * factor`, for limits up to the largest number.
bool within(std::size_t used, std::size_t more, std::size_t limit, std::size_t factor) noexcept {
  for (; factor > 1 && used > limit; --factor)
    used -= limit;
  if (used > limit)
    return false;
  // What is left of the current share, and then the whole ones behind it.
  auto left = limit - used;
  for (; factor > 1 && more > left; --factor) {
    more -= left;
    left = limit;
  }
  return more <= left;
}

} // namespace

// -- queue_level ---------------------------------------------------------------------------------

bool queue_level::fits(std::size_t messages, std::size_t bytes, bool waiting_room) const noexcept {
  const std::size_t factor = waiting_room && options_.overflow == overflow::block ? 2 : 1;
  return within(new_messages_, messages, options_.max_messages, factor)
         && within(new_bytes_, bytes, options_.max_bytes, factor);
}

errc queue_level::refusal() const noexcept {
  switch (options_.overflow) {
    case overflow::drop_oldest:
    case overflow::drop_newest:
      return errc::dropped;
    case overflow::reject:
    case overflow::block:
      break;
  }
  return errc::queue_full;
}

void queue_level::add(const message_run& x, bool returned) noexcept {
  (returned ? back_messages_ : new_messages_) += x.size();
  (returned ? back_bytes_ : new_bytes_) += x.bytes;
}

void queue_level::subtract(const message_run& x, bool returned) noexcept {
  (returned ? back_messages_ : new_messages_) -= x.size();
  (returned ? back_bytes_ : new_bytes_) -= x.bytes;
}

bool queue_level::is_high() const noexcept {
  const auto above = [this](std::size_t used, std::size_t limit) {
    return used > 0
           && static_cast<double>(used) >= options_.high_water * static_cast<double>(limit);
  };
  return above(messages(), options_.max_messages) || above(bytes(), options_.max_bytes);
}

bool queue_level::is_low() const noexcept {
  const auto below = [this](std::size_t used, std::size_t limit) {
    return used == 0
           || static_cast<double>(used) <= options_.low_water * static_cast<double>(limit);
  };
  return below(messages(), options_.max_messages) && below(bytes(), options_.max_bytes);
}

// -- send_queue ----------------------------------------------------------------------------------

send_queue::lists& send_queue::own() {
  if (!lists_)
    lists_ = std::make_unique<lists>();
  return *lists_;
}

message_run send_queue::take(std::uint32_t n) {
  const bool returned = front_returned();
  auto result = lists_->of(returned).take(n);
  level_->subtract(result, returned);
  return result;
}

void send_queue::put(const single& x) {
  message_run counted;
  counted.part.end = 1;
  counted.bytes = x.data.size();
  own().fresh.put(x, true);
  level_->add(counted, false);
}

void send_queue::push_back(message_run x, bool returned) {
  level_->add(x, returned);
  own().of(returned).push_back(std::move(x));
}

void send_queue::push_front(message_run x, bool returned) {
  level_->add(x, returned);
  own().of(returned).push_front(std::move(x));
}

std::optional<std::uint64_t> send_queue::oldest() const noexcept {
  if (!lists_ || lists_->fresh.empty())
    return std::nullopt;
  return lists_->fresh.front().order;
}

message_run send_queue::drop_oldest() {
  auto result = lists_->fresh.drop(1);
  level_->subtract(result, false);
  return result;
}

std::vector<message_run> send_queue::expire(std::int64_t now_ns, std::int64_t& next_ns) {
  if (!lists_)
    return {};
  auto gone = lists_->returned.expire(now_ns, next_ns);
  for (const auto& x : gone)
    level_->subtract(x, true);
  for (auto& x : lists_->fresh.expire(now_ns, next_ns)) {
    level_->subtract(x, false);
    gone.push_back(std::move(x));
  }
  return gone;
}

send_queue::content send_queue::release() {
  if (!lists_)
    return {};
  content result{lists_->returned.release(), lists_->fresh.release()};
  for (const auto& x : result.returned)
    level_->subtract(x, true);
  for (const auto& x : result.fresh)
    level_->subtract(x, false);
  return result;
}

} // namespace wspool::detail
