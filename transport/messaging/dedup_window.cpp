// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "messaging/dedup_window.hpp"

namespace wspool {

dedup_window::sighting dedup_window::see(const std::string& publisher, const message_id& id,
                                         time_point now) {
  if (const auto* before = find(publisher, id, now))
    return before->accepted ? sighting::accepted : sighting::pending;
  publishers_.renew(publisher, now, limits_.ids, limits_.age).renew(id, now);
  return sighting::first;
}

void dedup_window::accept(const std::string& publisher, const message_id& id,
                          const std::optional<position>& where, time_point now) {
  if (auto* seen = find(publisher, id, now))
    *seen = {true, where};
}

void dedup_window::forget(const std::string& publisher, const message_id& id, time_point now) {
  if (auto* ids = publishers_.find(publisher, now))
    ids->erase(id);
}

std::optional<position> dedup_window::place_of(const std::string& publisher, const message_id& id,
                                               time_point now) {
  const auto* seen = find(publisher, id, now);
  return seen ? seen->where : std::nullopt;
}

dedup_window::outcome* dedup_window::find(const std::string& publisher, const message_id& id,
                                          time_point now) {
  auto* ids = publishers_.find(publisher, now);
  return ids ? ids->find(id, now) : nullptr;
}

} // namespace wspool
