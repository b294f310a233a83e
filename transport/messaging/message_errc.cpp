// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "messaging/message_errc.hpp"

namespace wspool {

std::string_view name_of(message_errc code) noexcept {
  switch (code) {
    case message_errc::invalid_json:
      return "invalid_json";
    case message_errc::invalid_message:
      return "invalid_message";
    case message_errc::too_big:
      return "too_big";
    case message_errc::too_deep:
      return "too_deep";
    case message_errc::unknown_type:
      return "unknown_type";
    case message_errc::missing_field:
      return "missing_field";
    case message_errc::unknown_field:
      return "unknown_field";
    case message_errc::invalid_field:
      return "invalid_field";
    case message_errc::not_connected:
      return "not_connected";
    case message_errc::unauthorized:
      return "unauthorized";
    case message_errc::forbidden:
      return "forbidden";
    case message_errc::not_found:
      return "not_found";
    case message_errc::conflict:
      return "conflict";
    case message_errc::limit_exceeded:
      return "limit_exceeded";
    case message_errc::deadline_exceeded:
      return "deadline_exceeded";
    case message_errc::cancelled:
      return "cancelled";
    case message_errc::unavailable:
      return "unavailable";
    case message_errc::internal:
      break;
  }
  return "internal";
}

std::optional<message_errc> message_errc_by_name(std::string_view name) noexcept {
  for (int i = 0; i <= static_cast<int>(message_errc::internal); ++i)
    if (const auto code = static_cast<message_errc>(i); name_of(code) == name)
      return code;
  return std::nullopt;
}

} // namespace wspool
