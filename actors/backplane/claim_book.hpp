// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <wspool/messaging_events.hpp>

#include <chrono>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <utility>

namespace wspool {

/// Who does what is to be done once, and what came of it. A value that takes the time as an
/// argument; time must not run backwards. What is over is forgotten when anything is looked for.
class claim_book {
public:
  using time_point = std::chrono::steady_clock::time_point;
  using milliseconds = std::chrono::milliseconds;

  /// Above the first, nothing more may be claimed; above the second, what came of things is not
  /// kept, as if it had been too long ago.
  explicit claim_book(std::size_t max_claims = 100'000,
                      std::size_t max_bytes = std::size_t{64} * 1024 * 1024)
    : max_claims_(max_claims), max_bytes_(max_bytes) {}

  /// @returns none if there is no room.
  [[nodiscard]] std::optional<claim_report> claim(const std::string& key, const std::string& owner,
                                                  milliseconds how_long, time_point now) {
    expire(now);
    if (const auto found = claims_.find(key); found != claims_.end()) {
      auto& known = found->second;
      if (known.settled || known.owner != owner)
        return claim_report{false, known.settled, known.text};
      prolong(found, now + how_long);
      return claim_report{true, false, {}};
    }
    if (claims_.size() >= max_claims_)
      return std::nullopt;
    add(key, {owner, {}, false, {}}, now + how_long);
    return claim_report{true, false, {}};
  }

  void settle(const std::string& key, const std::string& owner, std::string text,
              milliseconds how_long, time_point now) {
    expire(now);
    if (const auto found = claims_.find(key); found != claims_.end()) {
      if (found->second.settled || found->second.owner != owner)
        return;
      remove(found);
    }
    if (text.empty() || claims_.size() >= max_claims_ || bytes_ + text.size() > max_bytes_)
      return;
    bytes_ += text.size();
    add(key, {owner, std::move(text), true, {}}, now + how_long);
  }

  void expire(time_point now) {
    while (!ends_.empty() && ends_.begin()->first <= now)
      remove(claims_.find(ends_.begin()->second));
  }
  [[nodiscard]] std::optional<time_point> next_expiry() const {
    return ends_.empty() ? std::nullopt : std::optional{ends_.begin()->first};
  }
  [[nodiscard]] std::size_t size() const noexcept { return claims_.size(); }

private:
  using ends = std::multimap<time_point, std::string>;
  struct entry {
    std::string owner;
    std::string text;
    bool settled = false;
    ends::iterator end;
  };
  using claims = std::map<std::string, entry>;

  void add(const std::string& key, entry what, time_point until) {
    what.end = ends_.emplace(until, key);
    claims_.emplace(key, std::move(what));
  }
  void prolong(claims::iterator which, time_point until) {
    ends_.erase(which->second.end);
    which->second.end = ends_.emplace(until, which->first);
  }
  void remove(claims::iterator which) {
    bytes_ -= which->second.text.size();
    ends_.erase(which->second.end);
    claims_.erase(which);
  }

  std::size_t max_claims_;
  std::size_t max_bytes_;
  std::size_t bytes_ = 0;
  claims claims_;
  ends ends_;
};

} // namespace wspool
