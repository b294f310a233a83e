// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "conformance/scheduler_conformance.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <numeric>
#include <random>

namespace scheduler_conformance {

namespace {

using namespace wspool;

using complaint = std::optional<std::string>;

/// What a pool would know: the members as they really are.
class world {
public:
  world(const scheduler_factory& make, const traits& promised, std::uint64_t seed)
    : tested_(make(seed)), promised_(promised) {}

  complaint apply(const operation& op) {
    switch (op.what) {
      case operation::add:
        ++next_slot_;
        return add({next_slot_, 1}, next_slot_, op);
      case operation::add_successor:
        return add_successor(op);
      case operation::remove:
        return remove(op);
      case operation::remove_unknown:
        return remove_unknown(op);
      case operation::fill:
      case operation::empty:
        if (auto m = choose(op.subject))
          m->full = op.what == operation::fill;
        return {};
      case operation::load:
        if (auto m = choose(op.subject)) {
          m->pending_bytes = op.value % 100'000;
          m->pending_messages = op.value % 100;
        }
        return {};
      case operation::measure:
        if (auto m = choose(op.subject))
          m->round_trip = std::chrono::nanoseconds{op.value};
        return {};
      case operation::pick_any:
        return pick_and_check({0, op.value});
      case operation::pick_by_key:
        return pick_and_check({op.subject % 64 + 1, op.value});
    }
    return {};
  }

  complaint check_membership() const {
    if (!tested_)
      return "the factory returned no scheduler";
    for (auto& m : members_)
      if (!tested_->has(m->id))
        return "has(" + to_string(m->id) + ") is false for a member";
    for (auto& id : gone_)
      if (tested_->has(id))
        return "has(" + to_string(id) + ") is true after its removal";
    return {};
  }

private:
  complaint add(connection_id id, std::uint64_t identity, const operation& op) {
    if (members_.size() >= 64)
      return {};
    auto m = std::make_unique<member>();
    m->id = id;
    m->identity = identity;
    m->weight = op.value % 7 + 1;
    m->group = op.value % 3;
    m->full = op.value % 5 == 0;
    tested_->add(*m);
    members_.push_back(std::move(m));
    std::erase(gone_, id); // an id may come back once it was removed
    bound_.clear();
    return {};
  }

  complaint add_successor(const operation& op) {
    auto old = choose(op.subject);
    if (!old)
      return {};
    auto generation = old->id.generation;
    for (auto& m : members_)
      if (m->id.slot == old->id.slot)
        generation = std::max(generation, m->id.generation);
    return add({old->id.slot, generation + 1}, old->identity, op);
  }

  complaint remove(const operation& op) {
    auto m = choose(op.subject);
    if (!m)
      return {};
    auto id = m->id;
    tested_->remove(id);
    std::erase_if(members_, [m](const auto& x) { return x.get() == m; });
    bound_.clear();
    gone_.push_back(id);
    if (gone_.size() > 16)
      gone_.erase(gone_.begin());
    return {};
  }

  complaint remove_unknown(const operation& op) {
    auto id = gone_.empty() ? connection_id{next_slot_ + 1, 1} : gone_[op.subject % gone_.size()];
    tested_->remove(id);
    return {};
  }

  complaint pick_and_check(const pick& what) {
    auto chosen = tested_->get(what);
    const bool is_bound = what.key != 0 && promised_.binds_keys;
    auto has_room = [](const auto& m) { return !m->full; };
    if (!chosen) {
      if (std::any_of(members_.begin(), members_.end(), has_room))
        return "get returned null though a member has room";
      if (is_bound && !members_.empty())
        return "get returned null for a key though there is a member";
      return {};
    }
    // Looked up by address before it is read: it may be a member that is gone.
    if (std::none_of(members_.begin(), members_.end(),
                     [chosen](const auto& m) { return m.get() == chosen; }))
      return "get returned something that is no member";
    if (chosen->full && !is_bound)
      return "get returned " + to_string(chosen->id) + ", which is full";
    if (is_bound && bound_.try_emplace(what.key, chosen).first->second != chosen)
      return "a key changed its member though none came or went";
    return {};
  }

  member* choose(std::uint32_t subject) {
    return members_.empty() ? nullptr : members_[subject % members_.size()].get();
  }

  std::unique_ptr<scheduler> tested_;
  traits promised_;
  std::vector<std::unique_ptr<member>> members_;
  std::vector<connection_id> gone_;              ///< the latest
  std::map<std::uint64_t, const member*> bound_; ///< keys' members since one came or went
  std::uint32_t next_slot_ = 0;
};

std::string_view name_of(operation::kind what) {
  constexpr std::string_view names[] = {"add",      "add_successor", "remove", "remove_unknown",
                                        "fill",     "empty",         "load",   "measure",
                                        "pick_any", "pick_by_key"};
  return names[what];
}

/// Messages that each member got, out of `picks`.
std::vector<std::size_t> count_picks(scheduler& tested, const std::vector<member>& members,
                                     std::size_t picks) {
  std::vector<std::size_t> result(members.size());
  for (std::size_t i = 0; i < picks; ++i) {
    auto chosen = tested.get({});
    for (std::size_t k = 0; k < members.size(); ++k)
      if (chosen == &members[k])
        ++result[k];
  }
  return result;
}

complaint check_shares(const scheduler_factory& make, double tolerance,
                       const std::vector<std::uint32_t>& weights, std::size_t rounds,
                       std::uint64_t seed) {
  std::vector<member> members(weights.size());
  auto tested = make(seed);
  for (std::size_t i = 0; i < members.size(); ++i) {
    members[i].id = {static_cast<std::uint32_t>(i), 1};
    members[i].identity = i + 1;
    members[i].weight = weights[i];
    tested->add(members[i]);
  }
  auto total = std::accumulate(weights.begin(), weights.end(), std::size_t{0});
  auto counts = count_picks(*tested, members, total * rounds);
  for (std::size_t i = 0; i < members.size(); ++i) {
    auto fair = static_cast<double>(weights[i]) * static_cast<double>(rounds);
    // One message more or less is where a turn happens to end.
    if (std::abs(static_cast<double>(counts[i]) - fair) > fair * tolerance + 1.0)
      return to_string(members[i].id) + " of " + std::to_string(members.size()) + " got "
             + std::to_string(counts[i]) + " messages instead of " + std::to_string(fair);
  }
  return {};
}

} // namespace

std::vector<operation> random_operations(std::uint64_t seed, std::size_t count) {
  std::mt19937_64 engine{seed};
  std::vector<operation> result(count);
  for (auto& op : result) {
    // Half of it are choices; the rest changes what there is to choose from.
    auto drawn = static_cast<std::uint8_t>(engine() % (2 * operation::kinds));
    op.what = drawn < operation::kinds ? static_cast<operation::kind>(drawn)
              : drawn % 2 == 0         ? operation::pick_any
                                       : operation::pick_by_key;
    op.subject = static_cast<std::uint32_t>(engine());
    op.value = static_cast<std::uint32_t>(engine());
  }
  return result;
}

std::optional<std::string> check_contract(const scheduler_factory& make, const traits& promised,
                                          const std::vector<operation>& churn, std::uint64_t seed) {
  world tested{make, promised, seed};
  if (auto broken = tested.check_membership())
    return broken;
  for (std::size_t i = 0; i < churn.size(); ++i) {
    auto broken = tested.apply(churn[i]);
    if (!broken)
      broken = tested.check_membership();
    if (broken)
      return "step " + std::to_string(i) + " (" + std::string{name_of(churn[i].what)}
             + "): " + *broken;
  }
  return {};
}

std::optional<std::string> check_equal_shares(const scheduler_factory& make, const traits& promised,
                                              std::size_t members, std::size_t rounds,
                                              std::uint64_t seed) {
  if (!promised.equal_shares)
    return {};
  return check_shares(make, *promised.equal_shares, std::vector<std::uint32_t>(members, 1), rounds,
                      seed);
}

std::optional<std::string> check_weighted_shares(const scheduler_factory& make,
                                                 const traits& promised,
                                                 const std::vector<std::uint32_t>& weights,
                                                 std::size_t rounds, std::uint64_t seed) {
  if (!promised.weighted_shares)
    return {};
  return check_shares(make, *promised.weighted_shares, weights, rounds, seed);
}

} // namespace scheduler_conformance
