// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <wspool/scheduler.hpp>

#include <cstdint>
#include <vector>

namespace wspool {

/// Smooth weighted round robin: everyone earns its weight in each round, the richest is chosen and
/// pays what all have earned. Shares are exact over a whole cycle, and the turns of a heavy member
/// are spread over it instead of following one another.
///
/// The weight is the endpoint's and counts for each of its connections.
class weighted_scheduler final : public scheduler {
public:
  void add(const member& m) override;
  void remove(connection_id id) override;
  [[nodiscard]] bool has(connection_id id) const override;
  [[nodiscard]] const member* get(const pick& what) override;

private:
  struct entry {
    const member* who;
    std::int64_t credit;
  };

  std::vector<entry> entries_;
};

} // namespace wspool
