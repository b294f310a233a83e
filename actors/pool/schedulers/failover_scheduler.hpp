// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "pool/schedulers/rotation.hpp"

#include <cstdint>
#include <map>

namespace wspool {

/// Round robin within the lowest group that has a member with room. The next group gets messages
/// only while a lower one has no open connection, or all of its windows are used up: a slow primary
/// spills over rather than hold the pool back.
class failover_scheduler final : public scheduler {
public:
  void add(const member& m) override;
  void remove(connection_id id) override;
  [[nodiscard]] bool has(connection_id id) const override;
  [[nodiscard]] const member* get(const pick& what) override;

private:
  std::map<std::uint32_t, detail::rotation> groups_; ///< without empty ones
};

} // namespace wspool
