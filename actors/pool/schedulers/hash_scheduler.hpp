// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "pool/schedulers/rotation.hpp"

#include <cstdint>
#include <unordered_map>
#include <vector>

namespace wspool {

/// A consistent-hash ring: each identity owns `points_per_identity` points of it, and a key belongs
/// to the first point at or after its own place. A member that leaves moves only its own keys, and
/// they come back to it when its identity does.
///
/// A key's member is returned even when it is full: to go elsewhere would break the key's order.
/// Without a key: round robin among those that are not full. When a successor opened before its
/// predecessor left, both have the same identity; the keys go to the one that was added last.
class hash_scheduler final : public scheduler {
public:
  /// Enough for shares that differ by about a tenth.
  static constexpr std::uint64_t points_per_identity = 128;

  void add(const member& m) override;
  void remove(connection_id id) override;
  [[nodiscard]] bool has(connection_id id) const override;
  [[nodiscard]] const member* get(const pick& what) override;

private:
  /// Oldest first; never empty while it is on the ring.
  using lives = std::vector<const member*>;

  struct point {
    std::uint64_t place;
    std::uint64_t identity; ///< orders points at the same place, whoever came first
    const lives* owner;
  };

  void add_points(std::uint64_t identity, const lives& owner);

  detail::rotation members_;
  std::unordered_map<std::uint64_t, lives> owners_; ///< its values do not move
  std::vector<point> ring_;                         ///< sorted
};

} // namespace wspool
