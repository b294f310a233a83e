// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <list>
#include <optional>
#include <unordered_map>
#include <utility>

namespace wspool::detail {

/// A map that forgets: what was not renewed for `age`, and, when it is full, what was renewed
/// longest ago. A value that takes the time as an argument; time must not run backwards.
///
/// Each operation costs the same however large the map is, but for those entries that it forgets.
template <class Key, class Value, class Hash = std::hash<Key>>
class expiring_map {
public:
  using time_point = std::chrono::steady_clock::time_point;
  using duration = std::chrono::milliseconds;

  /// Keeps one entry at least: a map that forgets what it is just told could give no reference.
  expiring_map(std::size_t max_entries, duration age)
    : max_entries_(max_entries > 0 ? max_entries : 1), age_(age) {}

  expiring_map(expiring_map&&) noexcept = default;
  expiring_map& operator=(expiring_map&&) noexcept = default;

  /// None if it is not there (any more). Does not renew it.
  template <class K>
  [[nodiscard]] Value* find(const K& key, time_point now) {
    const auto found = index_.find(key);
    if (found == index_.end() || is_over(*found->second, now))
      return nullptr;
    return &found->second->value;
  }

  /// Renews the entry, or makes it of the arguments.
  template <class... Arguments>
  Value& renew(const Key& key, time_point now, Arguments&&... arguments) {
    expire(now);
    if (const auto found = index_.find(key); found != index_.end()) {
      found->second->renewed = now;
      entries_.splice(entries_.end(), entries_, found->second);
      return found->second->value;
    }
    if (index_.size() >= max_entries_)
      forget_oldest();
    entries_.emplace_back(key, now, Value(std::forward<Arguments>(arguments)...));
    index_.emplace(key, std::prev(entries_.end()));
    return entries_.back().value;
  }

  template <class K>
  bool erase(const K& key) {
    const auto found = index_.find(key);
    if (found == index_.end())
      return false;
    entries_.erase(found->second);
    index_.erase(found);
    return true;
  }

  /// Gives back the memory of what is over. Happens by itself when something is renewed.
  void expire(time_point now) {
    while (!entries_.empty() && is_over(entries_.front(), now))
      forget_oldest();
  }

  /// When `expire` will have something to do; none if the map is empty.
  [[nodiscard]] std::optional<time_point> next_expiry() const {
    if (entries_.empty())
      return std::nullopt;
    return entries_.front().renewed + age_;
  }

  /// With those that are over, but not yet expired.
  [[nodiscard]] std::size_t size() const noexcept { return index_.size(); }
  [[nodiscard]] bool empty() const noexcept { return index_.empty(); }

private:
  struct entry {
    entry(const Key& k, time_point at, Value&& v) : key(k), renewed(at), value(std::move(v)) {}

    Key key;
    time_point renewed;
    Value value;
  };

  [[nodiscard]] bool is_over(const entry& x, time_point now) const {
    return now - x.renewed >= age_;
  }

  void forget_oldest() {
    index_.erase(entries_.front().key);
    entries_.pop_front();
  }

  std::size_t max_entries_;
  duration age_;
  std::list<entry> entries_; ///< the one that was renewed longest ago first
  std::unordered_map<Key, typename std::list<entry>::iterator, Hash, std::equal_to<>> index_;
};

} // namespace wspool::detail
