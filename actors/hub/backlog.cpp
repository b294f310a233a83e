// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "hub/backlog.hpp"

#include <utility>

namespace wspool {

namespace {

errc encode_deflated(codec& to, const frame_batch& batch, std::uint32_t i) {
  return batch.shared(i) ? to.write_deflated(batch.deflated(i, to.terms()))
                         : to.write(batch.data(i), batch.kind(i), batch.compress(i));
}

} // namespace

bool backlog::fits(std::size_t messages, std::size_t bytes) const noexcept {
  if (messages_ == 0 && messages == 1)
    return options_.max_messages > 0; // alone, whatever its size
  return messages_ + messages <= options_.max_messages && bytes_ + bytes <= options_.max_bytes;
}

bool backlog::push(frame_run run) {
  const auto count = run.range.end - run.range.begin;
  if (closed_) {
    dropped_ += count;
    return false;
  }
  if (!fits(count, run.batch->frame_bytes(run.range.begin, run.range.end)))
    return push_one_by_one(run);
  append(run);
  return true;
}

std::uint32_t backlog::push_fitting(const frame_run& run) {
  if (closed_)
    return 0;
  const auto begin = run.range.begin;
  auto end = begin;
  while (end < run.range.end && fits(end + 1 - begin, run.batch->frame_bytes(begin, end + 1)))
    ++end;
  if (end > begin)
    append({run.batch, {begin, end}});
  return end - begin;
}

bool backlog::push_one_by_one(const frame_run& run) {
  for (auto i = run.range.begin; i < run.range.end; ++i) {
    const auto size = run.batch->frame_bytes(i, i + 1);
    switch (options_.policy) {
      case slow_consumer::drop_oldest:
        while (messages_ > 0 && !fits(1, size))
          drop_front();
        append({run.batch, {i, i + 1}});
        break;
      case slow_consumer::drop_newest:
        if (fits(1, size))
          append({run.batch, {i, i + 1}});
        else
          ++dropped_;
        break;
      case slow_consumer::close_try_again:
      case slow_consumer::close_policy_violation:
        dropped_ += run.range.end - run.range.begin;
        drop_all();
        closed_ = true;
        return false;
    }
  }
  return true;
}

void backlog::append(const frame_run& run) {
  messages_ += run.range.end - run.range.begin;
  bytes_ += run.batch->frame_bytes(run.range.begin, run.range.end);
  if (!runs_.empty() && runs_.back().batch == run.batch
      && runs_.back().range.end == run.range.begin)
    runs_.back().range.end = run.range.end;
  else
    runs_.push_back(run);
}

void backlog::drop_front() {
  auto& front = runs_.front();
  bytes_ -= front.batch->frame_bytes(front.range.begin, front.range.begin + 1);
  --messages_;
  ++dropped_;
  if (++front.range.begin == front.range.end)
    runs_.pop_front();
}

void backlog::drop_all() {
  dropped_ += messages_;
  messages_ = 0;
  bytes_ = 0;
  runs_.clear();
}

bool backlog::encode(codec& to, std::size_t budget) {
  const auto before = messages_;
  while (!runs_.empty() && to.output().size() < budget && encode_front(to, budget))
    ;
  return messages_ != before;
}

/// @returns false if the codec takes no more.
bool backlog::encode_front(codec& to, std::size_t budget) {
  auto& [batch, range] = runs_.front();
  const auto begin = range.begin;
  auto end = plain_end(to, budget - to.output().size());
  if (end > begin) {
    if (to.write_framed(batch->frames(begin, end)) != errc::none)
      return false;
  } else {
    if (encode_deflated(to, *batch, begin) != errc::none)
      return false;
    ++end;
  }
  account(*batch, begin, end);
  range.begin = end;
  if (range.begin == range.end)
    runs_.pop_front();
  return true;
}

/// The end of those first messages that travel as they are and fill the room, in one piece.
std::uint32_t backlog::plain_end(const codec& to, std::size_t room) const {
  const auto& batch = runs_.front().batch;
  const auto& range = runs_.front().range;
  const bool deflate = to.deflate();
  const auto plain = [&](std::uint32_t i) {
    return !deflate || !to.compresses(batch->data(i).size(), batch->compress(i));
  };
  auto end = range.begin;
  while (end < range.end && (end == range.begin || batch->frame_bytes(range.begin, end) < room)
         && plain(end))
    ++end;
  return end;
}

void backlog::account(const frame_batch& batch, std::uint32_t begin, std::uint32_t end) {
  messages_ -= end - begin;
  bytes_ -= batch.frame_bytes(begin, end);
  encoded_ += totals_of(batch, {begin, end});
}

} // namespace wspool
