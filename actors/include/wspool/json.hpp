// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

// JSON as messages, for pools and servers alike. Who includes this links Boost.JSON.

#include <wspool/message.hpp>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <optional>
#include <string_view>
#include <utility>

namespace wspool {

/// The value as a text message:
/// `self->send(server, send_atom_v, to_one(who), json_message({{"ok", 1}}))`.
/// Numbers that JSON does not have (infinities) are written as Boost.JSON writes them, `1e99999`.
[[nodiscard]] inline outgoing json_message(const boost::json::value& value,
                                           send_options options = {}) {
  return {boost::json::serialize(value), std::move(options)};
}

/// What a received text says; none if it is not JSON (RFC 8259), or nested deeper than 32 levels.
[[nodiscard]] inline std::optional<boost::json::value> read_json(std::string_view text) {
  boost::system::error_code bad;
  auto result = boost::json::parse(text, bad);
  if (bad)
    return std::nullopt;
  return result;
}

} // namespace wspool
