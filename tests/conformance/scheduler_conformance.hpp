// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <wspool/scheduler.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Runs any implementation of `wspool::scheduler` through its contract. Needs no test framework:
/// each function returns nothing if all is well, or a sentence that says what was broken and when.
///
///     auto make = [](std::uint64_t seed) { return std::make_unique<my_scheduler>(seed); };
///     auto ops = scheduler_conformance::random_operations(seed, 1'000);
///     if (auto broken = scheduler_conformance::check_contract(make, {}, ops))
///       std::cerr << *broken << '\n';
namespace scheduler_conformance {

/// What an implementation promises beyond the contract that holds for all.
struct traits {
  /// A key stays with its member, even a full one, until members come or go.
  bool binds_keys = false;
  /// Members that differ in nothing get equal shares: a share may be off by this part of itself.
  /// None: no promise.
  std::optional<double> equal_shares;
  /// The same for shares in the proportion of the weights.
  std::optional<double> weighted_shares;
};

/// One step of a churn. Two numbers choose among what is possible at that point, so that any
/// sequence makes sense, and stays meaningful when a property test shortens it.
struct operation {
  enum kind : std::uint8_t {
    add,            ///< a slot's first connection opens
    add_successor,  ///< a further life of an open slot: same identity, next generation
    remove,         ///< one of the members, which then ceases to exist
    remove_unknown, ///< somebody who was never added, or was removed before
    fill,           ///< a window is used up
    empty,          ///< a window has room again
    load,           ///< what is in flight changes
    measure,        ///< a round trip is measured
    pick_any,       ///< a message without a key
    pick_by_key,
  };
  static constexpr std::uint8_t kinds = pick_by_key + 1;

  kind what = pick_any;
  std::uint32_t subject = 0;
  std::uint32_t value = 0;
};

/// A churn for those who do not generate their own.
[[nodiscard]] std::vector<operation> random_operations(std::uint64_t seed, std::size_t count);

/// After each step: `has` knows exactly the members; `get` returns one of them, by the very address
/// that was added; never a full one and never null while one has room (keys are exempt where
/// `binds_keys` says so). A member's memory is gone once it was removed, so that a run under
/// AddressSanitizer finds a scheduler that still reads it.
[[nodiscard]] std::optional<std::string> check_contract(const wspool::scheduler_factory& make,
                                                        const traits& promised,
                                                        const std::vector<operation>& churn,
                                                        std::uint64_t seed = 1);

/// Shares of `members` idle connections that differ in nothing, over `rounds` messages for each.
[[nodiscard]] std::optional<std::string> check_equal_shares(const wspool::scheduler_factory& make,
                                                            const traits& promised,
                                                            std::size_t members, std::size_t rounds,
                                                            std::uint64_t seed = 1);

/// Shares of idle connections with the given weights, over `rounds` messages for each unit of it.
[[nodiscard]] std::optional<std::string>
check_weighted_shares(const wspool::scheduler_factory& make, const traits& promised,
                      const std::vector<std::uint32_t>& weights, std::size_t rounds,
                      std::uint64_t seed = 1);

} // namespace scheduler_conformance
