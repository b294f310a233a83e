// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "session/session_lines.hpp"

#include "process/text.hpp"
#include "settings/setting_targets.hpp"

#include <boost/beast/core/detail/base64.hpp>
#include <boost/json.hpp>

namespace wspool::cli {

namespace {

namespace json = boost::json;

std::string base64_of(std::string_view bytes) {
  namespace base64 = boost::beast::detail::base64;
  std::string result(base64::encoded_size(bytes.size()), '\0');
  result.resize(base64::encode(result.data(), bytes.data(), bytes.size()));
  return result;
}

/// It was written by the library: it is JSON.
json::value value_of(const std::string& text) {
  json::error_code ignored;
  json::parse_options options;
  options.max_depth = 256;
  return json::parse(text, ignored, {}, options);
}

void add_data(json::object& to, const content& data) {
  if (data.kind == message_kind::binary)
    to["base64"] = base64_of(data.data);
  else if (!data.data.empty())
    to["data"] = value_of(data.data);
}

void add_place(json::object& to, const channel_place& place) {
  if (!place.known())
    return;
  to["epoch"] = place.epoch;
  to["offset"] = place.offset;
}

json::object member_of(const channel_person& who) {
  json::object result{{"connection", who.connection}};
  if (!who.identity.empty())
    result["identity"] = who.identity;
  return result;
}

} // namespace

content content_of_line(std::string_view line, data_format format) {
  if (format == data_format::json)
    return {std::string{line}};
  return {json::serialize(json::string{line})};
}

std::string line_of(const content& data, data_format format) {
  if (format == data_format::json || data.kind == message_kind::binary)
    return data.data;
  const auto value = value_of(data.data);
  const auto* text = value.if_string();
  if (text == nullptr || text->find_first_of("\r\n") != json::string::npos)
    return data.data;
  return std::string{*text};
}

std::string whole_line_of(const channel_event& event) {
  json::object result{{"channel", event.channel}};
  add_place(result, event.place);
  if (!event.from.connection.empty())
    result["from"] = member_of(event.from);
  if (!event.meta.empty())
    result["meta"] = value_of(event.meta);
  add_data(result, event.data);
  return json::serialize(result);
}

channel_place parse_place(const std::string& text) {
  const auto colon = text.rfind(':');
  const auto offset =
    colon == text.npos ? std::nullopt : parse_number(std::string_view{text}.substr(colon + 1));
  if (!offset || colon == 0)
    throw usage_error("--recover: \"" + printable(text) + "\": expected EPOCH:OFFSET, as f3a9:41");
  return {text.substr(0, colon), *offset};
}

std::string to_json(const channel_gap_event& x) {
  json::object result{{"event", "gap"}, {"channel", x.channel}};
  add_place(result, x.place);
  return json::serialize(result);
}

std::string to_json(const channel_presence_event& x) {
  return json::serialize(json::object{
    {"event", x.entered ? "join" : "leave"}, {"channel", x.channel}, {"member", member_of(x.who)}});
}

std::string to_json(const session_open_event& x) {
  json::object result{
    {"event", "session_open"}, {"session", x.session}, {"connection", x.connection}};
  if (!x.identity.empty())
    result["identity"] = x.identity;
  return json::serialize(result);
}

std::string to_json(const subscribe_order& asked, const subscribe_report& x) {
  json::object result{{"event", "subscribed"}, {"channel", asked.channel}};
  if (x.place.known()) {
    result["epoch"] = x.place.epoch;
    result["offset"] = x.place.offset;
  }
  if (asked.from.known())
    result["recovered"] = x.recovered;
  return json::serialize(result);
}

std::string to_json(const session_lost_event& x) {
  return json::serialize(json::object{{"event", "session_lost"}, {"reason", printable(x.reason)}});
}

std::string to_json(const session_command_event& x) {
  json::object result{{"event", "command"}, {"name", x.name}};
  add_data(result, x.data);
  return json::serialize(result);
}

} // namespace wspool::cli
