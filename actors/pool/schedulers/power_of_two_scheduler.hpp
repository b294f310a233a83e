// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "pool/schedulers/rotation.hpp"

#include <random>

namespace wspool {

/// Draws two members and takes the one with less in flight: nearly as even as looking at all, in
/// constant time, and without the herd that looks at all at the same moment.
class power_of_two_scheduler final : public scheduler {
public:
  explicit power_of_two_scheduler(std::uint64_t seed) : engine_(seed) {}

  void add(const member& m) override;
  void remove(connection_id id) override;
  [[nodiscard]] bool has(connection_id id) const override;
  [[nodiscard]] const member* get(const pick& what) override;

private:
  [[nodiscard]] std::size_t below(std::size_t end);
  [[nodiscard]] const member* of_those_with_room();

  detail::rotation members_;
  std::mt19937_64 engine_;
};

} // namespace wspool
