// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <cstddef>
#include <string>
#include <sys/types.h>

namespace wspool::bench {

/// The cores of client and peer.
inline constexpr std::size_t client_core = 0;
inline constexpr std::size_t peer_core = 1;

/// What the numbers were measured on.
struct machine {
  std::string cpu;       ///< model, as the system names it
  std::size_t cores = 1; ///< that this process may use
  std::string system;    ///< kernel and its release
};

[[nodiscard]] machine this_machine();

/// Keeps this process, and what it starts, on one of the cores that it may use. On a machine with
/// fewer cores nothing is pinned. @returns whether it was.
bool pin_to(std::size_t core) noexcept;

/// Allows as many open files as the system lets.
void raise_file_limit() noexcept;

/// Memory of this process that is in RAM now, in bytes, without what is a file's: of code, a
/// process that connects for the first time takes in more, whatever a connection needs.
[[nodiscard]] std::size_t resident_bytes();
/// The same of another process; 0 if it is gone.
[[nodiscard]] std::size_t resident_bytes(pid_t process);

} // namespace wspool::bench
