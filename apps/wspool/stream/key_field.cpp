// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "stream/key_field.hpp"

#include "settings/settings.hpp"

#include <wspool/message.hpp>

#include <boost/json.hpp>

#include <array>

namespace wspool::cli {

namespace {

namespace json = boost::json;

constexpr std::size_t scratch_bytes = 16 * 1024;

const json::value* find(const json::value& root, const std::string& field) {
  if (field.front() != '/') {
    auto object = root.if_object();
    return object == nullptr ? nullptr : object->if_contains(field);
  }
  boost::system::error_code ignored;
  return root.find_pointer(field, ignored);
}

/// RFC 6901 §3: "~0" stands for '~', "~1" for '/'.
bool has_good_escapes(std::string_view pointer) {
  for (auto at = pointer.find('~'); at != std::string_view::npos; at = pointer.find('~', at + 1)) {
    auto next = pointer.substr(at + 1, 1);
    if (next != "0" && next != "1")
      return false;
  }
  return true;
}

std::uint64_t key_of(const json::value& value) {
  if (auto text = value.if_string())
    return hash_key({text->data(), text->size()});
  if (value.is_null() || value.is_structured())
    return 0;
  return hash_key(json::serialize(value));
}

} // namespace

std::string expected_key_field(const std::string& field) {
  if (field.starts_with('/') && !has_good_escapes(field))
    return "~ to be followed by 0 or 1 in a JSON pointer";
  return {};
}

std::function<std::uint64_t(std::string_view)> make_key_function(std::string field) {
  if (field.empty())
    return {};
  return [field = std::move(field)](std::string_view text) -> std::uint64_t {
    std::array<unsigned char, scratch_bytes> scratch;
    json::monotonic_resource memory{scratch.data(), scratch.size()};
    boost::system::error_code not_json;
    auto root = json::parse(json::string_view{text.data(), text.size()}, not_json, &memory);
    auto value = not_json ? nullptr : find(root, field);
    return value == nullptr ? 0 : key_of(*value);
  };
}

} // namespace wspool::cli
