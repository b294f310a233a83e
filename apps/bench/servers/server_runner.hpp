// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "bench/servers/server_case.hpp"

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

namespace wspool::bench {

/// What one round came to.
struct server_sample {
  double per_second = 0; ///< deliveries, or connections accepted
  double p50_us = 0;     ///< of the delay from publishing to receiving
  double p99_us = 0;
  double bytes_each = 0; ///< resident, of an idle connection
  std::string error;     ///< why there is no result; empty: there is one
};

struct server_measurement {
  server_kind who = server_kind::beast;
  server_sample middle; ///< medians
  std::vector<server_sample> rounds;
};

struct server_result {
  server_case what;
  std::vector<server_measurement> servers;
  [[nodiscard]] const server_measurement* find(server_kind who) const noexcept;
};

struct server_run_options {
  std::size_t rounds = 3;
  /// Of those that last as long as opening connections takes, not `span`: so many times as often.
  std::size_t short_rounds = 5;
  std::chrono::milliseconds warm_up{300};
  std::chrono::milliseconds span{1'000};
  bool node = true;
};

/// Takes turns between the servers, each round in a fresh process on one core, with the crowd on
/// the other.
[[nodiscard]] server_result run_server_case(const server_case& x,
                                            const server_run_options& options);

/// How a server process is called: `bench-server KIND`. It prints its port and runs until it is
/// killed.
inline constexpr const char* server_command = "bench-server";

/// The two that this program can be. They do not return. @throws std::exception
void run_hub_server();
void run_beast_server();

} // namespace wspool::bench
