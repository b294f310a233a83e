// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "messaging/publication_text.hpp"

#include "messaging/json_data.hpp"
#include "protocol/utf8.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <utility>

namespace wspool {

namespace {

namespace json = boost::json;

constexpr char format_version = '1';
constexpr char json_kind = 'j';
constexpr char bytes_kind = 'b';
constexpr char no_kind = 'n';

/// Above what any dialect's decoder lets in; values are destroyed recursively.
constexpr std::size_t max_depth = 64;

std::optional<json::value> parse(std::string_view text) {
  json::parse_options options;
  options.max_depth = max_depth;
  json::error_code error;
  auto result = json::parse(text, error, {}, options);
  // Boost.JSON looks at strings only; what it takes goes into text messages.
  if (error || !detail::valid_utf8(text) || !detail::can_be_written(result))
    return std::nullopt;
  return result;
}

std::optional<std::string> text_at(const json::array& list, std::size_t at) {
  const auto* text = at < list.size() ? list[at].if_string() : nullptr;
  if (text == nullptr)
    return std::nullopt;
  return std::string{text->data(), text->size()};
}

bool read_from(const json::value& value, publication& to) {
  const auto* list = value.if_array();
  if (list == nullptr || list->size() > 2)
    return false;
  auto connection = text_at(*list, 0);
  auto identity = list->size() == 2 ? text_at(*list, 1) : std::string{};
  if (!connection || !identity)
    return false;
  to.from = channel_member{std::move(*connection), std::move(*identity)};
  return true;
}

bool read_head(std::string_view line, publication& to) {
  if (line.empty())
    return true;
  auto parsed = parse(line);
  auto* fields = parsed ? parsed->if_object() : nullptr;
  if (fields == nullptr)
    return false;
  if (const auto* from = fields->if_contains("from"); from != nullptr && !read_from(*from, to))
    return false;
  if (auto* meta = fields->if_contains("meta")) {
    if (!meta->is_object())
      return false;
    to.meta = std::move(meta->get_object());
  }
  return true;
}

std::string write_head(const publication& message) {
  json::object fields;
  if (message.from) {
    json::array from{message.from->connection};
    if (!message.from->identity.empty())
      from.emplace_back(message.from->identity);
    fields["from"] = std::move(from);
  }
  if (!message.meta.empty())
    fields["meta"] = message.meta;
  return fields.empty() ? std::string{} : json::serialize(fields);
}

} // namespace

std::string write_publication(const publication& message) {
  std::string result{format_version, no_kind};
  const auto head = write_head(message);
  if (!message.data)
    return result.append(head).append("\n");
  if (const auto* binary = std::get_if<binary_data>(&*message.data)) {
    result[1] = bytes_kind;
    return result.append(head).append("\n").append(binary->bytes);
  }
  result[1] = json_kind;
  return result.append(head).append("\n").append(
    json::serialize(std::get<json::value>(*message.data)));
}

std::optional<publication> read_publication(std::string channel, std::string_view text) {
  const auto end = text.find('\n');
  if (text.size() < 3 || text[0] != format_version || end == text.npos || end < 2)
    return std::nullopt;
  publication result;
  result.channel = std::move(channel);
  if (!read_head(text.substr(2, end - 2), result))
    return std::nullopt;
  const auto data = text.substr(end + 1);
  if (text[1] == no_kind)
    return data.empty() ? std::optional{std::move(result)} : std::nullopt;
  if (text[1] == bytes_kind) {
    result.data = binary_data{std::string{data}};
    return result;
  }
  auto value = text[1] == json_kind ? parse(data) : std::nullopt;
  if (!value)
    return std::nullopt;
  result.data = std::move(*value);
  return result;
}

} // namespace wspool
