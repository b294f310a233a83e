// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "messaging/v1_data.hpp"

#include "messaging/json_text.hpp"

#include <string>
#include <utility>

namespace wspool::detail {

boost::json::object v1_head(boost::json::string_view type, const std::optional<message_id>& id) {
  return id ? v1_head(type, *id) : boost::json::object{{"type", type}};
}

boost::json::object v1_head(boost::json::string_view type, const message_id& id) {
  return {{"type", type}, {"id", to_json(id)}};
}

encoded_message with_data(boost::json::object fields, const std::optional<payload>& data) {
  if (data)
    if (auto* value = std::get_if<boost::json::value>(&*data))
      fields["data"] = *value;
  auto result = write_fields(fields);
  if (data)
    if (auto* binary = std::get_if<binary_data>(&*data)) {
      result.kind = message_kind::binary;
      result.data.append("\n").append(binary->bytes);
    }
  return result;
}

std::optional<v1_parts> split_v1(std::string_view data, message_kind kind) {
  if (kind == message_kind::text)
    return v1_parts{data, std::nullopt};
  // Written on one line, fields have no line feed; so the first one ends them.
  const auto end = data.find('\n');
  if (end == data.npos)
    return std::nullopt;
  return v1_parts{data.substr(0, end), data.substr(end + 1)};
}

std::optional<payload> read_data(field_reader& in, const std::optional<std::string_view>& bytes) {
  if (bytes) {
    if (in.has("data"))
      in.refuse(message_errc::invalid_field, "data", "must be behind the fields or among them");
    return payload{binary_data{std::string{*bytes}}};
  }
  if (auto value = in.value("data"))
    return payload{std::move(*value)};
  return std::nullopt;
}

} // namespace wspool::detail
