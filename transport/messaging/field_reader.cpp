// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "messaging/field_reader.hpp"

#include "messaging/json_data.hpp"
#include "messaging/json_text.hpp"

#include <algorithm>
#include <cmath>

namespace wspool::detail {

namespace json = boost::json;

namespace {

bool has_control_characters(std::string_view text) noexcept {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

std::string_view view(const json::string& text) noexcept { return {text.data(), text.size()}; }

} // namespace

void field_reader::allow_only(std::initializer_list<std::string_view> names) {
  for (const auto& field : fields_)
    if (std::find(names.begin(), names.end(), std::string_view{field.key()}) == names.end())
      return refuse(message_errc::unknown_field, std::string_view{field.key()},
                    "is not a field of this message");
}

void field_reader::check_numbers() {
  for (const auto& field : fields_)
    if (!can_be_written(field.value()))
      return refuse(message_errc::invalid_field, std::string_view{field.key()},
                    "has a number beyond the range of a double");
}

std::optional<message_id> field_reader::id(std::string_view field) {
  auto* found = find(field);
  if (!found)
    return std::nullopt;
  if (auto* text = found->if_string())
    return checked_id(field, std::string{view(*text)});
  if (auto* number = found->if_int64(); number && *number >= 0 && *number <= largest_safe_integer)
    return *number;
  refuse(message_errc::invalid_field, field,
         "must be a string or a whole number from 0 to " + std::to_string(largest_safe_integer));
  return std::nullopt;
}

std::optional<message_id> field_reader::any_id(std::string_view field) {
  auto* found = find(field);
  if (!found)
    return std::nullopt;
  if (auto* text = found->if_string())
    return checked_id(field, std::string{view(*text)});
  if (auto* number = found->if_int64())
    return *number;
  if (auto* number = found->if_uint64())
    return *number;
  if (auto* number = found->if_double(); number && std::isfinite(*number))
    return *number;
  refuse(message_errc::invalid_field, field, "must be a string or a number");
  return std::nullopt;
}

std::optional<std::string> field_reader::text_or_number(std::string_view field,
                                                        std::size_t max_bytes) {
  auto* found = find(field);
  if (!found)
    return std::nullopt;
  if (auto* number = found->if_int64())
    return std::to_string(*number);
  if (auto* number = found->if_uint64())
    return std::to_string(*number);
  if (found->is_string())
    return text(field, max_bytes);
  refuse(message_errc::invalid_field, field, "must be a string or a whole number");
  return std::nullopt;
}

std::optional<std::string> field_reader::text(std::string_view field, std::size_t max_bytes) {
  auto* found = find(field);
  if (!found)
    return std::nullopt;
  auto* text = found->if_string();
  if (!text) {
    refuse(message_errc::invalid_field, field, "must be a string");
    return std::nullopt;
  }
  if (!is_word(field, view(*text), max_bytes))
    return std::nullopt;
  return std::string{view(*text)};
}

bool field_reader::flag(std::string_view field) {
  auto* found = find(field);
  if (!found)
    return false;
  if (auto* value = found->if_bool())
    return *value;
  refuse(message_errc::invalid_field, field, "must be true or false");
  return false;
}

std::optional<std::int64_t> field_reader::whole_number(std::string_view field, std::int64_t from,
                                                       std::int64_t to) {
  auto* found = find(field);
  if (!found)
    return std::nullopt;
  if (auto* number = found->if_int64(); number && *number >= from && *number <= to)
    return *number;
  refuse(message_errc::invalid_field, field,
         "must be a whole number from " + std::to_string(from) + " to " + std::to_string(to));
  return std::nullopt;
}

std::optional<json::value> field_reader::value(std::string_view field) {
  if (auto* found = find(field))
    return std::move(*found);
  return std::nullopt;
}

std::optional<json::object> field_reader::object(std::string_view field) {
  auto* found = find(field);
  if (!found)
    return std::nullopt;
  if (auto* object = found->if_object())
    return std::move(*object);
  refuse(message_errc::invalid_field, field, "must be an object");
  return std::nullopt;
}

std::optional<position> field_reader::place(std::string_view field) {
  auto inner = object(field);
  if (!inner)
    return std::nullopt;
  field_reader in{*inner, limits_};
  in.allow_only({"epoch", "offset"});
  position result;
  result.epoch = in.required("epoch", in.text("epoch", limits_.id_bytes));
  const auto offset = in.whole_number("offset", 0, largest_safe_integer);
  result.offset = static_cast<std::uint64_t>(in.required("offset", offset));
  if (auto wrong = in.failure()) {
    const auto what = std::string_view{wrong->message}.substr(wrong->field.size() + 1);
    refuse(wrong->code, std::string{field} + "." + wrong->field, what);
    return std::nullopt;
  }
  return result;
}

void field_reader::refuse(message_errc code, std::string_view field, std::string_view what) {
  if (failure_)
    return;
  failure_.emplace();
  failure_->code = code;
  failure_->field = field.empty() ? "\"\"" : quotable(field); // JSON allows a name of nothing
  failure_->message = failure_->field;
  failure_->message.append(" ").append(what);
}

json::value* field_reader::find(std::string_view field) {
  return failure_ ? nullptr : fields_.if_contains(field);
}

std::optional<message_id> field_reader::checked_id(std::string_view field, std::string id) {
  if (!is_word(field, id, limits_.id_bytes))
    return std::nullopt;
  return message_id{std::move(id)};
}

bool field_reader::is_word(std::string_view field, std::string_view text, std::size_t max_bytes) {
  if (text.empty())
    refuse(message_errc::invalid_field, field, "must not be empty");
  else if (text.size() > max_bytes)
    refuse(message_errc::invalid_field, field,
           "must not be longer than " + std::to_string(max_bytes) + " bytes");
  else if (has_control_characters(text))
    refuse(message_errc::invalid_field, field, "must not have control characters");
  else
    return true;
  return false;
}

} // namespace wspool::detail
