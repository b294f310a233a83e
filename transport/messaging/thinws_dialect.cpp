// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "messaging/thinws_dialect.hpp"

#include "messaging/field_reader.hpp"
#include "messaging/json_data.hpp"
#include "messaging/json_text.hpp"

namespace wspool {

namespace {

namespace json = boost::json;
using detail::field_reader;

/// Whether a field says something about the message itself, and is not just along for the ride.
bool is_known(std::string_view field) noexcept {
  return field == "type" || field == "messageID" || field == "message" || field == "roomID";
}

std::string room(field_reader& in) {
  return in.required("roomID", in.text_or_number("roomID", in.limits().channel_bytes));
}

client_request read_connect(field_reader& in, message_id id) {
  requests::connect result;
  result.id = std::move(id);
  result.session =
    in.required("connectionID", in.text_or_number("connectionID", in.limits().id_bytes));
  return result;
}

client_request read_message(field_reader& in, message_id id, json::object& fields) {
  requests::publish result;
  result.id = std::move(id);
  result.message.channel = room(in);
  if (auto message = in.value("message"))
    result.message.data = std::move(*message);
  for (auto& field : fields)
    if (!is_known(field.key()))
      result.message.meta.emplace(field.key(), std::move(field.value()));
  // For others the room is its digits; ThinWS's clients get the number that was sent.
  if (const auto* given = fields.if_contains("roomID"); given && !given->is_string())
    result.message.meta.emplace("roomID", *given);
  return result;
}

std::optional<client_request> read_thinws(field_reader& in, json::object& fields) {
  auto id = in.required("messageID", in.any_id("messageID"));
  in.check_numbers();
  const auto type = in.required("type", in.text("type", in.limits().name_bytes));
  if (in.failure())
    return std::nullopt;
  if (type == "connect")
    return read_connect(in, std::move(id));
  if (type == "subscribe")
    return requests::subscribe{std::move(id), room(in), std::nullopt, false};
  if (type == "unsubscribe")
    return requests::unsubscribe{std::move(id), room(in)};
  if (type == "message")
    return read_message(in, std::move(id), fields);
  if (type == "disconnect")
    return requests::disconnect{std::move(id)};
  if (type == "ack") // in ThinWS's list of types; its own client sends none
    return requests::ack{std::move(id)};
  in.refuse(message_errc::unknown_type, "type", "is unknown: " + detail::quotable(type));
  return std::nullopt;
}

std::optional<encoded_message> ack(const std::optional<message_id>& id) {
  if (!id)
    return std::nullopt;
  return detail::write_fields({{"type", "ack"}, {"messageID", to_json(*id)}});
}

/// The room as its publisher wrote it, if that means the same one.
json::value room_of(const publication& message) {
  if (const auto* given = message.meta.if_contains("roomID")) {
    if (auto* number = given->if_int64(); number && std::to_string(*number) == message.channel)
      return *given;
    if (auto* number = given->if_uint64(); number && std::to_string(*number) == message.channel)
      return *given;
  }
  return json::value(message.channel);
}

encoded_message write_message(const publication& message) {
  json::object fields{{"type", "message"}};
  if (message.data)
    fields["message"] = detail::as_json(*message.data);
  fields["roomID"] = room_of(message);
  for (const auto& field : message.meta)
    if (!is_known(field.key()))
      fields[field.key()] = field.value();
  return detail::write_fields(fields);
}

encoded_message write_error(const rejection& why) {
  json::object fields{{"type", "error"}};
  if (why.id)
    fields["messageID"] = to_json(*why.id);
  fields["message"] = why.message;
  return detail::write_fields(fields);
}

struct thinws_writer {
  using result = std::optional<encoded_message>;

  result operator()(const replies::connected& x) const { return ack(x.id); }
  result operator()(const replies::subscribed& x) const { return ack(x.id); }
  result operator()(const replies::ack& x) const { return ack(x.id); }
  result operator()(const replies::event& x) const { return write_message(*x.message); }
  result operator()(const rejection& x) const { return write_error(x); }
  /// ThinWS's client takes whatever comes for a message: anything else would be an answer to what
  /// it cannot ask.
  template <class Other>
  result operator()(const Other&) const {
    return std::nullopt;
  }
};

} // namespace

decoded_message thinws_dialect::decode(std::string_view data, message_kind kind,
                                       const request_limits& limits) const {
  auto read_well = detail::read_text_fields(data, kind, limits);
  if (auto* wrong = std::get_if<rejection>(&read_well))
    return std::move(*wrong);
  auto& fields = std::get<json::object>(read_well);
  field_reader in{fields, limits};
  auto result = read_thinws(in, fields);
  if (!in.failure())
    return std::move(*result);
  auto wrong = *in.failure();
  wrong.id = field_reader{fields, limits}.any_id("messageID");
  return wrong;
}

std::optional<encoded_message> thinws_dialect::encode(const server_reply& reply) const {
  return std::visit(thinws_writer{}, reply);
}

} // namespace wspool
