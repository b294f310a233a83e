// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "pool/schedulers/rotation.hpp"

#include <cstdint>
#include <vector>

namespace wspool {

/// The shortest measured round trip; equals take turns.
///
/// One that was never measured is tried once, at once. If that brings no measurement (only a ping
/// does), it ranks behind all measured ones, so that a connection that nobody pinged yet does not
/// draw the whole load. One message in `probe_every` goes to one of the others, in turn: a
/// connection that became faster is noticed.
class lowest_rtt_scheduler final : public scheduler {
public:
  static constexpr std::uint64_t probe_every = 16;

  /// The seed shifts the probes, so that many pools do not probe in step.
  explicit lowest_rtt_scheduler(std::uint64_t seed) : turn_(seed % probe_every) {}

  void add(const member& m) override;
  void remove(connection_id id) override;
  [[nodiscard]] bool has(connection_id id) const override;
  [[nodiscard]] const member* get(const pick& what) override;

private:
  [[nodiscard]] const member* take_untried();

  detail::rotation members_; ///< for the best
  detail::rotation probed_;  ///< the same members: probes take turns of their own
  std::vector<const member*> untried_;
  std::uint64_t turn_;
};

} // namespace wspool
