// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "messaging/message_id.hpp"
#include "messaging/publication.hpp"

#include <wspool/messaging_events.hpp>

#include <optional>
#include <string>

namespace wspool {

// Between what dialects know, JSON values, and what actors exchange, texts. Pure.

[[nodiscard]] content to_content(const std::optional<payload>& data);

/// Empty text is no data. @returns whether it is JSON, or bytes.
[[nodiscard]] bool from_content(const content& from, std::optional<payload>& to);

[[nodiscard]] std::optional<position> to_position(const channel_place& place);
[[nodiscard]] channel_place to_place(const std::optional<position>& where);
[[nodiscard]] channel_member to_member(const channel_person& person);

/// An id as JSON: 7 and "7" are two.
[[nodiscard]] std::string text_of(const message_id& id);

} // namespace wspool
