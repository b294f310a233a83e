// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "hub/verdict.hpp"

#include "hub/request_target.hpp"

#include <algorithm>
#include <utility>

namespace wspool {

namespace {

/// A clock that counts nanoseconds has no room for more than three of these.
constexpr std::chrono::seconds longest = std::chrono::hours{24 * 36'525};

bool is_alphanumeric(char c) noexcept {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

std::string if_token(std::string_view text) {
  return is_bearer_token(text) ? std::string{text} : std::string{};
}

} // namespace

bool is_bearer_token(std::string_view text) noexcept {
  while (text.ends_with('='))
    text.remove_suffix(1);
  constexpr std::string_view marks = "-._~+/";
  return !text.empty() && std::all_of(text.begin(), text.end(), [marks](char c) {
    return is_alphanumeric(c) || marks.find(c) != std::string_view::npos;
  });
}

std::string token_of(const upgrade_request& request) {
  constexpr std::string_view scheme = "bearer ";
  const auto credentials = trimmed(request.header_value("Authorization"));
  // One way at a time (§2): who shows a header is not asked for more.
  if (credentials.size() > scheme.size() && same_text(credentials.substr(0, scheme.size()), scheme))
    return if_token(trimmed(credentials.substr(scheme.size())));
  const auto value = query_value(request.target, "access_token");
  return value ? if_token(*value) : std::string{};
}

entrance refusal_of(const auth_verdict& verdict, std::int64_t now) {
  entrance result;
  if (verdict.status != 0) {
    const bool known = verdict.status >= 400 && verdict.status <= 599;
    result.status = known ? verdict.status : 500;
    result.headers = verdict.headers;
    result.body = verdict.body;
  } else if (!is_plain_name(verdict.identity)) {
    result.status = 500;
    result.body = "The identity found cannot be used.\n";
  } else if (verdict.expires != 0 && verdict.expires <= now) {
    result.status = 401;
    result.headers = {{"WWW-Authenticate", "Bearer error=\"invalid_token\""}};
    result.body = "The authentication expired.\n";
  }
  return result;
}

std::chrono::seconds time_left(std::int64_t expires, std::int64_t now) {
  return std::min(std::chrono::seconds{expires - now}, longest);
}

} // namespace wspool
