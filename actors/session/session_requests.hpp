// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "messaging/dialect.hpp"
#include "session/session_effects.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace wspool {

enum class session_request_kind : std::uint8_t {
  restore, ///< a subscription that had been accepted, on a further connection
  subscribe,
  unsubscribe,
  publish,
  query,
  command,
  presence,
  disconnect,
};

/// A request without an answer yet.
struct session_request {
  using time_point = std::chrono::steady_clock::time_point;
  session_request_kind kind = session_request_kind::publish;
  session_ticket ticket = 0;
  encoded_message wire;
  time_point deadline{};
  std::string channel;
  session_subscriber subscriber = 0;
  std::optional<position> asked; ///< of `restore` and `subscribe`: where to recover from

  // -- since it was accepted
  std::optional<time_point> first_written;
  std::optional<time_point> last_lost; ///< when the last connection that carried it was gone
  bool written = false;                ///< on this connection
};

/// The requests without an answer, by id and so in the order of their acceptance: what is to be
/// written next, what a lost connection means for each, whose time is over. Pure.
///
/// The server knows the ids of a session's latest 1,000 publications for some time: what is further
/// behind than that, or older, is not written again, since it might be published twice.
class session_requests {
public:
  using time_point = session_request::time_point;
  using entries = std::map<std::uint64_t, session_request>;
  /// Publications from the oldest one without an answer to the newest one written.
  static constexpr std::uint64_t publish_window = 512;
  /// The server remembers answers to keyed queries for two minutes.
  static constexpr std::chrono::seconds query_memory{60};

  std::uint64_t next_id() noexcept { return ++last_id_; }
  void add(std::uint64_t id, session_request request);
  [[nodiscard]] session_request* find(std::uint64_t id);
  /// Takes it out. It is there.
  session_request take(std::uint64_t id);
  [[nodiscard]] const entries& all() const noexcept { return entries_; }
  /// Those that somebody waits for.
  [[nodiscard]] std::size_t pending() const noexcept { return pending_; }

  /// The next one to write: in order of the ids, restored subscriptions first.
  [[nodiscard]] std::optional<std::uint64_t> next_unwritten() const;
  [[nodiscard]] bool any_unwritten() const noexcept { return !unwritten_.empty(); }
  void written(std::uint64_t id, time_point now);
  /// The server refused it for now: it is to be written again.
  void put_back(std::uint64_t id);

  /// What a lost connection makes of all that was written on it: these, which are taken out, have
  /// their outcome; the others are to be written again.
  struct ended {
    session_request request;
    session_failure why; ///< none: it came true
  };
  [[nodiscard]] std::vector<ended> connection_lost(time_point now);
  /// Written before, and too long ago to be written again.
  [[nodiscard]] bool is_too_old(const session_request& request, time_point now) const;

  /// How long the server knows the ids of publications.
  void set_deduplication(std::chrono::milliseconds window) noexcept { deduplication_ = window; }

  [[nodiscard]] std::optional<time_point> next_deadline() const;
  /// One whose deadline has passed.
  [[nodiscard]] std::optional<std::uint64_t> expired(time_point now) const;

private:
  [[nodiscard]] std::optional<session_failure> fate(const session_request& request,
                                                    time_point now) const;

  entries entries_;
  std::set<std::uint64_t> unwritten_;
  std::set<std::uint64_t> restores_;                 ///< of the unwritten ones
  std::map<std::uint64_t, std::uint64_t> publishes_; ///< id to number, of all without an answer
  std::set<std::pair<time_point, std::uint64_t>> deadlines_;
  std::chrono::milliseconds deduplication_{0};
  std::uint64_t last_id_ = 0;
  std::uint64_t last_publish_ = 0;
  std::size_t pending_ = 0;
};

} // namespace wspool
