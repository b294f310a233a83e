// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "pool/schedulers/hash_scheduler.hpp"

#include <algorithm>
#include <tuple>

namespace wspool {

namespace {

/// A finaliser in the manner of MurmurHash3: keys and identities that differ in one bit end up far
/// apart. Identities are small numbers, and keys come from whatever hash their owner has.
std::uint64_t mix(std::uint64_t x) noexcept {
  x = (x ^ (x >> 33)) * 0xff51afd7ed558ccdull;
  x = (x ^ (x >> 33)) * 0xc4ceb9fe1a85ec53ull;
  return x ^ (x >> 33);
}

constexpr auto earlier = [](const auto& x, const auto& y) {
  return std::tie(x.place, x.identity) < std::tie(y.place, y.identity);
};

} // namespace

void hash_scheduler::add(const member& m) {
  members_.add(m);
  auto& owner = owners_[m.identity];
  owner.push_back(&m);
  if (owner.size() == 1)
    add_points(m.identity, owner);
}

void hash_scheduler::remove(connection_id id) {
  members_.remove(id);
  auto has_id = [id](const member* m) { return m->id == id; };
  for (auto i = owners_.begin(); i != owners_.end(); ++i) {
    if (std::erase_if(i->second, has_id) == 0)
      continue;
    if (i->second.empty()) {
      std::erase_if(ring_, [i](const point& x) { return x.identity == i->first; });
      owners_.erase(i);
    }
    return;
  }
}

bool hash_scheduler::has(connection_id id) const { return members_.has(id); }

const member* hash_scheduler::get(const pick& what) {
  if (what.key == 0)
    return members_.next();
  if (ring_.empty())
    return nullptr;
  auto is_before = [](const point& x, std::uint64_t place) { return x.place < place; };
  auto found = std::lower_bound(ring_.begin(), ring_.end(), mix(what.key), is_before);
  if (found == ring_.end()) // the ring closes
    found = ring_.begin();
  return found->owner->back();
}

void hash_scheduler::add_points(std::uint64_t identity, const lives& owner) {
  const auto old_size = static_cast<std::ptrdiff_t>(ring_.size());
  const auto base = mix(identity + 1);
  for (std::uint64_t i = 1; i <= points_per_identity; ++i)
    ring_.push_back({mix(base + i), identity, &owner});
  std::sort(ring_.begin() + old_size, ring_.end(), earlier);
  std::inplace_merge(ring_.begin(), ring_.begin() + old_size, ring_.end(), earlier);
}

} // namespace wspool
