// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "protocol/outlier.hpp"

#include <algorithm>
#include <limits>

namespace wspool {

using std::chrono::milliseconds;

void outlier_detector::add(std::uint32_t endpoint) { endpoints_.try_emplace(endpoint); }

void outlier_detector::remove(std::uint32_t endpoint) {
  endpoints_.erase(endpoint);
  auto is_ejected = [](const auto& kvp) { return kvp.second.ejected; };
  // Without a clock here, an ejection that is over by now counts as one: bringing back early what
  // was to come back anyway does no harm.
  if (std::all_of(endpoints_.begin(), endpoints_.end(), is_ejected))
    return_one();
}

std::optional<outlier_detector::time_point> outlier_detector::on_failure(std::uint32_t endpoint,
                                                                         time_point now) {
  auto found = endpoints_.find(endpoint);
  if (found == endpoints_.end() || options_.failures == 0)
    return std::nullopt;
  auto& x = found->second;
  if (!is_usable(x, now))
    return x.until;
  if (x.streak < std::numeric_limits<std::uint32_t>::max())
    ++x.streak;
  if (x.streak < options_.failures)
    return std::nullopt;
  if (!another_is_usable(endpoint, now)) {
    return_one();
    return std::nullopt;
  }
  eject(x, now);
  return x.until;
}

void outlier_detector::on_success(std::uint32_t endpoint, time_point now) {
  auto found = endpoints_.find(endpoint);
  if (found == endpoints_.end())
    return;
  found->second.streak = 0;
  forget(found->second, now);
}

std::optional<outlier_detector::time_point> outlier_detector::ejected_until(std::uint32_t endpoint,
                                                                            time_point now) const {
  auto found = endpoints_.find(endpoint);
  if (found == endpoints_.end() || is_usable(found->second, now))
    return std::nullopt;
  return found->second.until;
}

std::vector<std::uint32_t> outlier_detector::take_returned(time_point now) {
  std::vector<std::uint32_t> result;
  for (auto& [endpoint, x] : endpoints_) {
    if (x.ejected && is_usable(x, now)) {
      x.ejected = false;
      result.push_back(endpoint);
    }
  }
  return result;
}

std::optional<outlier_detector::time_point> outlier_detector::next_return() const {
  std::optional<time_point> result;
  for (auto& [endpoint, x] : endpoints_)
    if (x.ejected && (!result || x.until < *result))
      result = x.until;
  return result;
}

bool outlier_detector::another_is_usable(std::uint32_t endpoint, time_point now) const {
  return std::any_of(endpoints_.begin(), endpoints_.end(), [&](const auto& kvp) {
    return kvp.first != endpoint && is_usable(kvp.second, now);
  });
}

void outlier_detector::return_one() {
  state* first = nullptr;
  for (auto& [endpoint, x] : endpoints_)
    if (x.ejected && (!first || x.until < first->until))
      first = &x;
  // Over since ever; but forgetting begins only when it would have come back by itself.
  if (first)
    first->until = time_point{};
}

void outlier_detector::eject(state& x, time_point now) {
  forget(x, now);
  x.streak = 0; // it comes back with a clean sheet, but for the count of its ejections
  // At the longest ejection the count stops: more could only make forgetting slow.
  if (options_.base * static_cast<std::int64_t>(x.ejections) < options_.maximum)
    ++x.ejections;
  auto length = std::min(options_.base * static_cast<std::int64_t>(x.ejections), options_.maximum);
  x.ejected = true;
  x.until = now + length;
  x.usable_since = x.until;
}

void outlier_detector::forget(state& x, time_point now) const {
  if (options_.base <= milliseconds{0} || now <= x.usable_since)
    return;
  auto steps = (now - x.usable_since) / options_.base;
  if (steps >= static_cast<std::int64_t>(x.ejections))
    x.ejections = 0;
  else
    x.ejections -= static_cast<std::uint32_t>(steps);
  x.usable_since += steps * options_.base;
}

} // namespace wspool
