// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace wspool::cli {

/// Takes the ordering key of a message from a field of its JSON object.
///
/// A name means a field of the outermost object; what begins with '/' is a JSON pointer (RFC
/// 6901). Strings, numbers and booleans are keys by their text. @returns a function that gives 0
/// for a message without such a field, or that is no JSON; these travel without an order.
[[nodiscard]] std::function<std::uint64_t(std::string_view)> make_key_function(std::string field);

/// What would have been right instead of a malformed pointer; empty if all is well.
[[nodiscard]] std::string expected_key_field(const std::string& field);

} // namespace wspool::cli
