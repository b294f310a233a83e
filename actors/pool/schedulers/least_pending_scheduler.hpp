// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "pool/schedulers/rotation.hpp"

namespace wspool {

/// The fewest bytes in flight, then the fewest messages; equals take turns.
class least_pending_scheduler final : public scheduler {
public:
  void add(const member& m) override;
  void remove(connection_id id) override;
  [[nodiscard]] bool has(connection_id id) const override;
  [[nodiscard]] const member* get(const pick& what) override;

private:
  detail::rotation members_;
};

} // namespace wspool
