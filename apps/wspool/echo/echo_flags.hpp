// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <chrono>
#include <cstddef>
#include <string>

namespace wspool::cli {

class settings;

/// `echo`'s own.
struct echo_flags {
  std::string listen = "127.0.0.1:9001";
  bool discard = false;
  bool compress = false;
  std::string certificate;
  std::string key;
  std::size_t max_message_bytes = 16 * 1024 * 1024;
  std::chrono::milliseconds kill_every{0}; ///< a fault for demonstrations: 0: never
  std::chrono::milliseconds kill_for{0};   ///< from the start on; 0: without end
};

/// Adds their section to the table, which refers to `flags` from now on.
void describe(settings& table, echo_flags& flags);

} // namespace wspool::cli
