// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "session/session_values.hpp"

#include "protocol/utf8.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <utility>

namespace wspool {

namespace json = boost::json;

channel_place place_of(const std::optional<position>& where) {
  return where ? channel_place{where->epoch, where->offset} : channel_place{};
}

std::optional<position> position_of(const channel_place& place) {
  return place.known() ? std::optional{position{place.epoch, place.offset}} : std::nullopt;
}

channel_person person_of(const channel_member& member) {
  return {member.connection, member.identity};
}

content content_of(const std::optional<payload>& data) {
  if (!data)
    return {};
  if (const auto* bytes = std::get_if<binary_data>(&*data))
    return {bytes->bytes, message_kind::binary};
  return {json::serialize(std::get<json::value>(*data)), message_kind::text};
}

channel_event event_of(const replies::event& heard) {
  const auto& message = *heard.message;
  channel_event result;
  result.channel = message.channel;
  result.data = content_of(message.data);
  if (!message.meta.empty())
    result.meta = json::serialize(message.meta);
  result.place = place_of(heard.where);
  if (message.from)
    result.from = person_of(*message.from);
  return result;
}

presence_page page_of(const replies::presence& heard) {
  presence_page result;
  result.total = heard.total;
  for (const auto& member : heard.members)
    result.people.push_back(person_of(member));
  return result;
}

session_failure read_content(const content& from, std::optional<payload>& to) {
  if (from.kind == message_kind::binary) {
    to = binary_data{from.data};
    return {};
  }
  if (from.data.empty())
    return {};
  json::error_code error;
  auto value = json::parse(from.data, error);
  if (error)
    return {errc::invalid_message, "data is not JSON: " + error.message()};
  to = std::move(value);
  return {};
}

session_failure check_name(std::string_view field, std::string_view text, std::size_t max_bytes) {
  auto is_control = [](unsigned char c) { return c < 0x20 || c == 0x7f; };
  if (!text.empty() && text.size() <= max_bytes && detail::valid_utf8(text)
      && std::none_of(text.begin(), text.end(), is_control))
    return {};
  return {errc::invalid_message, std::string{field} + " must be a text of 1 to "
                                   + std::to_string(max_bytes)
                                   + " bytes without control characters"};
}

namespace {

errc code_of(message_errc code) noexcept {
  switch (code) {
    case message_errc::too_big:
      return errc::too_big;
    case message_errc::limit_exceeded:
      return errc::rate_exceeded;
    case message_errc::deadline_exceeded:
      return errc::expired;
    case message_errc::cancelled:
      return errc::dropped;
    case message_errc::not_connected:
    case message_errc::unavailable:
      return errc::no_connection;
    case message_errc::internal:
      return errc::io_error;
    default:
      return errc::invalid_message;
  }
}

} // namespace

session_failure failure_of(const rejection& why) {
  return {code_of(why.code), std::string{name_of(why.code)} + ": " + why.message};
}

bool is_temporary(const rejection& why) noexcept {
  return why.code == message_errc::unavailable || why.code == message_errc::not_connected;
}

} // namespace wspool
