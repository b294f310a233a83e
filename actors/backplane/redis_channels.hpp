// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "backplane/channel_book.hpp"
#include "backplane/listener_table.hpp"
#include "messaging/text_map.hpp"

#include <wspool/error.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace wspool {

/// Which channels this node listens to, and how far Redis knows of it. A value.
///
///     nobody --(first listener: SUBSCRIBE)--> asked --(confirmed)--> heard
///        ^                                                              |
///        '--------------(last one: UNSUBSCRIBE, no wait)----------------'
///
///     link lost: all channels go back to "not asked", and owe their listeners a gap
///     link back: resubscribe() --> asked --> heard --> gap told, with a place if there is one
class redis_channels {
public:
  using listener = listener_table::number;
  /// Called once: `errc::none` when the subscription is confirmed.
  using waiter = std::function<void(errc)>;

  struct entry {
    channel_ref channel;
    std::string tag;
    std::string wire;
    std::vector<listener> to;
    bool asked = false;            ///< the last that was said of it to Redis is SUBSCRIBE
    std::uint32_t unconfirmed = 0; ///< SUBSCRIBEs
    std::vector<waiter> waiting;
    bool owes_gap = false;
    /// The place that was told with the latest gap: messages up to it are in that gap.
    channel_place told;

    [[nodiscard]] bool confirmed() const noexcept { return asked && unconfirmed == 0; }
  };

  /// Adds the listener. @returns the channel; if it is not `asked`, SUBSCRIBE and say `asking`.
  entry& subscribe(const channel_ref& channel, listener who, const std::string& tag,
                   const std::string& wire);
  void asking(entry& what) const;

  /// Removes the listener. @returns the pub/sub channel to UNSUBSCRIBE, if it was the last one.
  std::optional<std::string> unsubscribe(const channel_ref& channel, listener who);
  /// The same for all channels of a listener that is gone.
  std::vector<std::string> drop(listener who);

  /// Redis confirmed one SUBSCRIBE. @returns the channel if it is heard from now on.
  entry* confirm(std::string_view wire);

  /// @returns those who waited for confirmations: they are to be told.
  std::vector<waiter> lose_link();
  /// All channels to SUBSCRIBE to; they count as asked for.
  std::vector<std::string> resubscribe();

  /// A message came: what is to be told before it, if anything, and whether it is to be told.
  struct arrival {
    std::optional<channel_place> gap;
    bool deliver = true;
  };
  [[nodiscard]] arrival on_message(entry& at, const channel_place& place);
  /// Where the channel stands was found out after a gap. @returns the place to tell, unless a
  /// message came before and the gap was told with it.
  [[nodiscard]] std::optional<channel_place> on_place(entry& at, channel_place place);

  [[nodiscard]] entry* find(const channel_ref& channel);
  [[nodiscard]] entry* find_wire(std::string_view wire);
  [[nodiscard]] std::size_t size() const noexcept { return channels_.size(); }

private:
  using map = std::unordered_map<channel_ref, entry, channel_hash>;
  std::optional<std::string> release(map::iterator what);

  map channels_;
  detail::text_map<entry*> wires_;
};

} // namespace wspool
