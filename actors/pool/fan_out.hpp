// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "pool/internal_messages.hpp"
#include "protocol/codec.hpp"
#include "runtime/strand_actor.hpp"

#include <cstddef>
#include <functional>
#include <unordered_map>
#include <utility>

namespace wspool {

/// The events that bring messages: of a pool's connection, or of a server's client.
template <class From>
struct events_of;
template <>
struct events_of<connection_id> {
  using single = message_event;
  using batch = messages_event;
};
template <>
struct events_of<client_ref> {
  using single = client_message_event;
  using batch = client_messages_event;
};
static_assert(event::message == server_event::message);

/// Brings a connection's events and messages to subscribers, no faster than these take
/// them: every batch is a request, whose answer (CAF sends one for a handler without a result too)
/// gives the bytes back. When a subscriber holds more than `max_unread_bytes`, the owner stops
/// reading its socket.
///
/// All else is sent without a sender: CAF 0.17 sends back what a handler returns, and an error if
/// there is no handler, as messages that nobody here expects.
class fan_out {
public:
  using actor_type = strand_actor<caf::event_based_actor>;

  /// `on_room` is called, in the actor's context, when reading may go on.
  fan_out(actor_type* self, std::size_t max_unread_bytes, std::function<void()> on_room)
    : self_(self), max_unread_bytes_(max_unread_bytes), on_room_(std::move(on_room)) {}

  /// Takes a new list. Who is not in it any more holds up nobody.
  /// @returns the version of the one before: who came since knows nothing yet.
  std::uint64_t set(internal::parcel<internal::subscribers> list);

  [[nodiscard]] bool wants(std::uint32_t kind) const noexcept {
    return subscribers_.content && (subscribers_->wanted & kind) != 0;
  }

  /// Sends an event to all that want its kind, or to those of them that came after `since`.
  template <class Event>
  void publish(std::uint32_t kind, const Event& event, std::uint64_t since = 0) {
    if (!wants(kind))
      return;
    for (auto& s : subscribers_->list)
      if ((s.what.events & kind) && s.since >= since)
        compat::anon_tell(s.who, event);
  }

  /// Brings messages, named by whom they are from (`events_of`).
  template <class From>
  void deliver(const From& from, message_batch&& messages);

  /// A subscriber is behind: do not read.
  [[nodiscard]] bool full() const noexcept { return full_; }

private:
  void make_room();
  void charge(const caf::actor& who, std::size_t bytes);
  void credit(const caf::actor_addr& who, std::size_t bytes);
  template <class Event>
  void request(const caf::actor& who, Event event, std::size_t bytes);

  actor_type* self_;
  std::size_t max_unread_bytes_;
  std::function<void()> on_room_;
  internal::parcel<internal::subscribers> subscribers_;
  std::unordered_map<caf::actor_addr, std::size_t> unread_bytes_;
  bool full_ = false;
};

} // namespace wspool
