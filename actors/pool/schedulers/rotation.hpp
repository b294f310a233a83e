// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <wspool/scheduler.hpp>

#include <algorithm>
#include <cstddef>
#include <vector>

namespace wspool::detail {

/// Less is in flight. Messages decide only between equal bytes.
[[nodiscard]] inline bool is_less_loaded(const member& x, const member& y) noexcept {
  return x.pending_bytes != y.pending_bytes ? x.pending_bytes < y.pending_bytes
                                            : x.pending_messages < y.pending_messages;
}

/// Members in the order of their coming, and the place where the last choice was made. Choices that
/// start from there take turns among equals.
class rotation {
public:
  void add(const member& m) { members_.push_back(&m); }

  /// Whoever was next stays next.
  bool remove(connection_id id) {
    auto found = find(id);
    if (found == members_.end())
      return false;
    auto index = static_cast<std::size_t>(found - members_.begin());
    members_.erase(found);
    if (index < next_)
      --next_;
    if (next_ >= members_.size())
      next_ = 0;
    return true;
  }

  [[nodiscard]] bool has(connection_id id) const { return find(id) != members_.end(); }
  [[nodiscard]] bool empty() const noexcept { return members_.empty(); }
  [[nodiscard]] std::size_t size() const noexcept { return members_.size(); }
  [[nodiscard]] const member* operator[](std::size_t i) const noexcept { return members_[i]; }

  /// The next one that is not full and not `except`; null if there is none.
  [[nodiscard]] const member* next(const member* except = nullptr) noexcept {
    for (auto left = members_.size(); left > 0; --left) {
      auto candidate = members_[next_];
      if (++next_ == members_.size())
        next_ = 0;
      if (!candidate->full && candidate != except)
        return candidate;
    }
    return nullptr;
  }

  /// The best one by `better(x, y)` of those that are not full; equals take turns. Whoever is only
  /// asked about keeps its turn.
  template <class Better>
  [[nodiscard]] const member* best(Better better, bool takes_turn = true) noexcept {
    const member* result = nullptr;
    std::size_t chosen = 0;
    auto i = next_;
    for (auto left = members_.size(); left > 0; --left) {
      auto candidate = members_[i];
      auto index = i;
      if (++i == members_.size())
        i = 0;
      if (!candidate->full && (!result || better(*candidate, *result))) {
        result = candidate;
        chosen = index;
      }
    }
    if (result && takes_turn)
      next_ = chosen + 1 == members_.size() ? 0 : chosen + 1;
    return result;
  }

private:
  [[nodiscard]] std::vector<const member*>::const_iterator find(connection_id id) const {
    return std::find_if(members_.begin(), members_.end(),
                        [id](const member* m) { return m->id == id; });
  }

  std::vector<const member*> members_;
  std::size_t next_ = 0;
};

} // namespace wspool::detail
