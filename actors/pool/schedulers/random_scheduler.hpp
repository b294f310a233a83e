// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "pool/schedulers/rotation.hpp"

#include <random>

namespace wspool {

/// Each member that is not full with the same probability.
class random_scheduler final : public scheduler {
public:
  explicit random_scheduler(std::uint64_t seed) : engine_(seed) {}

  void add(const member& m) override;
  void remove(connection_id id) override;
  [[nodiscard]] bool has(connection_id id) const override;
  [[nodiscard]] const member* get(const pick& what) override;

private:
  [[nodiscard]] std::size_t below(std::size_t end);

  detail::rotation members_;
  std::mt19937_64 engine_;
};

} // namespace wspool
