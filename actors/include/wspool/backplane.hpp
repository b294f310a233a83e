// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

// What connects the brokers of several nodes: the messages, the history and the members of channels
// that are the same for all of them.

#include <wspool/error.hpp>
#include <wspool/messaging_type_ids.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace wspool {

/// The address of a backplane. `listener` is the node that asks, by its broker; when that actor
/// ends, its subscriptions and members are dropped.
///
/// | message | answer |
/// |---|---|
/// | `subscribe_atom, listener, channel_ref` | from now on the listener gets the channel's events |
/// | `unsubscribe_atom, listener, channel_ref` | no more events but those that are on their way |
/// | `publish_atom, publish_batch` | `publish_outcomes`: one for each, in their order |
/// | `history_atom, channel_ref, channel_place` | `history_page`: what came after the place |
/// | `enter_atom, listener, channel_ref, channel_person` | it is present |
/// | `exit_atom, listener, channel_ref, channel_person` | it is not any more |
/// | `presence_atom, channel_ref, limit` | `presence_page` |
/// | `recall_atom, client` | `channel_list`: where it was when it left; it is there again now |
/// | `remember_atom, client, channel` / `forget_atom, …` | noted |
/// | `depart_atom, client` | it is away: what is remembered of it lasts for a time |
/// | `claim_atom, key, owner, ms` | `claim_report`: whether the owner is to do it, for so long |
/// | `settle_atom, key, owner, text, ms` | noted for so long; empty: the claim is given up |
/// | `stats_atom` | `backplane_stats` |
///
/// Of those who claim a key, one owner at a time has it, until it settles or the time is over; who
/// claims it again has it, and for so long from then on. Settling what another owner has, or has
/// settled, does nothing.
///
/// Answers to one asker come in the order of the requests. What one asker publishes to one channel
/// reaches every listener in that order, and a listener on the publisher's own node exactly as the
/// others: once, by its subscription. Listeners get `backplane_events`; those of one channel in the
/// order of their offsets. A backplane that has no connection answers at once with
/// `errc::no_connection`; it queues nothing.
using backplane_actor = compat::typed_actor<
  caf::result<void>(subscribe_atom, caf::actor, channel_ref),
  caf::result<void>(unsubscribe_atom, caf::actor, channel_ref),
  caf::result<publish_outcomes>(publish_atom, publish_batch),
  caf::result<history_page>(history_atom, channel_ref, channel_place),
  caf::result<void>(enter_atom, caf::actor, channel_ref, channel_person),
  caf::result<void>(exit_atom, caf::actor, channel_ref, channel_person),
  caf::result<presence_page>(presence_atom, channel_ref, std::uint32_t),
  caf::result<channel_list>(recall_atom, std::string),
  caf::result<void>(remember_atom, std::string, std::string),
  caf::result<void>(forget_atom, std::string, std::string),
  caf::result<void>(depart_atom, std::string),
  caf::result<claim_report>(claim_atom, std::string, std::string, std::uint64_t),
  caf::result<void>(settle_atom, std::string, std::string, std::string, std::uint64_t),
  caf::result<backplane_stats>(stats_atom)>;

/// What a channel keeps. All zero: no history, and no places.
struct history_options {
  std::size_t max_messages = 0;
  std::size_t max_bytes = 1024 * 1024;
  std::chrono::milliseconds max_age{300'000};
};

/// What all backplanes have in common.
struct backplane_options {
  history_options history;
  /// How long the key of a publication is remembered, so that the same again is not published.
  std::chrono::milliseconds deduplication{120'000};
  /// After this a node that says nothing is dead, and its members are gone. Redis only.
  std::chrono::milliseconds node_timeout{60'000};
  /// How long the channels of a client that is away are remembered.
  std::chrono::milliseconds memory{86'400'000};
  /// Channels with a listener, a member or a history. In memory only: above, channels that nobody
  /// is in are forgotten, the longest idle first; if there are none, `errc::queue_full`.
  std::size_t max_channels = 100'000;
};

/// Checks every field. The failure's detail names the field and quotes its value.
[[nodiscard]] failure validate(const backplane_options& options);

/// A backplane for the brokers of one process: everything is in its memory, and gone with it. It
/// ends when nobody refers to it any more.
/// @throws invalid_options
[[nodiscard]] backplane_actor spawn_memory_backplane(caf::actor_system& system,
                                                     const backplane_options& options);

} // namespace wspool
