// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "messaging/membership_memory.hpp"

#include <utility>

namespace wspool {

std::vector<std::string> membership_memory::arrive(const std::string& client, time_point now) {
  auto& there = present_[client];
  ++there.connections;
  if (auto* before = absent_.find(client, now))
    there.in = std::move(*before);
  absent_.erase(client);
  return {there.in.begin(), there.in.end()};
}

void membership_memory::depart(const std::string& client, time_point now) {
  const auto there = present_.find(client);
  if (there == present_.end() || --there->second.connections > 0)
    return;
  // Who was in no room is not worth the place of somebody else.
  if (!there->second.in.empty())
    absent_.renew(client, now) = std::move(there->second.in);
  present_.erase(there);
}

bool membership_memory::join(std::string_view client, std::string_view room) {
  const auto there = present_.find(client);
  if (there == present_.end())
    return false;
  auto& in = there->second.in;
  if (in.contains(room))
    return true;
  if (in.size() >= limits_.rooms)
    return false;
  in.emplace(room);
  return true;
}

void membership_memory::leave(std::string_view client, std::string_view room) {
  const auto there = present_.find(client);
  if (there == present_.end())
    return;
  auto& in = there->second.in;
  if (const auto found = in.find(room); found != in.end())
    in.erase(found);
}

} // namespace wspool
