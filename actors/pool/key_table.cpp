// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "pool/key_table.hpp"

#include <cassert>
#include <utility>

namespace wspool::detail {

namespace {

constexpr std::size_t smallest = 64;

} // namespace

lane* key_table::bound_to(std::uint64_t key) const noexcept {
  auto p = find(key);
  return p ? p->where : nullptr;
}

bool key_table::is_queued(std::uint64_t key) const noexcept {
  auto p = find(key);
  return p && p->in_queue > 0;
}

void key_table::queued(std::uint64_t key) { ++find_or_add(key).in_queue; }

void key_table::dequeued(std::uint64_t key) {
  auto p = find(key);
  assert(p && p->in_queue > 0);
  --p->in_queue;
  forget_if_unused(*p);
}

void key_table::bound(std::uint64_t key, lane& to) {
  auto& p = find_or_add(key);
  assert(!p.where || p.where == &to);
  p.where = &to;
  ++p.in_lane;
}

void key_table::released(std::uint64_t key) {
  auto p = find(key);
  assert(p && p->in_lane > 0);
  if (--p->in_lane == 0)
    p->where = nullptr;
  forget_if_unused(*p);
}

void key_table::clear() noexcept {
  places_ = {};
  mask_ = 0;
  used_ = 0;
}

std::size_t key_table::home(std::uint64_t key) const noexcept {
  // Other owners' hashes may be poor in their low bits: multiply and take the high ones.
  return static_cast<std::size_t>((key * 0x9e3779b97f4a7c15ull) >> 32) & mask_;
}

const key_table::place* key_table::find(std::uint64_t key) const noexcept {
  if (used_ == 0)
    return nullptr;
  for (auto i = home(key); places_[i].key != 0; i = next(i))
    if (places_[i].key == key)
      return &places_[i];
  return nullptr;
}

key_table::place* key_table::find(std::uint64_t key) noexcept {
  return const_cast<place*>(std::as_const(*this).find(key));
}

key_table::place& key_table::find_or_add(std::uint64_t key) {
  assert(key != 0);
  if ((used_ + 1) * 4 > places_.size() * 3)
    grow();
  auto i = home(key);
  for (; places_[i].key != 0; i = next(i))
    if (places_[i].key == key)
      return places_[i];
  places_[i].key = key;
  ++used_;
  return places_[i];
}

void key_table::forget_if_unused(place& p) noexcept {
  if (p.in_lane > 0 || p.in_queue > 0)
    return;
  // Close the gap, so that no search ends at it too early: whatever lies behind it and may move
  // closer to its home does.
  auto gap = static_cast<std::size_t>(&p - places_.data());
  for (auto i = next(gap); places_[i].key != 0; i = next(i)) {
    const auto wanted = home(places_[i].key);
    if (((i - wanted) & mask_) >= ((i - gap) & mask_)) {
      places_[gap] = places_[i];
      gap = i;
    }
  }
  places_[gap] = {};
  --used_;
}

void key_table::grow() {
  auto old = std::exchange(places_, {});
  places_.resize(old.empty() ? smallest : old.size() * 2);
  mask_ = places_.size() - 1;
  for (const auto& p : old) {
    if (p.key == 0)
      continue;
    auto i = home(p.key);
    while (places_[i].key != 0)
      i = next(i);
    places_[i] = p;
  }
}

} // namespace wspool::detail
