// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <wspool/events.hpp>
#include <wspool/server_events.hpp>

#include <string>

namespace wspool::cli {

// Events as `--events` prints them: one JSON object each, "event" first. Durations are in
// milliseconds and end in "_ms". A peer's bytes that are not UTF-8 become '?'.

[[nodiscard]] std::string to_json(const open_event& x);
[[nodiscard]] std::string to_json(const close_event& x);
[[nodiscard]] std::string to_json(const error_event& x);
[[nodiscard]] std::string to_json(const unexpected_response_event& x);
[[nodiscard]] std::string to_json(const upgrade_event& x);
[[nodiscard]] std::string to_json(const ping_event& x);
[[nodiscard]] std::string to_json(const pong_event& x);
[[nodiscard]] std::string to_json(const drain_event& x);
[[nodiscard]] std::string to_json(const ready_event& x);
[[nodiscard]] std::string to_json(const empty_event& x);
[[nodiscard]] std::string to_json(const retry_event& x);
[[nodiscard]] std::string to_json(const given_up_event& x);
[[nodiscard]] std::string to_json(const ejected_event& x);
[[nodiscard]] std::string to_json(const water_event& x);
[[nodiscard]] std::string to_json(const client_arrived_event& x);
[[nodiscard]] std::string to_json(const client_left_event& x);
[[nodiscard]] std::string to_json(const space_empty_event& x);
/// A received message without its data, which are on stdout.
[[nodiscard]] std::string message_to_json(const connection_id& from, message_view message);

} // namespace wspool::cli
