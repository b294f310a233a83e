// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "messaging/dialect.hpp"

#include <boost/json/object.hpp>

#include <string>
#include <string_view>
#include <variant>

namespace wspool::detail {

/// The fields of a message, or why they cannot be read: too big, not JSON, too deep, or no object.
/// Of a field that is there twice, the last one counts.
[[nodiscard]] std::variant<boost::json::object, rejection>
read_fields(std::string_view text, const request_limits& limits);

/// The same for dialects that know only text: a binary message is refused.
[[nodiscard]] std::variant<boost::json::object, rejection>
read_text_fields(std::string_view data, message_kind kind, const request_limits& limits);

/// For a message with more than its fields: `read_fields` counts only those.
[[nodiscard]] rejection too_big(const request_limits& limits);

/// The reverse of `read_fields`, in the order of the fields.
[[nodiscard]] encoded_message write_fields(const boost::json::object& fields);

/// What somebody else wrote, fit to be quoted in an error or a log: short, and without control
/// characters.
[[nodiscard]] std::string quotable(std::string_view text);

} // namespace wspool::detail
