// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "messaging/message_id.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace wspool {

/// Why a client's message was refused. The names are part of the protocol (PROTOCOL.md, "Errors").
enum class message_errc : std::uint8_t {
  // -- found by a dialect's decoder: nothing has happened
  invalid_json,    ///< not JSON
  invalid_message, ///< JSON, but no object; or text where bytes are due, or the reverse
  too_big,         ///< more bytes than a message may have
  too_deep,        ///< more arrays and objects in each other than allowed
  unknown_type,    ///< no such type of message
  missing_field,   ///< a field that must be there is not
  unknown_field,   ///< a field that this type of message does not have
  invalid_field,   ///< a field of a wrong type, or outside of its limits
  // -- found by the server
  not_connected,     ///< something came before `connect`
  unauthorized,      ///< the token is missing, wrong or over
  forbidden,         ///< not allowed to this identity
  not_found,         ///< there is no such query or command
  conflict,          ///< the id or the key is in use for something else
  limit_exceeded,    ///< too many channels, queries, ...
  deadline_exceeded, ///< the query was not answered in time
  cancelled,         ///< the query was cancelled
  unavailable,       ///< not now: draining, or the backplane is away
  internal,          ///< the server's own fault
};

/// The error's name on the wire, e.g. "invalid_field".
[[nodiscard]] std::string_view name_of(message_errc code) noexcept;
/// None if there is no such error (here: a newer server may have more).
[[nodiscard]] std::optional<message_errc> message_errc_by_name(std::string_view name) noexcept;

/// The refusal of a message: what a decoder returns instead of a request, and what the client gets.
struct rejection {
  message_errc code = message_errc::internal;
  std::string field;            ///< which field was wrong; empty: the message as a whole
  std::string message;          ///< a sentence for people; names the field, too
  std::optional<message_id> id; ///< of the refused message, if that much could be read
  std::optional<std::chrono::milliseconds> retry_after; ///< with `unavailable`
  friend bool operator==(const rejection&, const rejection&) = default;
};

} // namespace wspool
