// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <wspool/close_code.hpp>
#include <wspool/connect_options.hpp>
#include <wspool/error.hpp>

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string_view>

namespace wspool {

/// What to do about a slot whose connection ended.
enum class retry_action : std::uint8_t {
  reconnect,      ///< after a backoff
  restart_window, ///< after 0–5 s or the peer's hint; the backoff is not reset (1012)
  long_backoff,   ///< after a backoff that starts at ten times the base, or the peer's hint (1013)
  refresh_once,   ///< with fresh credentials, once; then give up (1008, 4401, HTTP 401 and 403)
  give_up,        ///< never again
};

[[nodiscard]] std::string_view to_string(retry_action value) noexcept;

/// How a connection ended, as far as it matters for what comes next.
struct ending {
  errc why = errc::none;
  /// The connection had been open.
  bool was_open = false;
  /// Set if it was open: code and reason.
  std::optional<close_info> close;
  /// Status of a refused upgrade; 0 if none came.
  unsigned http_status = 0;
  /// `Retry-After` of a refusal. If there is none, `decide` looks for a hint in the close reason.
  std::optional<std::chrono::milliseconds> retry_after;
};

/// The longest wait that a peer's hint can ask for; a longer one is cut down to it.
inline constexpr std::chrono::hours longest_hint{24};

/// What the policy made of an ending.
struct retry_decision {
  retry_action action = retry_action::reconnect;
  /// A lower bound of the delay: the peer's hint, at most `longest_hint`.
  std::chrono::milliseconds at_least{0};
  /// For `restart_window`: the first delay is drawn from 0 to this.
  std::chrono::milliseconds window{0};
  /// It counts toward ejecting the endpoint.
  bool endpoint_fault = false;
  /// Unsent messages that the peer called too big must not go out again (1009).
  bool message_fault = false;
};

/// The table of `conventions`: close codes and HTTP statuses to actions, each overridable.
struct retry_policy {
  std::map<std::uint16_t, retry_action> close_codes; ///< overrides
  std::map<unsigned, retry_action> statuses;         ///< overrides

  [[nodiscard]] retry_action on_close(std::uint16_t code) const;
  [[nodiscard]] retry_action on_status(unsigned status) const;
  /// Pure: the same ending always gives the same decision. `refresh_once` is what the table says;
  /// whether the one refresh was used already is the caller's to know.
  [[nodiscard]] retry_decision decide(const ending& how) const;
};

/// `Retry-After`: seconds or an HTTP date (RFC 9110 §10.2.3), relative to `now`.
[[nodiscard]] std::optional<std::chrono::milliseconds>
parse_retry_after(std::string_view value, std::chrono::system_clock::time_point now);

/// A hint within the reason of a close frame (1012, 1013): `retry-after=30`, `retry-after: 500ms`.
/// A plain number is seconds; the name may stand anywhere in the reason, in any case.
[[nodiscard]] std::optional<std::chrono::milliseconds> parse_close_hint(std::string_view reason);

/// Delays that grow from attempt to attempt.
struct reconnect_options {
  std::chrono::milliseconds initial{1'000};  ///< ceiling of the first delay
  std::chrono::milliseconds maximum{30'000}; ///< ceiling of all delays
  double multiplier = 2.0;
  /// Consecutive attempts before a slot is given up; none: unlimited. 0: never reconnect.
  std::optional<std::uint32_t> attempts;
  /// An uptime below this does not reset the backoff: a server that accepts and closes at once
  /// must see growing intervals.
  std::chrono::milliseconds minimum_uptime{5'000};
};

/// Ejection of endpoints that keep failing, while another one still serves.
struct ejection_options {
  std::uint32_t failures = 5;                 ///< in a row; 0: never eject
  std::chrono::milliseconds base{30'000};     ///< first ejection; each further one is longer by it
  std::chrono::milliseconds maximum{300'000}; ///< the longest
  std::chrono::milliseconds slow_start{10'000}; ///< in which a recovered one's share grows to full
};

} // namespace wspool
