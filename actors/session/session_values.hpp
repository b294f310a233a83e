// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "messaging/replies.hpp"

#include <wspool/messaging_events.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace wspool {

/// Why a request failed, for programs and for people.
struct session_failure {
  errc code = errc::none;
  std::string text; ///< what the server said, or which argument was wrong
};

/// The protocol's own values as users of a session see them, and the reverse.
[[nodiscard]] channel_place place_of(const std::optional<position>& where);
[[nodiscard]] std::optional<position> position_of(const channel_place& place);
[[nodiscard]] channel_person person_of(const channel_member& member);
/// Of nothing: empty text.
[[nodiscard]] content content_of(const std::optional<payload>& data);
[[nodiscard]] channel_event event_of(const replies::event& heard);
[[nodiscard]] presence_page page_of(const replies::presence& heard);

/// Empty text is nothing. @returns what is wrong with text that is not one JSON value.
[[nodiscard]] session_failure read_content(const content& from, std::optional<payload>& to);

/// Whether a server could take it as a name; `field` is told in the failure.
[[nodiscard]] session_failure check_name(std::string_view field, std::string_view text,
                                         std::size_t max_bytes);

/// What a refusal is in this library's words; the text has the server's.
[[nodiscard]] session_failure failure_of(const rejection& why);

/// Whether the same request may be accepted a little later.
[[nodiscard]] bool is_temporary(const rejection& why) noexcept;

} // namespace wspool
