// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "bench_case.hpp"
#include "sample.hpp"
#include "worker_process.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace wspool::bench {

/// How to measure.
struct run_options {
  std::size_t rounds = 5;
  std::chrono::milliseconds span{1'000}; ///< of each round of each client
  std::chrono::milliseconds warm_up{300};
  bool node = true; ///< measure what runs on Node, too
};

/// One client's part in a case.
struct measurement {
  competitor who = competitor::beast;
  std::vector<sample> rounds;
  sample middle; ///< the medians; with an error if no round had a result

  [[nodiscard]] bool good() const noexcept { return middle.error.empty(); }
};

struct case_result {
  bench_case what;
  std::vector<measurement> clients;

  /// That client's, if it took part and there is a result.
  [[nodiscard]] const measurement* find(competitor who) const noexcept;
};

/// Runs cases. The peer of all clients is a process on one core, each round of each client a
/// process of its own on another, so that none profits from what another left behind.
///
/// Thread contract: the main thread of a process that has no others.
class runner {
public:
  /// Starts the peer. @throws std::exception
  explicit runner(const run_options& options);

  /// The clients take turns, round by round. What fails is in the result.
  /// @throws std::runtime_error if the peer is gone.
  [[nodiscard]] case_result run(const bench_case& x);

private:
  sample run_round(competitor who, const bench_case& x);
  std::unique_ptr<worker_process> start(competitor who, const bench_case& x) const;

  run_options options_;
  worker_process peer_;
  std::uint16_t plain_port_ = 0;
  std::uint16_t secure_port_ = 0;
};

/// "v20.1.0", or empty where there is no Node.
[[nodiscard]] std::string node_version();

/// Names of the hidden subcommands that `runner` starts.
inline constexpr auto peer_command = "bench-peer";
inline constexpr auto client_command = "bench-client";

} // namespace wspool::bench
