// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

// What clients and servers say, as short texts that can be compared.

#include "messaging/dialect.hpp"
#include "support/unit_test.hpp"

#include <boost/json.hpp>

#include <string>
#include <string_view>
#include <variant>

namespace wspool::test {

/// An id as it stands in a message; "-": none.
inline std::string text_of(const std::optional<message_id>& id) {
  return id ? boost::json::serialize(to_json(*id)) : "-";
}

/// "epoch/offset"; "-": nowhere.
inline std::string text_of(const std::optional<position>& where) {
  return where ? where->epoch + "/" + std::to_string(where->offset) : "-";
}

/// As JSON, or with the number of bytes; "-": none.
inline std::string text_of(const std::optional<payload>& data) {
  if (!data)
    return "-";
  if (auto* value = std::get_if<boost::json::value>(&*data))
    return boost::json::serialize(*value);
  return "bytes " + std::get<binary_data>(*data).bytes;
}

/// "code field id" of a rejection; "accepted" for whatever is none.
inline std::string verdict(const decoded_message& heard) {
  auto* wrong = std::get_if<rejection>(&heard);
  if (!wrong)
    return "accepted";
  return std::string{name_of(wrong->code)} + " " + (wrong->field.empty() ? "-" : wrong->field) + " "
         + text_of(wrong->id);
}

inline std::string why(const decoded_message& heard) {
  auto* wrong = std::get_if<rejection>(&heard);
  return wrong ? wrong->message : "accepted";
}

/// One end of a connection whose other end speaks a dialect.
struct speech {
  dialect_kind kind;
  request_limits limits{};

  [[nodiscard]] decoded_message hear(std::string_view data,
                                     message_kind as = message_kind::text) const {
    return dialect_of(kind).decode(data, as, limits);
  }

  /// The request that the message is; the test fails if it is another one, or none.
  template <class Request>
  [[nodiscard]] Request heard(std::string_view data, message_kind as = message_kind::text) const {
    const auto decoded = hear(data, as);
    if (auto* request = std::get_if<client_request>(&decoded))
      if (auto* wanted = std::get_if<Request>(request))
        return *wanted;
    CAF_FAIL("not what was expected: " << std::string{data} << ": " << why(decoded));
  }

  /// The text that is sent; "-": nothing.
  [[nodiscard]] std::string say(const server_reply& reply) const {
    const auto encoded = dialect_of(kind).encode(reply);
    return encoded ? encoded->data : "-";
  }
};

inline shared_publication make_publication(std::string channel, std::optional<payload> data,
                                           boost::json::object meta = {}) {
  publication result;
  result.channel = std::move(channel);
  result.data = std::move(data);
  result.meta = std::move(meta);
  return std::make_shared<const publication>(std::move(result));
}

inline payload json_payload(std::string_view text) {
  return boost::json::parse(boost::json::string_view{text.data(), text.size()});
}

} // namespace wspool::test
