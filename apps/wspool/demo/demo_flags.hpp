// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <chrono>
#include <cstdint>

namespace wspool::cli {

class settings;

/// `demo`'s own.
struct demo_flags {
  std::chrono::milliseconds duration{10'000};
  std::uint32_t connections = 8;
  std::uint32_t rate = 200'000; ///< messages per second
  std::chrono::milliseconds kill_every{200};
};

/// Adds their section to the table, which refers to `flags` from now on.
void describe(settings& table, demo_flags& flags);

} // namespace wspool::cli
