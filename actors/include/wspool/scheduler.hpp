// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace wspool {

/// Names one life of one connection: the slot stays, the generation grows with each life.
struct connection_id {
  std::uint32_t slot = 0;
  std::uint32_t generation = 0;
  friend auto operator<=>(const connection_id&, const connection_id&) = default;
};

/// "3.1": slot 3, first life.
[[nodiscard]] std::string to_string(const connection_id& id);

/// What a scheduler may know of an open connection. Owned by the pool; its address stays the same
/// from `add` to `remove`, and its load is always current.
struct member {
  connection_id id;
  /// Endpoint and index: stays the same over reconnects, so that a key finds its slot again.
  std::uint64_t identity = 0;
  std::uint32_t weight = 1;         ///< of its endpoint; at least 1
  std::uint32_t group = 0;          ///< of its endpoint, for failover: lower ones are preferred
  std::size_t pending_bytes = 0;    ///< handed over, not yet written
  std::size_t pending_messages = 0; ///< handed over, not yet written
  std::chrono::nanoseconds round_trip{0}; ///< smoothed; 0: not yet known
  /// Its window is used up: without a key, it must not be chosen.
  bool full = false;
};

/// A message that looks for a connection.
struct pick {
  std::uint64_t key = 0; ///< hash of the ordering key; 0: none
  std::size_t bytes = 0;
};

/// Chooses the connection for a message. One instance belongs to one pool and is called by that
/// pool's actor only, so it needs no lock; it must not block or throw.
///
/// `tests/conformance/scheduler_conformance.hpp` runs any implementation through the contract.
class scheduler {
public:
  virtual ~scheduler() = default;

  /// A connection opened. Not called twice for the same id without `remove` between.
  virtual void add(const member& m) = 0;
  /// A connection closed, or takes no new messages any more. Unknown ids are ignored.
  virtual void remove(connection_id id) = 0;
  [[nodiscard]] virtual bool has(connection_id id) const = 0;
  /// One of the added members; null if there is none, or if all are full (a scheduler that binds
  /// keys to members returns a key's member even when it is full).
  [[nodiscard]] virtual const member* get(const pick& what) = 0;
};

/// The schedulers that come with the library.
enum class schedule : std::uint8_t {
  round_robin,   ///< one after the other (default)
  random,        ///< uniformly
  weighted,      ///< smooth weighted round robin by the endpoints' weights
  least_pending, ///< the fewest bytes in flight
  power_of_two,  ///< of two random ones, the one with fewer bytes in flight
  lowest_rtt,    ///< the shortest measured round trip, with a share of probes for the others
  failover,      ///< round robin within the lowest group that has an open connection
  hash,          ///< by key on a consistent-hash ring; without a key, round robin
};

[[nodiscard]] std::string_view to_string(schedule value) noexcept;
/// "round-robin", "least-pending", …; false for an unknown name.
[[nodiscard]] bool from_string(std::string_view name, schedule& value) noexcept;

/// Makes a scheduler for one pool. Randomised ones take their randomness from `seed`.
[[nodiscard]] std::unique_ptr<scheduler> make_scheduler(schedule kind, std::uint64_t seed);

/// A user's own: called once per pool.
using scheduler_factory = std::function<std::unique_ptr<scheduler>(std::uint64_t seed)>;

} // namespace wspool
