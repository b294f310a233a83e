// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "broker/conversions.hpp"

#include "messaging/json_data.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <utility>

namespace wspool {

namespace json = boost::json;

content to_content(const std::optional<payload>& data) {
  if (!data)
    return {};
  if (const auto* binary = std::get_if<binary_data>(&*data))
    return {binary->bytes, message_kind::binary};
  return {json::serialize(std::get<json::value>(*data)), message_kind::text};
}

bool from_content(const content& from, std::optional<payload>& to) {
  if (from.kind == message_kind::binary) {
    to = binary_data{from.data};
    return true;
  }
  to.reset();
  if (from.data.empty())
    return true;
  json::error_code error;
  auto value = json::parse(from.data, error);
  if (error || !detail::can_be_written(value))
    return false;
  to = std::move(value);
  return true;
}

std::optional<position> to_position(const channel_place& place) {
  if (!place.known())
    return std::nullopt;
  return position{place.epoch, place.offset};
}

channel_place to_place(const std::optional<position>& where) {
  return where ? channel_place{where->epoch, where->offset} : channel_place{};
}

channel_member to_member(const channel_person& person) {
  return {person.connection, person.identity};
}

std::string text_of(const message_id& id) { return json::serialize(to_json(id)); }

} // namespace wspool
