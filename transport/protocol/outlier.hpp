// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <wspool/retry_policy.hpp>

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

namespace wspool {

/// Decides which endpoints of a pool are left alone for a while. A value that takes the time as an
/// argument; its owner must not let time run backwards.
///
///     usable --(failures in a row)--> ejected --(until)--> usable
///                                        ^------ longer each time; forgotten again, one step
///                                                for each `base` spent usable
///
/// At least one endpoint stays usable. When the last usable one fails too often, it is not ejected;
/// instead the one whose ejection would end first returns early: by now it is the better bet.
class outlier_detector {
public:
  using time_point = std::chrono::steady_clock::time_point;

  explicit outlier_detector(const ejection_options& options) : options_(options) {}

  /// Endpoints are known by numbers that their owner gives out. Adding one twice changes nothing.
  void add(std::uint32_t endpoint);
  void remove(std::uint32_t endpoint);

  /// An attempt or a connection failed in a way that the policy calls the endpoint's fault.
  /// @returns until when the endpoint is ejected, by this failure or already.
  std::optional<time_point> on_failure(std::uint32_t endpoint, time_point now);

  /// A connection to it stayed open for the minimum uptime. Ends the row of failures, but not an
  /// ejection.
  void on_success(std::uint32_t endpoint, time_point now);

  /// None if it is usable (or unknown).
  [[nodiscard]] std::optional<time_point> ejected_until(std::uint32_t endpoint,
                                                        time_point now) const;

  /// Endpoints whose ejection ended since the last call, by time or early. To be asked at
  /// `next_return`, and after `on_failure` and `remove`.
  [[nodiscard]] std::vector<std::uint32_t> take_returned(time_point now);

  /// When the next ejection ends; none if there is no ejection that `take_returned` did not tell.
  [[nodiscard]] std::optional<time_point> next_return() const;

private:
  struct state {
    std::uint32_t streak = 0;    ///< failures in a row
    std::uint32_t ejections = 0; ///< how often, less what was forgotten
    bool ejected = false;        ///< and not yet told by `take_returned`
    time_point until{};          ///< of the last ejection
    time_point usable_since{};   ///< from where the forgetting counts
  };
  using states = std::map<std::uint32_t, state>;

  [[nodiscard]] static bool is_usable(const state& x, time_point now) noexcept {
    return !x.ejected || x.until <= now;
  }
  [[nodiscard]] bool another_is_usable(std::uint32_t endpoint, time_point now) const;
  void return_one();
  void eject(state& x, time_point now);
  void forget(state& x, time_point now) const;

  ejection_options options_;
  states endpoints_;
};

} // namespace wspool
