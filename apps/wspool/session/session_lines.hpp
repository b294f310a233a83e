// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "options/command_options.hpp"

#include <wspool/messaging_events.hpp>

#include <string>
#include <string_view>

namespace wspool::cli {

/// What a line says, as a message carries it.
[[nodiscard]] content content_of_line(std::string_view line, data_format format);

/// What a message carries, as one line without its end. As text, a string without line breaks is
/// itself; everything else is JSON. Bytes are themselves.
[[nodiscard]] std::string line_of(const content& data, data_format format);

/// A message with its channel and place as one JSON object; bytes are in Base64, as `base64`.
[[nodiscard]] std::string whole_line_of(const channel_event& event);

/// "EPOCH:OFFSET". @throws usage_error
[[nodiscard]] channel_place parse_place(const std::string& text);

// Events as `--events` prints them.
[[nodiscard]] std::string to_json(const channel_gap_event& x);
[[nodiscard]] std::string to_json(const channel_presence_event& x);
[[nodiscard]] std::string to_json(const session_open_event& x);
[[nodiscard]] std::string to_json(const subscribe_order& asked, const subscribe_report& x);
[[nodiscard]] std::string to_json(const session_lost_event& x);
[[nodiscard]] std::string to_json(const session_command_event& x);

} // namespace wspool::cli
