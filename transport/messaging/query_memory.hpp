// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "messaging/expiring_map.hpp"
#include "messaging/message_errc.hpp"
#include "messaging/publication.hpp"
#include "messaging/text_map.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace wspool {

struct query_memory_limits {
  /// How long an answer is remembered, from when it was given.
  std::chrono::milliseconds age{120'000};
  /// The one given longest ago is forgotten for another. Each may be as large as a message.
  std::size_t answers = 1'000;
  /// How many repetitions may wait for one query that runs.
  std::size_t waiting = 8;
};

/// Has a query with an idempotency key run once, however often it is asked. A value that takes the
/// time as an argument; time must not run backwards.
///
///     begin ---> run: ask the application ---> finish: answer all who are waiting
///           ---> wait: will be among those that `finish` returns
///           ---> answered: the answer is known
///           ---> conflict: the key belongs to another query; or too many wait
class query_memory {
public:
  using time_point = std::chrono::steady_clock::time_point;
  using answer = std::variant<std::optional<payload>, rejection>;

  enum class beginning : std::uint8_t { run, wait, answered, conflict };

  /// Who asked: a number that the owner knows the connection by, and the id of the query there.
  struct asker {
    std::uint64_t connection = 0;
    message_id id;
    friend bool operator==(const asker&, const asker&) = default;
  };

  explicit query_memory(const query_memory_limits& limits = {})
    : limits_(limits), answers_(limits.answers, limits.age) {}

  /// `key` is the client's key with what tells clients apart on this server. Keys that run are as
  /// many as queries are allowed to.
  [[nodiscard]] beginning begin(const std::string& key, std::string_view name, asker who,
                                time_point now);

  /// The query ended. An answer is remembered; without one (it never ran to its end: no time, no
  /// backplane) the next repetition runs again. @returns who is to be told, the first one first.
  std::vector<asker> finish(const std::string& key, const std::optional<answer>& how,
                            time_point now);

  /// Does not wait any more: cancelled, over its deadline, or gone. The query itself goes on.
  void withdraw(std::string_view key, const asker& who);

  /// Whether anybody waits for a query that runs.
  [[nodiscard]] bool is_awaited(std::string_view key) const;

  /// After `answered`; valid until the next change.
  [[nodiscard]] const answer* find(const std::string& key, time_point now);

  void expire(time_point now) { answers_.expire(now); }
  [[nodiscard]] std::optional<time_point> next_expiry() const { return answers_.next_expiry(); }
  [[nodiscard]] std::size_t running_count() const noexcept { return running_.size(); }
  [[nodiscard]] std::size_t answer_count() const noexcept { return answers_.size(); }

private:
  struct running {
    std::string name;
    std::vector<asker> waiting;
  };
  struct answered {
    std::string name;
    answer how;
  };

  query_memory_limits limits_;
  detail::text_map<running> running_;
  detail::expiring_map<std::string, answered> answers_;
};

} // namespace wspool
