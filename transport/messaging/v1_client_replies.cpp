// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)

// What a server says in v1, as clients read it.
#include "messaging/field_reader.hpp"
#include "messaging/json_text.hpp"
#include "messaging/v1_client.hpp"
#include "messaging/v1_data.hpp"

#include <boost/json/array.hpp>

#include <algorithm>
#include <array>

namespace wspool {

namespace {

namespace json = boost::json;
using detail::field_reader;
using std::chrono::milliseconds;

struct v1_reply {
  field_reader& in;
  std::optional<message_id> id;
  std::optional<std::string_view> bytes;

  [[nodiscard]] message_id required_id() { return in.required("id", std::move(id)); }

  [[nodiscard]] std::string word(std::string_view field) {
    return in.required(field, in.text(field, in.limits().channel_bytes));
  }

  [[nodiscard]] std::optional<std::int64_t> number(std::string_view field) {
    return in.whole_number(field, 0, detail::largest_safe_integer);
  }

  [[nodiscard]] milliseconds duration(std::string_view field) {
    return milliseconds{in.required(field, number(field))};
  }

  [[nodiscard]] std::optional<position> where() {
    auto epoch = in.text("epoch", in.limits().id_bytes);
    const auto offset = number("offset");
    if (!epoch || !offset)
      return std::nullopt;
    return position{std::move(*epoch), static_cast<std::uint64_t>(*offset)};
  }

  [[nodiscard]] std::optional<payload> data() { return detail::read_data(in, bytes); }
};

channel_member read_member(json::object fields, v1_reply& m) {
  field_reader in{fields, m.in.limits()};
  channel_member result;
  result.connection = in.required("connection", in.text("connection", m.in.limits().token_bytes));
  result.identity = in.text("identity", m.in.limits().token_bytes).value_or(std::string{});
  if (in.failure())
    m.in.refuse(message_errc::invalid_field, "member", in.failure()->message);
  return result;
}

server_reply read_connected(v1_reply& m) {
  replies::connected result;
  result.id = m.required_id();
  result.connection = m.word("connection");
  result.session = m.word("session");
  result.identity = m.in.text("identity", m.in.limits().token_bytes).value_or(std::string{});
  result.max_message_bytes =
    static_cast<std::size_t>(m.in.required("max_message_bytes", m.number("max_message_bytes")));
  result.deduplication = m.duration("deduplication_ms");
  return result;
}

server_reply read_pong(v1_reply& m) { return replies::pong{std::move(m.id)}; }

server_reply read_subscribed(v1_reply& m) {
  replies::subscribed result;
  result.id = m.required_id();
  result.channel = m.word("channel");
  result.where = m.where();
  if (m.in.has("recovered"))
    result.recovered = m.in.flag("recovered");
  return result;
}

server_reply read_ack(v1_reply& m) {
  replies::ack result;
  result.id = m.required_id();
  result.where = m.where();
  result.duplicate = m.in.flag("duplicate");
  return result;
}

server_reply read_event(v1_reply& m) {
  publication message;
  message.channel = m.word("channel");
  if (auto meta = m.in.object("meta"))
    message.meta = std::move(*meta);
  if (auto from = m.in.object("from"))
    message.from = read_member(std::move(*from), m);
  message.data = m.data();
  return replies::event{std::make_shared<const publication>(std::move(message)), m.where()};
}

server_reply read_response(v1_reply& m) {
  replies::response result;
  result.id = m.required_id();
  result.data = m.data();
  return result;
}

server_reply read_error(v1_reply& m) {
  rejection result;
  // A code that is unknown here is the server's trouble, whatever it is.
  const auto code = m.word("code");
  result.code = message_errc_by_name(code).value_or(message_errc::internal);
  result.field = m.in.text("field", m.in.limits().message_bytes).value_or(std::string{});
  const auto message = m.in.required("message", m.in.value("message"));
  if (auto* text = message.if_string())
    result.message = std::string{*text}; // for people: it may be of several lines
  else
    m.in.refuse(message_errc::invalid_field, "message", "must be a string");
  if (auto after = m.number("retry_after_ms"))
    result.retry_after = milliseconds{*after};
  result.id = std::move(m.id);
  return result;
}

server_reply read_presence(v1_reply& m) {
  replies::presence result;
  result.id = m.required_id();
  result.channel = m.word("channel");
  result.total = static_cast<std::size_t>(m.in.required("total", m.number("total")));
  auto members = m.in.required("members", m.in.value("members"));
  auto* list = members.if_array();
  if (!list) {
    m.in.refuse(message_errc::invalid_field, "members", "must be an array");
    return result;
  }
  for (auto& member : *list) {
    if (auto* fields = member.if_object())
      result.members.push_back(read_member(std::move(*fields), m));
    else
      m.in.refuse(message_errc::invalid_field, "members", "must be objects");
  }
  return result;
}

template <class Change>
server_reply read_change(v1_reply& m) {
  auto channel = m.word("channel");
  auto member = m.in.required("member", m.in.object("member"));
  return Change{std::move(channel), read_member(std::move(member), m)};
}

server_reply read_gap(v1_reply& m) {
  if (!m.in.has("channel"))
    return replies::gap{};
  auto channel = m.word("channel");
  return replies::gap{std::move(channel), m.where()};
}

server_reply read_command(v1_reply& m) {
  replies::command result;
  result.id = std::move(m.id);
  result.name = m.word("name");
  result.data = m.data();
  return result;
}

server_reply read_drain(v1_reply& m) {
  replies::drain result;
  result.deadline = m.duration("deadline_ms");
  result.after = m.duration("reconnect_after_ms");
  result.window = m.duration("reconnect_window_ms");
  return result;
}

struct reply_type {
  std::string_view name;
  server_reply (*read)(v1_reply&);
};

constexpr std::array reply_types{
  reply_type{"event", read_event},
  reply_type{"ack", read_ack},
  reply_type{"response", read_response},
  reply_type{"error", read_error},
  reply_type{"pong", read_pong},
  reply_type{"subscribed", read_subscribed},
  reply_type{"connected", read_connected},
  reply_type{"presence", read_presence},
  reply_type{"join", read_change<replies::joined>},
  reply_type{"leave", read_change<replies::left>},
  reply_type{"gap", read_gap},
  reply_type{"command", read_command},
  reply_type{"drain", read_drain},
};

heard_reply read_reply(json::object& fields, std::optional<std::string_view> bytes,
                       const request_limits& limits) {
  field_reader in{fields, limits};
  in.check_numbers();
  auto id = in.any_id("id");
  const auto type = in.required("type", in.text("type", limits.name_bytes));
  if (in.failure())
    return {std::nullopt, in.failure()->message};
  const auto found = std::find_if(reply_types.begin(), reply_types.end(),
                                  [&](const auto& x) { return x.name == type; });
  if (found == reply_types.end())
    return {};
  v1_reply message{in, std::move(id), bytes};
  auto reply = found->read(message);
  if (in.failure())
    return {std::nullopt, in.failure()->message};
  return {std::move(reply), {}};
}

} // namespace

heard_reply decode_v1_reply(std::string_view data, message_kind kind,
                            const request_limits& limits) {
  const auto parts = detail::split_v1(data, kind);
  if (!parts)
    return {std::nullopt, "the message is binary, but has no line feed behind its fields"};
  auto fields = detail::read_fields(parts->fields, limits);
  if (auto* wrong = std::get_if<rejection>(&fields))
    return {std::nullopt, std::move(wrong->message)};
  return read_reply(std::get<json::object>(fields), parts->bytes, limits);
}

} // namespace wspool
