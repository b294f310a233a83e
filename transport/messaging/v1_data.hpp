// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "messaging/dialect.hpp"
#include "messaging/field_reader.hpp"

#include <boost/json/object.hpp>

#include <optional>
#include <string_view>

namespace wspool::detail {

/// The fields that every message of v1 begins with.
[[nodiscard]] boost::json::object v1_head(boost::json::string_view type,
                                          const std::optional<message_id>& id = {});
[[nodiscard]] boost::json::object v1_head(boost::json::string_view type, const message_id& id);

/// JSON goes among the fields, as `data`; bytes go behind them, and a line feed between.
[[nodiscard]] encoded_message with_data(boost::json::object fields,
                                        const std::optional<payload>& data);

/// A message of v1 before anything of it is read.
struct v1_parts {
  std::string_view fields;
  std::optional<std::string_view> bytes; ///< of a binary message
};

/// None if a binary message does not say where its fields end.
[[nodiscard]] std::optional<v1_parts> split_v1(std::string_view data, message_kind kind);

/// The reverse of `with_data`.
[[nodiscard]] std::optional<payload> read_data(field_reader& in,
                                               const std::optional<std::string_view>& bytes);

} // namespace wspool::detail
