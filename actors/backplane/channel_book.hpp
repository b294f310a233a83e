// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "messaging/channel_history.hpp"

#include <wspool/backplane.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <optional>
#include <queue>
#include <string>
#include <unordered_map>
#include <vector>

namespace wspool {

struct channel_hash {
  [[nodiscard]] std::size_t operator()(const channel_ref& x) const noexcept {
    const auto first = std::hash<std::string>{}(x.space);
    return first ^ (std::hash<std::string>{}(x.name) + 0x9e3779b97f4a7c15U + (first << 6));
  }
};

/// All channels of a backplane in memory: who listens, what was published, who is present. A value
/// that takes the time, and the names of epochs, as arguments; time must not run backwards.
///
/// A channel that nobody listens to and nobody is in is *idle*: it is there for as long as a
/// message of it may be kept, so that who comes back finds the same epoch, or until the room is
/// needed for another one.
class channel_book {
public:
  using time_point = std::chrono::steady_clock::time_point;
  /// Who listens, as numbered by the book's owner.
  using listener = std::uint32_t;
  using listeners = std::vector<listener>;
  using epoch_maker = std::function<std::string()>;

  channel_book(const history_options& history, std::size_t max_channels, epoch_maker new_epoch);

  /// @returns false if there is no room for one more channel.
  [[nodiscard]] bool subscribe(const channel_ref& channel, listener who, time_point now);
  void unsubscribe(const channel_ref& channel, listener who, time_point now);

  struct published {
    bool accepted = false; ///< there was room for the channel
    channel_place place;
    const listeners* to = nullptr; ///< valid until the book is changed; null: nobody
  };
  /// Copies the body only if there is a history.
  published publish(const channel_ref& channel, const std::string& body, time_point now);

  [[nodiscard]] history_page since(const channel_ref& channel, const channel_place& seen,
                                   time_point now);

  enum class entering : std::uint8_t { entered, was_there, no_room };
  /// Who is there already belongs to the latest listener that says so.
  [[nodiscard]] entering enter(const channel_ref& channel, listener who,
                               const channel_person& person, time_point now);
  /// @returns whether the person was there, by this listener.
  bool exit(const channel_ref& channel, listener who, const channel_person& person, time_point now);
  [[nodiscard]] presence_page people(const channel_ref& channel, std::uint32_t limit) const;

  struct departure {
    channel_ref channel;
    channel_person person;
  };
  /// The listener is gone, with its subscriptions and with those who were present by it.
  [[nodiscard]] std::vector<departure> drop(listener who, time_point now);

  [[nodiscard]] const listeners* listeners_of(const channel_ref& channel) const;

  /// Gives back the memory of what is too old.
  void expire(time_point now);
  /// When `expire` may have something to do; none if nothing is kept.
  [[nodiscard]] std::optional<time_point> next_expiry() const;

  [[nodiscard]] std::size_t size() const noexcept { return channels_.size(); }
  /// Channels that somebody listens to.
  [[nodiscard]] std::size_t heard() const noexcept { return heard_; }

private:
  struct entry {
    listeners to;
    std::map<channel_person, listener> people;
    std::optional<basic_channel_history<std::string>> history;
    std::uint64_t serial = 0;
    time_point touched;  ///< last used by somebody
    time_point due;      ///< of its deadline
    bool queued = false; ///< there is a `deadline` for it
    bool idle = false;
    std::list<const channel_ref*>::iterator place_in_line;
  };
  /// When a channel is to be looked at. One of a channel that is not there any more is ignored.
  struct deadline {
    time_point due;
    std::uint64_t serial;
    channel_ref channel;
    friend bool operator>(const deadline& a, const deadline& b) { return a.due > b.due; }
  };
  using map = std::unordered_map<channel_ref, entry, channel_hash>;

  /// The channel, made if need be; null if there is no room.
  map::value_type* obtain(const channel_ref& channel, time_point now);
  map::value_type* make(const channel_ref& channel, time_point now);
  void set_idle(map::value_type& what, time_point now);
  void set_busy(entry& what);
  /// After somebody left it.
  void released(map::value_type& what, time_point now);
  void forget(map::iterator what);
  void look_later(map::value_type& what, time_point due);
  void compact_deadlines();
  void remove_listener(entry& from, listener who);

  history_options options_;
  std::size_t max_channels_;
  epoch_maker new_epoch_;
  map channels_;
  std::list<const channel_ref*> line_; ///< idle channels, the longest idle first
  std::priority_queue<deadline, std::vector<deadline>, std::greater<>> deadlines_;
  std::uint64_t next_serial_ = 1;
  std::size_t heard_ = 0;
};

} // namespace wspool
