// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

// What is promised of every dialect's decoder, and of what is written of what it has read.
#include "fuzz_target.hpp"

#include "messaging/dialect.hpp"
#include "protocol/utf8.hpp"

#include <boost/json.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace wspool::fuzz {

/// So small that many inputs are beyond them.
inline request_limits tight_limits() {
  request_limits result;
  result.message_bytes = 120;
  result.depth = 3;
  result.id_bytes = 4;
  result.channel_bytes = 5;
  result.name_bytes = 6;
  result.token_bytes = 7;
  result.deadline = std::chrono::milliseconds{100};
  return result;
}

inline boost::json::value parse_or_fail(const encoded_message& message) {
  const auto head = message.kind == message_kind::binary
                      ? message.data.substr(0, message.data.find('\n'))
                      : message.data;
  boost::json::parse_options options;
  options.max_depth = 64;
  boost::json::error_code error;
  auto result = boost::json::parse(head, error, {}, options);
  require(!error, "what is written is JSON", message.data);
  require(result.is_object(), "what is written is an object", message.data);
  return result;
}

inline void check_word(const std::string& word, std::size_t max_bytes) {
  require(!word.empty() && word.size() <= max_bytes, "a word is within its limits", word);
  require(is_printable(word) && word.find('\t') == word.npos, "a word can be printed", word);
  require(detail::valid_utf8(word), "a word is UTF-8", word);
}

inline void check_id(const std::optional<message_id>& id, const request_limits& limits) {
  if (!id)
    return;
  if (auto* word = std::get_if<std::string>(&*id))
    check_word(*word, limits.id_bytes);
}

inline void check_rejection(const dialect& tested, const rejection& why) {
  require(!why.message.empty(), "a rejection says why");
  require(is_printable(why.message) && detail::valid_utf8(why.message),
          "a rejection is fit for logs", why.message);
  require(why.message.size() < 500, "a rejection is short", why.message);
  require(why.field.empty() || why.message.starts_with(why.field), "a rejection names the field",
          why.message);
  const bool is_of_a_field =
    why.code == message_errc::unknown_type || why.code == message_errc::missing_field
    || why.code == message_errc::unknown_field || why.code == message_errc::invalid_field;
  require(is_of_a_field || why.code <= message_errc::too_deep, "only a server knows more");
  require(!is_of_a_field || !why.field.empty(), "the field is known", why.message);
  const auto told = tested.encode(why);
  require(told.has_value(), "every dialect has a word for no");
  parse_or_fail(*told);
}

/// What a publication becomes in all dialects.
inline void check_publication(const publication& message) {
  const replies::event event{std::make_shared<const publication>(message), position{"e", 1}};
  for (auto kind : {dialect_kind::v1, dialect_kind::thinws, dialect_kind::channels}) {
    const auto told = dialect_of(kind).encode(event);
    require(told.has_value(), "every dialect has a word for a message");
    const auto fields = parse_or_fail(*told);
    const auto* room =
      fields.as_object().if_contains(kind == dialect_kind::thinws ? "roomID" : "channel");
    require(room != nullptr, "a message names its channel", told->data);
    const auto name =
      room->is_string() ? std::string{room->as_string()} : boost::json::serialize(*room);
    require(name == message.channel, "it is the one it was published in", told->data);
    require(!fields.as_object().contains("messageID"), "nobody gets the publisher's id");
  }
}

inline void check_request(const client_request& request, const request_limits& limits) {
  std::visit([&](const auto& x) { check_id(x.id, limits); }, request);
  if (auto* subscribe = std::get_if<requests::subscribe>(&request)) {
    check_word(subscribe->channel, limits.channel_bytes);
    if (subscribe->recover)
      check_word(subscribe->recover->epoch, limits.id_bytes);
  } else if (auto* publish = std::get_if<requests::publish>(&request)) {
    check_word(publish->message.channel, limits.channel_bytes);
    require(!publish->deduplicate || publish->id, "what has no id is no duplicate");
    check_publication(publish->message);
  } else if (auto* query = std::get_if<requests::query>(&request)) {
    check_word(query->name, limits.name_bytes);
    require(!query->deadline
              || (query->deadline->count() > 0 && *query->deadline <= limits.deadline),
            "a deadline is within its limits");
    if (query->key)
      check_word(*query->key, limits.id_bytes);
  } else if (auto* connect = std::get_if<requests::connect>(&request)) {
    if (connect->session)
      check_word(*connect->session, limits.id_bytes);
    if (connect->token)
      check_word(*connect->token, limits.token_bytes);
  }
}

/// An answer has the id of the request, and its type.
inline void check_answer(dialect_kind kind, const client_request& request) {
  std::optional<message_id> id;
  std::visit([&](const auto& x) { id = x.id; }, request);
  const auto told = dialect_of(kind).encode(replies::ack{id, {}, false});
  if (kind == dialect_kind::channels || !id) {
    require(!told, "without an id nothing is acknowledged");
    return;
  }
  require(told.has_value(), "what has an id is acknowledged");
  const auto fields = parse_or_fail(*told);
  // Texts are compared: Boost.JSON reads some doubles a last digit off, so reading again is no
  // test.
  const auto name = std::string{kind == dialect_kind::thinws ? "messageID" : "id"};
  const auto expected = "\"" + name + "\":" + boost::json::serialize(to_json(*id));
  require(fields.as_object().contains(name) && told->data.find(expected) != std::string::npos,
          "an answer has the id of the request", told->data);
}

/// The first byte says whether the message is binary, the rest is the message.
inline void observe(dialect_kind kind, std::string_view input) {
  source in{input};
  const auto as = in.byte() & 1 ? message_kind::binary : message_kind::text;
  const auto& tested = dialect_of(kind);
  // A copy of its own: what is read beyond it is found by a sanitizer.
  const std::vector<char> copy(in.rest().begin(), in.rest().end());
  const std::string_view bytes{copy.data(), copy.size()};

  const request_limits wide;
  const auto decoded = tested.decode(bytes, as, wide);
  if (auto* why = std::get_if<rejection>(&decoded))
    check_rejection(tested, *why);
  else {
    check_request(std::get<client_request>(decoded), wide);
    check_answer(kind, std::get<client_request>(decoded));
  }
  const auto strict = tested.decode(bytes, as, tight_limits());
  if (auto* why = std::get_if<rejection>(&strict))
    check_rejection(tested, *why);
  else {
    require(std::holds_alternative<client_request>(decoded), "wider limits accept more");
    check_request(std::get<client_request>(strict), tight_limits());
  }
}

} // namespace wspool::fuzz
