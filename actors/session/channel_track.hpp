// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "messaging/publication.hpp"

#include <cstdint>
#include <optional>

namespace wspool {

/// What one subscriber has seen of one channel, and what a message is to it: each one once and in
/// order, or a gap is told. Pure.
///
///     waiting --begin--> live --lose--> lost --rejoin--> live
class channel_track {
public:
  enum class verdict : std::uint8_t {
    pass,   ///< the next one
    ignore, ///< seen before, or not meant for this subscriber
    jump,   ///< messages are missing before it: a gap, then this one
  };

  /// The server accepted the subscription. `from`: the last message seen in an earlier life.
  void begin(const std::optional<position>& from, const std::optional<position>& where,
             bool recovered);
  /// Begins beside another subscriber of the same channel, at its place.
  void begin_beside(const channel_track& other);
  /// The connection is gone; what it still brings is not counted on.
  void lose() noexcept;
  /// The server accepted the subscription on another connection, where `asked` was said.
  /// @returns whether there is a gap.
  [[nodiscard]] bool rejoin(const std::optional<position>& asked,
                            const std::optional<position>& where, bool recovered);

  [[nodiscard]] verdict on_event(const std::optional<position>& where);
  /// The server says that messages may be missing. @returns whether that is news to this one.
  [[nodiscard]] bool on_gap(const std::optional<position>& where);

  [[nodiscard]] bool begun() const noexcept { return state_ != state::waiting; }
  [[nodiscard]] bool live() const noexcept { return state_ == state::live; }
  [[nodiscard]] bool lost() const noexcept { return state_ == state::lost; }
  /// The last message seen, or where the subscription began; none without a history.
  [[nodiscard]] const std::optional<position>& place() const noexcept { return place_; }

private:
  enum class state : std::uint8_t { waiting, live, lost };

  state state_ = state::waiting;
  std::optional<position> place_;
};

} // namespace wspool
