// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "pool/liveness.hpp"

#include <algorithm>

namespace wspool {

liveness::verdict liveness::check(clock::time_point now) const {
  if (idle_.count() > 0 && !throttled_ && now >= last_message_ + idle_)
    return verdict::idle;
  if (heartbeat_.interval.count() == 0 || !reading_)
    return verdict::none;
  if (pinged_)
    return now >= *pinged_ + heartbeat_.timeout ? verdict::dead : verdict::none;
  return now >= last_inbound_ + heartbeat_.interval ? verdict::ping_due : verdict::none;
}

std::optional<liveness::clock::time_point> liveness::next() const {
  std::optional<clock::time_point> result;
  auto consider = [&result](clock::time_point at) { result = result ? std::min(*result, at) : at; };
  if (idle_.count() > 0 && !throttled_)
    consider(last_message_ + idle_);
  if (heartbeat_.interval.count() > 0 && reading_)
    consider(pinged_ ? *pinged_ + heartbeat_.timeout : last_inbound_ + heartbeat_.interval);
  return result;
}

} // namespace wspool
