// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)

// What clients say in v1, as clients write it.
#include "messaging/json_text.hpp"
#include "messaging/v1_client.hpp"
#include "messaging/v1_data.hpp"

namespace wspool {

namespace {

namespace json = boost::json;

struct v1_request_writer {
  encoded_message operator()(const requests::connect& x) const {
    auto fields = detail::v1_head("connect", x.id);
    if (x.session)
      fields["session"] = *x.session;
    if (x.token)
      fields["token"] = *x.token;
    return detail::write_fields(fields);
  }

  encoded_message operator()(const requests::ping& x) const { return bare("ping", x.id); }
  encoded_message operator()(const requests::cancel& x) const { return bare("cancel", x.id); }
  encoded_message operator()(const requests::ack& x) const { return bare("ack", x.id); }
  encoded_message operator()(const requests::disconnect& x) const {
    return bare("disconnect", x.id);
  }

  encoded_message operator()(const requests::subscribe& x) const {
    auto fields = detail::v1_head("subscribe", x.id);
    fields["channel"] = x.channel;
    if (x.recover)
      fields["recover"] = {{"epoch", x.recover->epoch}, {"offset", x.recover->offset}};
    if (x.presence)
      fields["presence"] = true;
    return detail::write_fields(fields);
  }

  encoded_message operator()(const requests::unsubscribe& x) const {
    return about("unsubscribe", x.id, x.channel);
  }
  encoded_message operator()(const requests::presence& x) const {
    return about("presence", x.id, x.channel);
  }

  encoded_message operator()(const requests::publish& x) const {
    auto fields = detail::v1_head("publish", x.id);
    fields["channel"] = x.message.channel;
    if (!x.message.meta.empty())
      fields["meta"] = x.message.meta;
    return detail::with_data(std::move(fields), x.message.data);
  }

  encoded_message operator()(const requests::query& x) const {
    auto fields = detail::v1_head("query", x.id);
    fields["name"] = x.name;
    if (x.deadline)
      fields["deadline_ms"] = static_cast<std::int64_t>(x.deadline->count());
    if (x.key)
      fields["key"] = *x.key;
    return detail::with_data(std::move(fields), x.data);
  }

  encoded_message operator()(const requests::command& x) const {
    auto fields = detail::v1_head("command", x.id);
    fields["name"] = x.name;
    return detail::with_data(std::move(fields), x.data);
  }

  static encoded_message bare(json::string_view type, const std::optional<message_id>& id) {
    return detail::write_fields(detail::v1_head(type, id));
  }

  static encoded_message about(json::string_view type, const std::optional<message_id>& id,
                               const std::string& channel) {
    auto fields = detail::v1_head(type, id);
    fields["channel"] = channel;
    return detail::write_fields(fields);
  }
};

} // namespace

encoded_message encode_v1_request(const client_request& request) {
  return std::visit(v1_request_writer{}, request);
}

} // namespace wspool
