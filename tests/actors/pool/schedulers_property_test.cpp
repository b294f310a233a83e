// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE schedulers_properties

#include "support/unit_test.hpp"

#include "conformance/scheduler_conformance.hpp"

#include <wspool/scheduler.hpp>

#include <rapidcheck.h>

#include <algorithm>
#include <cmath>
#include <deque>
#include <map>

namespace schedulers_property_test {

using namespace wspool;
using scheduler_conformance::operation;

namespace {

struct candidate {
  schedule kind;
  scheduler_conformance::traits promised;

  [[nodiscard]] scheduler_factory factory() const {
    return [k = kind](std::uint64_t seed) { return make_scheduler(k, seed); };
  }
};

scheduler_conformance::traits promises(std::optional<double> equal,
                                       std::optional<double> weighted = std::nullopt,
                                       bool binds_keys = false) {
  scheduler_conformance::traits result;
  result.binds_keys = binds_keys;
  result.equal_shares = equal;
  result.weighted_shares = weighted;
  return result;
}

/// Turns are exact; draws of 2,000 rounds differ by a few per cent.
const candidate candidates[] = {
  {schedule::round_robin, promises(0.0)},   {schedule::random, promises(0.15)},
  {schedule::weighted, promises(0.0, 0.0)}, {schedule::least_pending, promises(0.0)},
  {schedule::power_of_two, promises(0.15)}, {schedule::lowest_rtt, promises(0.1)},
  {schedule::failover, promises(0.0)},      {schedule::hash, promises(0.0, std::nullopt, true)},
};

rc::Gen<operation> any_operation() {
  return rc::gen::map(rc::gen::tuple(rc::gen::inRange<int>(0, operation::kinds),
                                     rc::gen::arbitrary<std::uint32_t>(),
                                     rc::gen::arbitrary<std::uint32_t>()),
                      [](const std::tuple<int, std::uint32_t, std::uint32_t>& x) {
                        return operation{static_cast<operation::kind>(std::get<0>(x)),
                                         std::get<1>(x), std::get<2>(x)};
                      });
}

/// A ring with the slots that are open.
class ring {
public:
  void open(std::uint32_t slot, std::uint32_t generation = 1) {
    auto& m = members_.emplace_back();
    m.id = {slot, generation};
    m.identity = slot;
    tested_->add(m);
  }

  void close(std::uint32_t slot, std::uint32_t generation = 1) {
    tested_->remove({slot, generation});
  }

  /// Slot of each key from 1 on.
  [[nodiscard]] std::vector<std::uint32_t> owners(std::uint64_t keys) {
    std::vector<std::uint32_t> result;
    for (std::uint64_t key = 1; key <= keys; ++key)
      result.push_back(tested_->get({key, 0})->id.slot);
    return result;
  }

private:
  std::unique_ptr<scheduler> tested_ = make_scheduler(schedule::hash, 0);
  std::deque<member> members_;
};

/// Breaks the contract in one way, to see that the suite notices.
class broken_scheduler : public scheduler {
public:
  enum class flaw { keeps_removed, forgets, chooses_full, chooses_none, unfair };
  explicit broken_scheduler(flaw what) : flaw_(what) {}

  void add(const member& m) override {
    if (flaw_ != flaw::forgets || members_.size() < 2)
      members_.push_back({m.id, &m, false});
  }
  void remove(connection_id id) override {
    // Only marked where the flaw is to return a member that is gone: its memory is never read.
    if (flaw_ != flaw::keeps_removed)
      std::erase_if(members_, [id](const entry& x) { return x.id == id; });
    for (auto& x : members_)
      x.is_removed = x.is_removed || x.id == id;
  }
  [[nodiscard]] bool has(connection_id id) const override {
    return std::any_of(members_.begin(), members_.end(),
                       [id](const entry& x) { return x.id == id && !x.is_removed; });
  }
  [[nodiscard]] const member* get(const pick&) override {
    if (flaw_ == flaw::keeps_removed)
      return members_.empty() ? nullptr : members_.front().who;
    for (auto& x : members_)
      if (!x.who->full || flaw_ == flaw::chooses_full)
        return flaw_ == flaw::chooses_none && members_.size() > 1 ? nullptr : x.who;
    return nullptr;
  }

private:
  struct entry {
    connection_id id;
    const member* who;
    bool is_removed;
  };

  flaw flaw_;
  std::vector<entry> members_;
};

} // namespace

CAF_TEST(every_scheduler_keeps_the_contract_under_churn) {
  for (auto& x : candidates) {
    CAF_MESSAGE("schedule " << to_string(x.kind));
    CAF_CHECK(rc::check([&](std::uint64_t seed) {
      auto churn = *rc::gen::container<std::vector<operation>>(any_operation());
      auto broken = scheduler_conformance::check_contract(x.factory(), x.promised, churn, seed);
      if (broken)
        RC_FAIL(*broken);
    }));
  }
}

CAF_TEST(every_scheduler_keeps_the_contract_in_the_long_run) {
  for (auto& x : candidates) {
    for (std::uint64_t seed : {1, 2, 3}) {
      auto churn = scheduler_conformance::random_operations(seed, 5'000);
      auto broken = scheduler_conformance::check_contract(x.factory(), x.promised, churn, seed);
      CAF_CHECK_EQUAL(broken.value_or(""), "");
    }
  }
}

CAF_TEST(equal_members_get_equal_shares) {
  for (auto& x : candidates) {
    for (std::size_t members : {1, 2, 7, 16}) {
      CAF_MESSAGE("schedule " << to_string(x.kind) << ", members " << members);
      auto broken =
        scheduler_conformance::check_equal_shares(x.factory(), x.promised, members, 2'000);
      CAF_CHECK_EQUAL(broken.value_or(""), "");
    }
  }
}

CAF_TEST(weights_are_honoured_exactly) {
  const auto& x = candidates[2];
  CAF_REQUIRE(x.kind == schedule::weighted);
  CAF_CHECK(rc::check([&] {
    auto weight = rc::gen::inRange<std::uint32_t>(1, 40);
    auto weights = *rc::gen::suchThat(rc::gen::container<std::vector<std::uint32_t>>(weight),
                                      [](const auto& xs) { return !xs.empty(); });
    auto broken = scheduler_conformance::check_weighted_shares(x.factory(), x.promised, weights, 3);
    if (broken)
      RC_FAIL(*broken);
  }));
}

CAF_TEST(the_suite_finds_broken_schedulers) {
  using flaw = broken_scheduler::flaw;
  for (auto what : {flaw::keeps_removed, flaw::forgets, flaw::chooses_full, flaw::chooses_none}) {
    auto make = [what](std::uint64_t) { return std::make_unique<broken_scheduler>(what); };
    auto churn = scheduler_conformance::random_operations(1, 500);
    CAF_CHECK(scheduler_conformance::check_contract(make, {}, churn).has_value());
  }
  auto make = [](std::uint64_t) { return std::make_unique<broken_scheduler>(flaw::unfair); };
  auto churn = scheduler_conformance::random_operations(1, 500);
  CAF_CHECK_EQUAL(scheduler_conformance::check_contract(make, {}, churn).value_or(""), "");
  CAF_CHECK(scheduler_conformance::check_equal_shares(make, promises(0.1), 4, 100).has_value());
}

CAF_TEST(a_member_that_leaves_moves_only_its_own_keys_and_gets_them_back) {
  CAF_CHECK(rc::check([] {
    constexpr std::uint64_t keys = 500;
    const auto slots = *rc::gen::inRange<std::uint32_t>(2, 20);
    const auto leaver = *rc::gen::inRange<std::uint32_t>(0, slots);
    ring tested;
    for (std::uint32_t slot = 0; slot < slots; ++slot)
      tested.open(slot);
    const auto before = tested.owners(keys);
    tested.close(leaver);
    const auto without = tested.owners(keys);
    for (std::size_t i = 0; i < keys; ++i) {
      RC_ASSERT(without[i] != leaver);
      RC_ASSERT((before[i] == leaver || without[i] == before[i]));
    }
    tested.open(leaver, 2);
    RC_ASSERT(tested.owners(keys) == before);
  }));
}

CAF_TEST(owners_depend_on_who_is_there_and_not_on_the_order_of_their_coming) {
  CAF_CHECK(rc::check([] {
    auto slots = *rc::gen::unique<std::vector<std::uint32_t>>(rc::gen::inRange(0u, 1'000u));
    RC_PRE(!slots.empty());
    ring one;
    ring other;
    for (auto slot : slots)
      one.open(slot);
    std::reverse(slots.begin(), slots.end());
    other.open(1'000'000);
    for (auto slot : slots)
      other.open(slot);
    other.close(1'000'000);
    RC_ASSERT(one.owners(200) == other.owners(200));
  }));
}

CAF_TEST(the_ring_is_balanced) {
  constexpr std::uint32_t slots = 20;
  constexpr std::uint64_t keys = 100'000;
  ring tested;
  for (std::uint32_t slot = 0; slot < slots; ++slot)
    tested.open(slot);
  std::map<std::uint32_t, std::size_t> shares;
  for (auto slot : tested.owners(keys))
    ++shares[slot];
  CAF_CHECK_EQUAL(shares.size(), slots);
  for (auto& [slot, count] : shares) {
    auto share = static_cast<double>(count) * slots / keys;
    CAF_CHECK_GREATER(share, 0.65);
    CAF_CHECK_LESS(share, 1.35);
  }
}

} // namespace schedulers_property_test
