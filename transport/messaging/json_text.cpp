// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "messaging/json_text.hpp"

#include "protocol/utf8.hpp"

#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace wspool::detail {

namespace json = boost::json;

namespace {

/// Long enough for any field of ours, and for most typing errors.
constexpr std::size_t longest_excerpt_bytes = 64;

/// Follows a parser and keeps the name of the outermost field that it is in.
struct field_finder {
  static constexpr std::size_t max_array_size = -1;
  static constexpr std::size_t max_object_size = -1;
  static constexpr std::size_t max_string_size = -1;
  static constexpr std::size_t max_key_size = -1;

  std::string field;
  std::size_t depth = 0;
  bool in_key = false;

  bool open() {
    ++depth;
    return true;
  }
  bool close() {
    --depth;
    return true;
  }
  bool key(json::string_view part, bool ends) {
    if (depth != 1)
      return true;
    if (!in_key)
      field.clear();
    field.append(part.data(), part.size());
    in_key = !ends;
    return true;
  }

  bool on_document_begin(json::error_code&) { return true; }
  bool on_document_end(json::error_code&) { return true; }
  bool on_array_begin(json::error_code&) { return open(); }
  bool on_array_end(std::size_t, json::error_code&) { return close(); }
  bool on_object_begin(json::error_code&) { return open(); }
  bool on_object_end(std::size_t, json::error_code&) { return close(); }
  bool on_string_part(json::string_view, std::size_t, json::error_code&) { return true; }
  bool on_string(json::string_view, std::size_t, json::error_code&) { return true; }
  bool on_key_part(json::string_view s, std::size_t, json::error_code&) { return key(s, false); }
  bool on_key(json::string_view s, std::size_t, json::error_code&) { return key(s, true); }
  bool on_number_part(json::string_view, json::error_code&) { return true; }
  bool on_int64(std::int64_t, json::string_view, json::error_code&) { return true; }
  bool on_uint64(std::uint64_t, json::string_view, json::error_code&) { return true; }
  bool on_double(double, json::string_view, json::error_code&) { return true; }
  bool on_bool(bool, json::error_code&) { return true; }
  bool on_null(json::error_code&) { return true; }
  bool on_comment_part(json::string_view, json::error_code&) { return true; }
  bool on_comment(json::string_view, json::error_code&) { return true; }
};

/// The field in which parsing ends with an error. A second pass, only for what is refused anyway.
std::string field_of_error(std::string_view text, const json::parse_options& options) {
  json::basic_parser<field_finder> parser{options};
  json::error_code ignored;
  parser.write_some(false, text.data(), text.size(), ignored);
  return parser.handler().field;
}

rejection refuse(message_errc code, std::string_view field, std::string_view what) {
  rejection result;
  result.code = code;
  result.field = quotable(field);
  result.message = field.empty() ? std::string{"the message"} : result.field;
  result.message.append(" ").append(what);
  return result;
}

} // namespace

rejection too_big(const request_limits& limits) {
  return refuse(message_errc::too_big, {},
                "is larger than " + std::to_string(limits.message_bytes) + " bytes");
}

std::variant<json::object, rejection> read_fields(std::string_view text,
                                                  const request_limits& limits) {
  if (text.size() > limits.message_bytes)
    return too_big(limits);
  json::parse_options options;
  options.max_depth = limits.depth;
  json::error_code error;
  auto parsed = json::parse(text, error, {}, options);
  if (error == json::error::too_deep)
    return refuse(message_errc::too_deep, field_of_error(text, options),
                  "is nested deeper than " + std::to_string(limits.depth) + " levels");
  if (error)
    return refuse(message_errc::invalid_json, {}, "is not JSON: " + error.message());
  auto* fields = parsed.if_object();
  if (!fields)
    return refuse(message_errc::invalid_message, {}, "must be an object");
  return std::move(*fields);
}

std::variant<json::object, rejection> read_text_fields(std::string_view data, message_kind kind,
                                                       const request_limits& limits) {
  if (kind == message_kind::binary)
    return rejection{message_errc::invalid_message, {}, "the message must be text", {}, {}};
  return read_fields(data, limits);
}

encoded_message write_fields(const json::object& fields) {
  return {message_kind::text, json::serialize(fields)};
}

std::string quotable(std::string_view text) {
  std::string result{utf8_prefix(text, longest_excerpt_bytes)};
  for (auto& c : result)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
      c = '?';
  if (result.size() < text.size())
    result += "...";
  return result;
}

} // namespace wspool::detail
