// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)

// What the server says in v1.
#include "messaging/json_text.hpp"
#include "messaging/v1_data.hpp"
#include "messaging/v1_dialect.hpp"

#include <boost/json/array.hpp>

namespace wspool {

namespace {

namespace json = boost::json;

std::int64_t number(std::chrono::milliseconds duration) noexcept {
  return static_cast<std::int64_t>(duration.count());
}

void add(json::object& to, const std::optional<position>& where) {
  if (!where)
    return;
  to["epoch"] = where->epoch;
  to["offset"] = where->offset;
}

json::object to_json(const channel_member& member) {
  json::object result{{"connection", member.connection}};
  if (!member.identity.empty())
    result["identity"] = member.identity;
  return result;
}

struct v1_writer {
  using result = std::optional<encoded_message>;

  result operator()(const replies::connected& x) const {
    auto fields = detail::v1_head("connected", x.id);
    fields["connection"] = x.connection;
    fields["session"] = x.session;
    if (!x.identity.empty())
      fields["identity"] = x.identity;
    fields["max_message_bytes"] = x.max_message_bytes;
    fields["deduplication_ms"] = number(x.deduplication);
    return detail::write_fields(fields);
  }

  result operator()(const replies::pong& x) const {
    return detail::write_fields(detail::v1_head("pong", x.id));
  }

  result operator()(const replies::subscribed& x) const {
    auto fields = detail::v1_head("subscribed", x.id);
    fields["channel"] = x.channel;
    add(fields, x.where);
    if (x.recovered)
      fields["recovered"] = *x.recovered;
    return detail::write_fields(fields);
  }

  result operator()(const replies::ack& x) const {
    if (!x.id)
      return std::nullopt;
    auto fields = detail::v1_head("ack", x.id);
    add(fields, x.where);
    if (x.duplicate)
      fields["duplicate"] = true;
    return detail::write_fields(fields);
  }

  result operator()(const replies::event& x) const {
    const auto& message = *x.message;
    auto fields = detail::v1_head("event");
    fields["channel"] = message.channel;
    add(fields, x.where);
    if (message.from)
      fields["from"] = to_json(*message.from);
    if (!message.meta.empty())
      fields["meta"] = message.meta;
    return detail::with_data(std::move(fields), message.data);
  }

  result operator()(const replies::response& x) const {
    return detail::with_data(detail::v1_head("response", x.id), x.data);
  }

  result operator()(const rejection& x) const {
    auto fields = detail::v1_head("error", x.id);
    const auto name = name_of(x.code);
    fields["code"] = json::string_view{name.data(), name.size()};
    if (!x.field.empty())
      fields["field"] = x.field;
    fields["message"] = x.message;
    if (x.retry_after)
      fields["retry_after_ms"] = number(*x.retry_after);
    return detail::write_fields(fields);
  }

  result operator()(const replies::presence& x) const {
    auto fields = detail::v1_head("presence", x.id);
    fields["channel"] = x.channel;
    json::array members;
    members.reserve(x.members.size());
    for (const auto& member : x.members)
      members.push_back(to_json(member));
    fields["members"] = std::move(members);
    fields["total"] = x.total;
    return detail::write_fields(fields);
  }

  result operator()(const replies::joined& x) const { return membership("join", x); }
  result operator()(const replies::left& x) const { return membership("leave", x); }

  result operator()(const replies::gap& x) const {
    auto fields = detail::v1_head("gap");
    if (!x.channel.empty())
      fields["channel"] = x.channel;
    add(fields, x.where);
    return detail::write_fields(fields);
  }

  result operator()(const replies::command& x) const {
    auto fields = detail::v1_head("command", x.id);
    fields["name"] = x.name;
    return detail::with_data(std::move(fields), x.data);
  }

  result operator()(const replies::drain& x) const {
    auto fields = detail::v1_head("drain");
    fields["deadline_ms"] = number(x.deadline);
    fields["reconnect_after_ms"] = number(x.after);
    fields["reconnect_window_ms"] = number(x.window);
    return detail::write_fields(fields);
  }

  template <class Change>
  static result membership(json::string_view type, const Change& x) {
    auto fields = detail::v1_head(type);
    fields["channel"] = x.channel;
    fields["member"] = to_json(x.member);
    return detail::write_fields(fields);
  }
};

} // namespace

std::optional<encoded_message> v1_dialect::encode(const server_reply& reply) const {
  return std::visit(v1_writer{}, reply);
}

} // namespace wspool
