// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "pool/message_run.hpp"

#include <algorithm>
#include <utility>

namespace wspool::detail {

namespace {

using namespace std::chrono_literals;

/// Messages that came further apart do not share a run's time of acceptance.
constexpr auto same_moment = 1ms;

/// Splits `run` into what expires and what stays, in order.
void split_expired(message_run run, std::int64_t now_ns, std::int64_t& next_ns,
                   run_list::container& stay, std::vector<message_run>& gone) {
  auto expires = [&](std::uint32_t i) {
    auto at = run[i].expires_ns;
    return at != 0 && at <= now_ns;
  };
  while (run.size() > 0) {
    const bool out = expires(0);
    std::uint32_t n = 0;
    for (; n < run.size() && expires(n) == out; ++n)
      if (auto at = run[n].expires_ns; !out && at != 0)
        next_ns = std::min(next_ns, at);
    if (out)
      gone.push_back(run.take(n));
    else
      stay.push_back(run.take(n));
  }
}

} // namespace

// -- message_run ---------------------------------------------------------------------------------

std::size_t message_run::bytes_of(std::uint32_t n) const noexcept {
  if (n == size())
    return bytes;
  std::size_t result = 0;
  auto first = part.batch->messages.entries().data() + part.begin;
  for (auto e = first; e != first + n; ++e)
    result += e->size;
  return result;
}

message_run message_run::take(std::uint32_t n) {
  auto result = n == size() ? std::move(*this) : *this;
  result.part.end = result.part.begin + n;
  if (!part.batch) { // all of it
    part.begin = part.end;
    bytes = 0;
    return result;
  }
  result.bytes = bytes_of(n);
  part.begin += n;
  bytes -= result.bytes;
  order += n;
  return result;
}

// -- single --------------------------------------------------------------------------------------

message_run single::as_run() const {
  if (source)
    return {{*source, index, index + 1}, data.size(), accepted, order};
  auto batch = std::make_shared<sealed_batch>();
  const auto bytes = data.size(); // `data` may not outlive the move
  if (owned) {
    batch->messages = message_batch::of(std::move(*owned));
    auto& e = batch->messages.entries().front();
    e = like;
    e.offset = 0;
    e.size = static_cast<std::uint32_t>(bytes);
  } else {
    batch->messages.append(data, like);
  }
  note(*batch, like);
  return {{std::move(batch), 0, 1}, bytes, accepted, order};
}

// -- run_list ------------------------------------------------------------------------------------

void run_list::push_back(message_run x) {
  if (!runs_.empty() && runs_.back().continued_by(x)) {
    runs_.back().part.end = x.part.end;
    runs_.back().bytes += x.bytes;
    return;
  }
  close();
  runs_.push_back(std::move(x));
}

void run_list::push_front(message_run x) { runs_.push_front(std::move(x)); }

void run_list::put(const single& x, bool ordered) {
  if (x.worth_sharing()) {
    close();
    runs_.push_back(x.as_run());
    return;
  }
  const auto room = [&] { return open_->messages.bytes().size() + x.data.size() <= open_bytes; };
  if (open_ && (open_->messages.size() >= open_messages || !room()))
    close();
  const bool fresh = !open_;
  if (fresh)
    open();
  const auto at = static_cast<std::uint32_t>(open_->messages.size());
  open_->messages.append(x.data, x.like);
  note(*open_, x.like);
  if (!fresh) {
    auto& last = runs_.back();
    if (!ordered
        || (last.order + last.size() == x.order && x.accepted - last.accepted < same_moment)) {
      ++last.part.end;
      last.bytes += x.data.size();
      return;
    }
  }
  runs_.push_back({{open_, at, at + 1}, x.data.size(), x.accepted, x.order});
}

message_run run_list::take(std::uint32_t n) {
  if (open_ && front().part.batch == open_)
    close();
  return drop(n);
}

message_run run_list::drop(std::uint32_t n) {
  auto result = runs_.front().take(n);
  if (runs_.front().size() == 0)
    runs_.pop_front();
  if (runs_.empty())
    close();
  return result;
}

std::vector<message_run> run_list::expire(std::int64_t now_ns, std::int64_t& next_ns) {
  std::vector<message_run> gone;
  if (std::none_of(runs_.begin(), runs_.end(),
                   [](const message_run& x) { return x.batch().any_expiry; }))
    return gone;
  close();
  container stay;
  for (auto& x : runs_) {
    if (x.batch().any_expiry)
      split_expired(std::move(x), now_ns, next_ns, stay, gone);
    else
      stay.push_back(std::move(x));
  }
  runs_ = std::move(stay);
  return gone;
}

run_list::container run_list::release() {
  close();
  return std::exchange(runs_, {});
}

void run_list::open() {
  open_ = std::make_shared<sealed_batch>();
  if (expected_messages_ > 0)
    open_->messages.reserve(expected_messages_, expected_bytes_);
}

void run_list::close() noexcept {
  if (!open_)
    return;
  const auto follow = [](std::uint32_t& expected, std::size_t actual) {
    expected = std::max(expected - expected / 4, static_cast<std::uint32_t>(actual));
  };
  follow(expected_messages_, open_->messages.size());
  follow(expected_bytes_, open_->messages.bytes().size());
  open_.reset();
}

} // namespace wspool::detail
