// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)

// What clients say in v1: one function for each type of message.
#include "messaging/field_reader.hpp"
#include "messaging/json_text.hpp"
#include "messaging/v1_data.hpp"
#include "messaging/v1_dialect.hpp"

#include <algorithm>
#include <array>

namespace wspool {

namespace {

namespace json = boost::json;
using detail::field_reader;

/// A message whose type and id are known.
struct v1_message {
  field_reader& in;
  std::optional<message_id> id;
  /// What stands behind the fields of a binary message.
  std::optional<std::string_view> bytes;

  [[nodiscard]] message_id required_id() { return in.required("id", std::move(id)); }

  [[nodiscard]] std::string channel() {
    return in.required("channel", in.text("channel", in.limits().channel_bytes));
  }

  [[nodiscard]] std::string name() {
    return in.required("name", in.text("name", in.limits().name_bytes));
  }

  [[nodiscard]] std::optional<payload> data() { return detail::read_data(in, bytes); }
};

client_request read_connect(v1_message& m) {
  m.in.allow_only({"type", "id", "session", "token"});
  requests::connect result;
  result.id = m.required_id();
  result.session = m.in.text("session", m.in.limits().id_bytes);
  result.token = m.in.text("token", m.in.limits().token_bytes);
  return result;
}

client_request read_ping(v1_message& m) {
  m.in.allow_only({"type", "id"});
  return requests::ping{std::move(m.id)};
}

client_request read_subscribe(v1_message& m) {
  m.in.allow_only({"type", "id", "channel", "recover", "presence"});
  requests::subscribe result;
  result.id = m.required_id();
  result.channel = m.channel();
  result.recover = m.in.place("recover");
  result.presence = m.in.flag("presence");
  return result;
}

client_request read_unsubscribe(v1_message& m) {
  m.in.allow_only({"type", "id", "channel"});
  requests::unsubscribe result;
  result.id = m.required_id();
  result.channel = m.channel();
  return result;
}

client_request read_publish(v1_message& m) {
  m.in.allow_only({"type", "id", "channel", "data", "meta"});
  requests::publish result;
  result.deduplicate = m.id.has_value();
  result.id = std::move(m.id);
  result.message.channel = m.channel();
  result.message.data = m.in.required("data", m.data());
  if (auto meta = m.in.object("meta"))
    result.message.meta = std::move(*meta);
  return result;
}

client_request read_query(v1_message& m) {
  m.in.allow_only({"type", "id", "name", "data", "deadline_ms", "key"});
  requests::query result;
  result.id = m.required_id();
  result.name = m.name();
  result.data = m.data();
  const auto longest = static_cast<std::int64_t>(m.in.limits().deadline.count());
  if (auto deadline = m.in.whole_number("deadline_ms", 1, longest))
    result.deadline = std::chrono::milliseconds{*deadline};
  result.key = m.in.text("key", m.in.limits().id_bytes);
  return result;
}

client_request read_command(v1_message& m) {
  m.in.allow_only({"type", "id", "name", "data"});
  requests::command result;
  result.id = std::move(m.id);
  result.name = m.name();
  result.data = m.data();
  return result;
}

client_request read_cancel(v1_message& m) {
  m.in.allow_only({"type", "id"});
  return requests::cancel{m.required_id()};
}

client_request read_ack(v1_message& m) {
  m.in.allow_only({"type", "id"});
  return requests::ack{m.required_id()};
}

client_request read_presence(v1_message& m) {
  m.in.allow_only({"type", "id", "channel"});
  requests::presence result;
  result.id = m.required_id();
  result.channel = m.channel();
  return result;
}

client_request read_disconnect(v1_message& m) {
  m.in.allow_only({"type", "id"});
  return requests::disconnect{std::move(m.id)};
}

struct message_type {
  std::string_view name;
  client_request (*read)(v1_message&);
  bool may_be_binary = false;
};

constexpr std::array message_types{
  message_type{"publish", read_publish, true},
  message_type{"ping", read_ping},
  message_type{"ack", read_ack},
  message_type{"query", read_query, true},
  message_type{"cancel", read_cancel},
  message_type{"command", read_command, true},
  message_type{"subscribe", read_subscribe},
  message_type{"unsubscribe", read_unsubscribe},
  message_type{"presence", read_presence},
  message_type{"connect", read_connect},
  message_type{"disconnect", read_disconnect},
};

const message_type* find_type(field_reader& in, bool binary) {
  // Read as it is: whatever is no type is quoted, and no limit of a name applies.
  const auto value = in.required("type", in.value("type"));
  if (in.failure())
    return nullptr;
  const auto* name = value.if_string();
  if (!name) {
    in.refuse(message_errc::invalid_field, "type", "must be a string");
    return nullptr;
  }
  const std::string_view wanted{name->data(), name->size()};
  const auto found = std::find_if(message_types.begin(), message_types.end(),
                                  [=](const auto& x) { return x.name == wanted; });
  if (found == message_types.end()) {
    in.refuse(message_errc::unknown_type, "type", "is unknown: " + detail::quotable(wanted));
    return nullptr;
  }
  if (binary && !found->may_be_binary) {
    in.refuse(message_errc::invalid_message, "type",
              "must be that of a publication, a query or a command in a binary message");
    return nullptr;
  }
  return &*found;
}

decoded_message read_request(json::object& fields, std::optional<std::string_view> bytes,
                             const request_limits& limits) {
  field_reader in{fields, limits};
  auto id = in.id("id");
  const auto known_id = id;
  in.check_numbers();
  if (const auto* type = find_type(in, bytes.has_value())) {
    v1_message message{in, std::move(id), bytes};
    auto result = type->read(message);
    if (!in.failure())
      return result;
  }
  auto wrong = *in.failure();
  wrong.id = known_id;
  return wrong;
}

} // namespace

decoded_message v1_dialect::decode(std::string_view data, message_kind kind,
                                   const request_limits& limits) const {
  if (data.size() > limits.message_bytes)
    return detail::too_big(limits);
  const auto parts = detail::split_v1(data, kind);
  if (!parts)
    return rejection{message_errc::invalid_message,
                     {},
                     "the message is binary, but has no line feed behind its fields",
                     {},
                     {}};
  auto fields = detail::read_fields(parts->fields, limits);
  if (auto* wrong = std::get_if<rejection>(&fields))
    return std::move(*wrong);
  return read_request(std::get<json::object>(fields), parts->bytes, limits);
}

} // namespace wspool
