// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

// What the actors of one pool say to each other (see `internal::parcel` in type_ids.hpp).

#include "pool/router.hpp"
#include "pool/segment.hpp"

#include <wspool/retry_policy.hpp>
#include <wspool/type_ids.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace wspool::internal {

/// Dispatcher to connection: messages to write, behind those given before.
struct hand_over {
  std::vector<segment> segments;
};

/// Connection to dispatcher and supervisor: it is open.
struct opened {
  connection_id id;
  caf::actor connection;
  member_info info;
  bool slow_start = false;
  std::string url;                             ///< of the endpoint, without credentials
  std::string origin;                          ///< scheme://host:port
  std::chrono::steady_clock::time_point began; ///< of the attempt
};

/// Connection to dispatcher: the writing went on.
struct advanced {
  connection_id id;
  progress report;
  std::chrono::nanoseconds round_trip{0}; ///< smoothed; 0: no news
};

/// A connection's counts.
struct sample {
  connection_id id;
  traffic total; ///< over its life
  /// Those since the sample before; null if there were none. A histogram is larger than all else
  /// that is kept for an idle connection, so nobody keeps one for each.
  std::shared_ptr<const histogram> round_trips;
  std::chrono::nanoseconds smoothed{0};
};

/// Connection to dispatcher and supervisor: its last word, whatever ended it.
struct ended {
  connection_id id;
  ending how;
  std::string text; ///< for people: what happened
  progress last;
  sample counts;
  std::string url;
  std::string origin;
  std::chrono::milliseconds uptime{0};
  /// Set if the connection was closed on purpose (retired, restarted, pool closing).
  bool on_purpose = false;
};

/// Dispatcher to connections, by way of the supervisor: who wants to know what.
struct subscribers {
  struct entry {
    caf::actor who;
    subscription what;
    std::uint64_t since = 0; ///< the version of the list that it came with
  };
  std::vector<entry> list;
  std::uint32_t wanted = 0; ///< all their event kinds together
  std::uint64_t version = 0;

  /// The next version of the list, with `who` wanting `what` (anew, if it is in it already).
  [[nodiscard]] subscribers with(const caf::actor& who, const subscription& what) const;
  [[nodiscard]] subscribers without(const caf::actor_addr& who) const;
  [[nodiscard]] bool has(const caf::actor_addr& who) const noexcept;

private:
  void changed();
};

/// Supervisor to dispatcher: a slot changed.
struct slots {
  std::uint32_t slot = 0;
  std::uint32_t generation = 0;
  std::string url;
  std::string origin;
  slot_state state = slot_state::connecting;
  bool removed = false;
  std::uint32_t reconnects = 0;
  std::chrono::milliseconds delay{0}; ///< state `waiting`: until the next attempt
  errc why = errc::none;              ///< state `given_up`
  std::uint32_t wanted = 0;           ///< slots of the pool, after this change
};

/// To the dispatcher: an event for all subscribers that want its kind.
struct publication {
  std::uint32_t kind = 0;
  caf::message event;
};

template <class T>
parcel<T> pack(T content) {
  return {std::make_shared<T>(std::move(content))};
}

} // namespace wspool::internal
