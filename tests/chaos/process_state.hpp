// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <cstddef>
#include <string>

namespace wspool::chaos {

/// What this process holds of the system, from /proc.
struct process_state {
  std::size_t descriptors = 0;
  std::size_t threads = 0;

  [[nodiscard]] static process_state now();
  friend bool operator==(const process_state&, const process_state&) = default;
};
[[nodiscard]] std::string to_string(const process_state& x);
/// What the open descriptors are, for the report of a leak.
[[nodiscard]] std::string list_descriptors();

/// Resident memory, after freed memory has been given back.
[[nodiscard]] std::size_t resident_kib();
/// Memory that was allocated and not freed.
[[nodiscard]] std::size_t allocated_kib();

/// While it lives, only so many further descriptors can be opened.
class scarce_descriptors {
public:
  explicit scarce_descriptors(std::size_t spare);
  scarce_descriptors(const scarce_descriptors&) = delete;
  scarce_descriptors& operator=(const scarce_descriptors&) = delete;
  ~scarce_descriptors();

private:
  unsigned long soft_ = 0;
  unsigned long hard_ = 0;
};

/// Has all threads share a few heaps: each would keep some of what passed through it.
void keep_memory_together();

/// Lets the process open as many descriptors as it may. @returns how many these are.
std::size_t raise_descriptor_limit();

} // namespace wspool::chaos
