// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "messaging/channels_dialect.hpp"

#include "messaging/field_reader.hpp"
#include "messaging/json_data.hpp"
#include "messaging/json_text.hpp"

namespace wspool {

namespace {

namespace json = boost::json;
using detail::field_reader;

constexpr json::string_view system_channel = "system";

std::string channel(field_reader& in) {
  auto result = in.required("channel", in.text("channel", in.limits().channel_bytes));
  // What comes from there is the server's word.
  if (result == system_channel)
    in.refuse(message_errc::invalid_field, "channel", "must not be the reserved name system");
  return result;
}

client_request read_publish(field_reader& in) {
  requests::publish result;
  result.message.channel = channel(in);
  result.message.data = in.required("data", in.value("data"));
  return result;
}

/// Clients that keep the connection alive by messages have no `action`.
bool is_ping(const json::object& fields) {
  const auto* type = fields.if_contains("type");
  return type && *type == "ping" && !fields.contains("action");
}

std::optional<client_request> read_channels(field_reader& in, const json::object& fields) {
  in.check_numbers();
  if (is_ping(fields))
    return requests::ping{};
  const auto action = in.required("action", in.text("action", in.limits().name_bytes));
  if (in.failure())
    return std::nullopt;
  if (action == "subscribe")
    return requests::subscribe{std::nullopt, channel(in), std::nullopt, false};
  if (action == "unsubscribe")
    return requests::unsubscribe{std::nullopt, channel(in)};
  if (action == "publish")
    return read_publish(in);
  in.refuse(message_errc::unknown_type, "action", "is unknown: " + detail::quotable(action));
  return std::nullopt;
}

encoded_message write_system(json::object data) {
  return detail::write_fields({{"channel", system_channel}, {"data", std::move(data)}});
}

struct channels_writer {
  using result = std::optional<encoded_message>;

  result operator()(const replies::pong&) const { return detail::write_fields({{"type", "pong"}}); }

  result operator()(const replies::subscribed& x) const {
    return write_system({{"type", "subscription_confirm"}, {"channel", x.channel}});
  }

  result operator()(const replies::event& x) const {
    // There is one place for all that a message has; what comes without data has its other fields.
    const auto& message = *x.message;
    json::object fields{{"channel", message.channel}};
    if (message.data)
      fields["data"] = detail::as_json(*message.data);
    else
      fields["data"] = message.meta;
    return detail::write_fields(fields);
  }

  result operator()(const replies::gap& x) const {
    json::object data{{"type", "gap"}};
    if (!x.channel.empty())
      data["channel"] = x.channel;
    return write_system(std::move(data));
  }

  result operator()(const rejection& x) const {
    const auto name = name_of(x.code);
    json::object data{{"type", "error"},
                      {"code", json::string_view{name.data(), name.size()}},
                      {"message", x.message}};
    if (!x.field.empty())
      data["field"] = x.field;
    return write_system(std::move(data));
  }

  template <class Other>
  result operator()(const Other&) const {
    return std::nullopt;
  }
};

} // namespace

decoded_message channels_dialect::decode(std::string_view data, message_kind kind,
                                         const request_limits& limits) const {
  auto read_well = detail::read_text_fields(data, kind, limits);
  if (auto* wrong = std::get_if<rejection>(&read_well))
    return std::move(*wrong);
  auto& fields = std::get<json::object>(read_well);
  field_reader in{fields, limits};
  auto result = read_channels(in, fields);
  if (auto wrong = in.failure())
    return *wrong;
  return std::move(*result);
}

std::optional<encoded_message> channels_dialect::encode(const server_reply& reply) const {
  return std::visit(channels_writer{}, reply);
}

} // namespace wspool
