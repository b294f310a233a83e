// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "bench_case.hpp"
#include "sample.hpp"

#include <chrono>
#include <cstdint>
#include <string>

namespace wspool::bench {

/// What a client process is told.
struct client_job {
  bench_case what;
  std::uint16_t port = 0; ///< of the peer, on 127.0.0.1
  std::chrono::milliseconds warm_up{300};
  std::chrono::milliseconds span{1'000}; ///< that is measured, after the warm-up
};

/// The URL of the job's peer: scheme, host, port and path.
[[nodiscard]] std::string url_of(const client_job& job);

/// Both take the job's time, and run in a process of their own.
/// @throws std::exception if there is no result.
[[nodiscard]] sample run_beast_client(const client_job& job);
[[nodiscard]] sample run_pool_client(const client_job& job);

/// For all that happens before the measured span.
inline constexpr std::chrono::seconds start_limit{10};

} // namespace wspool::bench
