// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "messaging/query_memory.hpp"

#include <utility>

namespace wspool {

query_memory::beginning query_memory::begin(const std::string& key, std::string_view name,
                                            asker who, time_point now) {
  if (const auto* before = answers_.find(key, now))
    return before->name == name ? beginning::answered : beginning::conflict;
  const auto [at, is_new] = running_.try_emplace(key);
  auto& query = at->second;
  if (is_new)
    query.name = name;
  else if (query.name != name || query.waiting.size() > limits_.waiting)
    return beginning::conflict;
  query.waiting.push_back(std::move(who));
  return is_new ? beginning::run : beginning::wait;
}

std::vector<query_memory::asker>
query_memory::finish(const std::string& key, const std::optional<answer>& how, time_point now) {
  const auto at = running_.find(key);
  if (at == running_.end())
    return {};
  auto query = std::move(at->second);
  running_.erase(at);
  if (how)
    answers_.renew(key, now) = answered{std::move(query.name), *how};
  return std::move(query.waiting);
}

void query_memory::withdraw(std::string_view key, const asker& who) {
  if (const auto at = running_.find(key); at != running_.end())
    std::erase(at->second.waiting, who);
}

bool query_memory::is_awaited(std::string_view key) const {
  const auto at = running_.find(key);
  return at != running_.end() && !at->second.waiting.empty();
}

const query_memory::answer* query_memory::find(const std::string& key, time_point now) {
  const auto* found = answers_.find(key, now);
  return found ? &found->how : nullptr;
}

} // namespace wspool
