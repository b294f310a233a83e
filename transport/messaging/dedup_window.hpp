// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "messaging/expiring_map.hpp"
#include "messaging/message_id.hpp"
#include "messaging/publication.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace wspool {

/// How long and of how many publications the ids are remembered. An id takes some 200 bytes, so the
/// bounds of ids and publishers together are for the worst; what limits the rate of messages, times
/// the age, is what will be used.
struct dedup_limits {
  std::chrono::milliseconds age{120'000};
  /// Of one publisher: as many as it may have on their way, and more.
  std::size_t ids = 1'000;
  /// The one that has published nothing for the longest time is forgotten for another.
  std::size_t publishers = 10'000;
};

/// Finds out whether a publication came before. A value that takes the time as an argument; time
/// must not run backwards.
///
///     see ---> first: publish it ---> accept, or forget if that failed
///         ---> pending: seen, not yet accepted: nobody knows how that will end
///         ---> accepted: acknowledge it again, do not publish it
///
/// An id is remembered from the moment when it was seen first, duplicates do not prolong it.
class dedup_window {
public:
  using time_point = std::chrono::steady_clock::time_point;

  enum class sighting : std::uint8_t { first, pending, accepted };

  explicit dedup_window(const dedup_limits& limits = {})
    : limits_(limits), publishers_(limits.publishers, limits.age) {}

  /// Publishers are known by what tells them apart on this server: namespace, identity and session,
  /// with a control character between them, which none of them has.
  [[nodiscard]] sighting see(const std::string& publisher, const message_id& id, time_point now);

  /// It was published. Nothing happens if the id is forgotten by now.
  void accept(const std::string& publisher, const message_id& id,
              const std::optional<position>& where, time_point now);

  /// It was not published: the same id will be the first again.
  void forget(const std::string& publisher, const message_id& id, time_point now);

  /// Where the accepted publication stands in its channel, if that has a history.
  [[nodiscard]] std::optional<position> place_of(const std::string& publisher, const message_id& id,
                                                 time_point now);

  void expire(time_point now) { publishers_.expire(now); }
  [[nodiscard]] std::optional<time_point> next_expiry() const { return publishers_.next_expiry(); }
  [[nodiscard]] std::size_t publisher_count() const noexcept { return publishers_.size(); }

private:
  struct outcome {
    bool accepted = false;
    std::optional<position> where;
  };
  using window = detail::expiring_map<message_id, outcome>;

  [[nodiscard]] outcome* find(const std::string& publisher, const message_id& id, time_point now);

  dedup_limits limits_;
  detail::expiring_map<std::string, window> publishers_;
};

} // namespace wspool
