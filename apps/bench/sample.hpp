// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace wspool::bench {

/// What one round of one client came to. What does not apply is 0.
struct sample {
  double messages = 0;    ///< in the measured span; of `connect`: connections
  double seconds = 0;     ///< how long the span was
  double cpu_seconds = 0; ///< of the whole client process, user and system
  double p50_ns = 0;      ///< round trips
  double p99_ns = 0;
  double resident_bytes = 0; ///< that an open connection takes
  std::string error;         ///< why there is no result

  [[nodiscard]] double rate() const noexcept;      ///< messages per second
  [[nodiscard]] double cpu_ns() const noexcept;    ///< for each message
  [[nodiscard]] double cpu_share() const noexcept; ///< of one core, 0 to 1
};

/// One line of JSON, and back. @throws std::exception if the text is not such a line.
[[nodiscard]] std::string to_json(const sample& x);
[[nodiscard]] sample parse_sample(std::string_view json);

/// The medians of several rounds; the first error if all failed.
[[nodiscard]] sample medians(const std::vector<sample>& rounds);

/// A span of time, and the processor time that this process spends in it.
class measured_span {
public:
  /// The span begins. @param count messages so far.
  void begin(double count);
  /// It ends: fills in messages, seconds and CPU seconds.
  void end(double count, sample& result) const;

private:
  std::chrono::steady_clock::time_point began_;
  double cpu_seconds_ = 0;
  double count_ = 0;
};

/// Puts the percentiles of round trips into the sample.
void set_round_trips(sample& result, std::vector<double> nanoseconds);

} // namespace wspool::bench
