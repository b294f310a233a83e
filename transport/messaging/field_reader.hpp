// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "messaging/message_errc.hpp"
#include "messaging/publication.hpp"
#include "messaging/request_limits.hpp"

#include <boost/json/object.hpp>

#include <chrono>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

namespace wspool::detail {

/// The largest number up to which a JavaScript client can tell all whole numbers apart.
constexpr std::int64_t largest_safe_integer = 9'007'199'254'740'991;

/// Reads the fields of a message one after the other. After the first that is wrong, whatever is
/// read is empty and only that first one is told, so a decoder asks once, at the end.
class field_reader {
public:
  /// Takes values out of `fields`, which must live as long; each field may be read once.
  field_reader(boost::json::object& fields, const request_limits& limits) noexcept
    : fields_(fields), limits_(limits) {}

  [[nodiscard]] bool has(std::string_view field) const { return fields_.contains(field); }

  /// Refuses any other field.
  void allow_only(std::initializer_list<std::string_view> names);

  /// Refuses numbers that cannot be written again, in whatever field.
  void check_numbers();

  /// A string or a whole number from 0 to `largest_safe_integer`.
  [[nodiscard]] std::optional<message_id> id(std::string_view field);
  /// A string or any finite number.
  [[nodiscard]] std::optional<message_id> any_id(std::string_view field);
  /// A string, or a whole number, which stands for its digits.
  [[nodiscard]] std::optional<std::string> text_or_number(std::string_view field,
                                                          std::size_t max_bytes);
  /// Not empty, and without control characters.
  [[nodiscard]] std::optional<std::string> text(std::string_view field, std::size_t max_bytes);
  [[nodiscard]] bool flag(std::string_view field); ///< false if it is not there
  [[nodiscard]] std::optional<std::int64_t> whole_number(std::string_view field, std::int64_t from,
                                                         std::int64_t to);
  [[nodiscard]] std::optional<boost::json::value> value(std::string_view field);
  [[nodiscard]] std::optional<boost::json::object> object(std::string_view field);
  /// An object with the fields `epoch` and `offset`.
  [[nodiscard]] std::optional<position> place(std::string_view field);

  /// Refuses the message if the field was not there.
  template <class T>
  [[nodiscard]] T required(std::string_view field, std::optional<T> read) {
    if (!read && !failure_)
      refuse(message_errc::missing_field, field, "is missing");
    return read ? std::move(*read) : T{};
  }

  /// Only the first call counts. The error's message is `field` and `what`.
  void refuse(message_errc code, std::string_view field, std::string_view what);

  [[nodiscard]] const request_limits& limits() const noexcept { return limits_; }
  [[nodiscard]] const std::optional<rejection>& failure() const noexcept { return failure_; }

private:
  /// Null if it is not there, or something was wrong before.
  [[nodiscard]] boost::json::value* find(std::string_view field);
  [[nodiscard]] std::optional<message_id> checked_id(std::string_view field, std::string id);
  [[nodiscard]] bool is_word(std::string_view field, std::string_view text, std::size_t max_bytes);

  boost::json::object& fields_;
  const request_limits& limits_;
  std::optional<rejection> failure_;
};

} // namespace wspool::detail
