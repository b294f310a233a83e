// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <boost/json/value.hpp>

#include <cstdint>
#include <string>
#include <variant>

namespace wspool {

/// What a message is known by to its sender. Its JSON type is kept, so that an answer carries the
/// very id that was asked with: 7 and "7" are two ids.
using message_id = std::variant<std::int64_t, std::uint64_t, double, std::string>;

/// The id as it stands in a message.
[[nodiscard]] boost::json::value to_json(const message_id& id);

} // namespace wspool
