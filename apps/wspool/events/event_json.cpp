// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "events/event_json.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <chrono>

namespace wspool::cli {

namespace {

namespace json = boost::json;

template <class Duration>
double milliseconds_of(Duration value) {
  return std::chrono::duration<double, std::milli>{value}.count();
}

bool is_utf8(const std::string& text) {
  auto is_ascii = [](unsigned char c) { return c < 0x80; };
  if (std::all_of(text.begin(), text.end(), is_ascii))
    return true;
  // The parser checks what the serializer lets pass.
  boost::system::error_code bad;
  (void)json::parse(json::serialize(json::string{text}), bad);
  return !bad;
}

json::string text_of(std::string text) {
  if (!is_utf8(text))
    std::replace_if(
      text.begin(), text.end(), [](unsigned char c) { return c >= 0x80; }, '?');
  return json::string{text};
}

json::object event_of(const char* name) { return {{"event", name}}; }

json::object event_of(const char* name, const connection_id& connection,
                      const std::string& endpoint) {
  return {{"event", name}, {"connection", to_string(connection)}, {"endpoint", endpoint}};
}

json::object event_of(const char* name, std::uint32_t slot, const std::string& endpoint) {
  return {{"event", name}, {"slot", slot}, {"endpoint", endpoint}};
}

std::string response_json(json::object result, const upgrade_response& response) {
  result["status"] = response.status;
  result["reason"] = text_of(response.reason);
  json::array headers;
  for (auto& x : response.headers)
    headers.push_back(json::array{text_of(x.name), text_of(x.value)});
  result["headers"] = std::move(headers);
  if (!response.body.empty())
    result["body"] = text_of(response.body);
  return json::serialize(result);
}

std::string payload_json(json::object result, const connection_id& connection,
                         const std::string& payload) {
  result["connection"] = to_string(connection);
  result["payload"] = text_of(payload);
  return json::serialize(result);
}

} // namespace

std::string to_json(const open_event& x) {
  auto result = event_of("open", x.connection, x.endpoint);
  result["subprotocol"] = x.subprotocol;
  result["peer"] = x.peer;
  return json::serialize(result);
}

std::string to_json(const close_event& x) {
  auto result = event_of("close", x.connection, x.endpoint);
  result["code"] = x.code;
  result["reason"] = text_of(x.reason);
  result["began"] = x.began == initiator::local ? "local" : "remote";
  result["clean"] = x.clean;
  result["why"] = name_of(x.why);
  return json::serialize(result);
}

std::string to_json(const error_event& x) {
  auto result = event_of("error", x.connection, x.endpoint);
  result["code"] = name_of(x.code);
  result["text"] = text_of(x.text);
  return json::serialize(result);
}

std::string to_json(const unexpected_response_event& x) {
  return response_json(event_of("unexpected_response", x.connection, x.endpoint), x.response);
}

std::string to_json(const upgrade_event& x) {
  return response_json(event_of("upgrade", x.connection, x.endpoint), x.response);
}

std::string to_json(const ping_event& x) {
  return payload_json(event_of("ping"), x.connection, x.payload);
}

std::string to_json(const pong_event& x) {
  auto result = event_of("pong");
  result["round_trip_ms"] = milliseconds_of(x.round_trip);
  return payload_json(std::move(result), x.connection, x.payload);
}

std::string to_json(const drain_event& x) {
  auto result = event_of("drain");
  result["flushed"] = x.flushed;
  return json::serialize(result);
}

std::string to_json(const ready_event& x) {
  auto result = event_of("ready");
  result["open"] = x.open;
  return json::serialize(result);
}

std::string to_json(const empty_event&) { return json::serialize(event_of("empty")); }

std::string to_json(const retry_event& x) {
  auto result = event_of("retry", x.slot, x.endpoint);
  result["attempt"] = x.attempt;
  result["delay_ms"] = x.delay.count();
  result["why"] = name_of(x.why);
  return json::serialize(result);
}

std::string to_json(const given_up_event& x) {
  auto result = event_of("given_up", x.slot, x.endpoint);
  result["attempts"] = x.attempts;
  result["why"] = name_of(x.why);
  result["text"] = text_of(x.text);
  return json::serialize(result);
}

std::string to_json(const ejected_event& x) {
  auto result = event_of("ejected");
  result["endpoint"] = x.endpoint;
  result["duration_ms"] = x.duration.count();
  return json::serialize(result);
}

std::string to_json(const water_event& x) {
  auto result = event_of("water");
  result["high"] = x.high;
  result["messages"] = x.messages;
  result["bytes"] = x.bytes;
  return json::serialize(result);
}

std::string to_json(const client_arrived_event& x) {
  auto result = event_of("arrived");
  result["client"] = text_of(to_string(x.info.client));
  result["identity"] = text_of(x.info.identity);
  result["peer"] = x.info.peer;
  result["target"] = text_of(x.info.target);
  result["subprotocol"] = x.info.subprotocol;
  return json::serialize(result);
}

std::string to_json(const client_left_event& x) {
  auto result = event_of("left");
  result["client"] = text_of(to_string(x.client));
  result["identity"] = text_of(x.identity);
  result["code"] = x.code;
  result["reason"] = text_of(x.reason);
  result["began"] = x.began == initiator::local ? "local" : "remote";
  result["clean"] = x.clean;
  result["why"] = to_string(x.why);
  return json::serialize(result);
}

std::string to_json(const space_empty_event& x) {
  auto result = event_of("namespace_empty");
  result["namespace"] = text_of(x.space);
  return json::serialize(result);
}

std::string message_to_json(const connection_id& from, message_view message) {
  auto result = event_of("message");
  result["connection"] = to_string(from);
  result["kind"] = message.binary() ? "binary" : "text";
  result["bytes"] = message.data.size();
  return json::serialize(result);
}

} // namespace wspool::cli
