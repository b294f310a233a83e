// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "messaging/channel_history.hpp"

#include <utility>

namespace wspool {

position channel_history::append(shared_publication message, std::size_t bytes, time_point now) {
  expire(now);
  ++last_;
  // One that alone is too large takes the place of all others: what is kept has no holes.
  kept_.push_back({std::move(message), bytes, now});
  bytes_ += bytes;
  while (!kept_.empty() && (kept_.size() > limits_.messages || bytes_ > limits_.bytes))
    drop_oldest();
  return where();
}

std::optional<std::vector<history_entry>> channel_history::since(const position& seen,
                                                                 time_point now) {
  expire(now);
  if (seen.epoch != epoch_ || seen.offset > last_ || last_ - seen.offset > kept_.size())
    return std::nullopt;
  std::vector<history_entry> result;
  const auto missed = static_cast<std::size_t>(last_ - seen.offset);
  result.reserve(missed);
  auto offset = seen.offset;
  for (auto i = kept_.size() - missed; i < kept_.size(); ++i)
    result.push_back({++offset, kept_[i].message});
  return result;
}

void channel_history::expire(time_point now) {
  while (!kept_.empty() && now - kept_.front().since >= limits_.age)
    drop_oldest();
}

std::optional<channel_history::time_point> channel_history::next_expiry() const {
  if (kept_.empty())
    return std::nullopt;
  return kept_.front().since + limits_.age;
}

void channel_history::drop_oldest() {
  bytes_ -= kept_.front().bytes;
  kept_.pop_front();
}

} // namespace wspool
