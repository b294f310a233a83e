// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "protocol/codec_opening.hpp"

#include "protocol/ascii.hpp"

#include <boost/beast/core/string.hpp>
#include <boost/beast/http/rfc7230.hpp>
#include <boost/beast/http/status.hpp>

#include <algorithm>
#include <utility>

namespace wspool::detail {

namespace {

namespace beast = boost::beast;
namespace http = boost::beast::http;

bool is_token_char(char c) noexcept {
  if (is_letter(c) || is_digit(c))
    return true;
  return c != '\0' && std::string_view{"!#$%&'*+-.^_`|~"}.find(c) != std::string_view::npos;
}

bool has_token(const std::string& values, beast::string_view token) {
  return http::token_list{values}.exists(token);
}

// Beast stores lengths in 16 bits, and throws at longer ones.
constexpr std::size_t longest_part = 32 * 1024;

void append(std::string& head, std::string_view name, std::string_view value) {
  head.append(name).append(": ").append(value).append("\r\n");
}

failure invalid(std::string detail) { return {errc::upgrade_invalid, std::move(detail)}; }

std::string quoted_or_nothing(const std::string& value) {
  return value.empty() ? std::string{"nothing"} : '"' + value.substr(0, 80) + '"';
}

// RFC 6455 §4.1: one of those that were offered, or none.
failure check_subprotocol(const std::vector<header>& headers, std::string_view offered,
                          std::string& chosen) {
  chosen = joined_values(headers, "Sec-WebSocket-Protocol");
  if (chosen.empty())
    return {};
  const std::string offers{offered};
  for (const auto& offer : http::token_list{offers})
    if (offer == chosen)
      return {};
  const auto detail = '"' + chosen.substr(0, 80) + "\", offered was " + quoted_or_nothing(offers);
  chosen.clear();
  return {errc::subprotocol_mismatch, detail};
}

} // namespace

bool is_safe(const header& h) noexcept {
  return !h.name.empty() && h.name.size() <= longest_part && h.value.size() <= longest_part
         && std::all_of(h.name.begin(), h.name.end(), is_token_char)
         && std::none_of(h.value.begin(), h.value.end(),
                         [](char c) { return is_control(c) && c != '\t'; });
}

bool is_safe_word(std::string_view word) noexcept {
  return word.size() <= longest_part && std::none_of(word.begin(), word.end(), [](char c) {
           return is_control(c) || c == ' ';
         });
}

std::string joined_values(const std::vector<header>& headers, std::string_view name) {
  std::string values;
  for (const auto& h : headers) {
    if (!beast::iequals(h.name, name))
      continue;
    if (!values.empty())
      values += ", ";
    values += h.value;
  }
  return values;
}

std::string render_request(const handshake_request& request, std::string_view key,
                           std::string_view extensions) {
  std::string text;
  text.reserve(256 + request.target.size());
  text.append("GET ").append(request.target).append(" HTTP/1.1\r\n");
  append(text, "Host", request.host);
  append(text, "Upgrade", "websocket");
  append(text, "Connection", "Upgrade");
  append(text, "Sec-WebSocket-Key", key);
  append(text, "Sec-WebSocket-Version", "13");
  if (!extensions.empty())
    append(text, "Sec-WebSocket-Extensions", extensions);
  for (const auto& h : request.headers)
    append(text, h.name, h.value);
  return text.append("\r\n");
}

failure check_upgrade(const upgrade_response& response, std::string_view answer_to_key,
                      std::string_view offered_subprotocols, const deflate_options& offered,
                      std::string& subprotocol, deflate_agreement& agreed) {
  const auto upgrade = joined_values(response.headers, "Upgrade");
  if (!has_token(upgrade, "websocket"))
    return invalid("the 101 answer lacks \"Upgrade: websocket\", it says "
                   + quoted_or_nothing(upgrade) + " (RFC 6455 §4.1)");
  const auto connection = joined_values(response.headers, "Connection");
  if (!has_token(connection, "upgrade"))
    return invalid("the 101 answer lacks \"Connection: Upgrade\", it says "
                   + quoted_or_nothing(connection) + " (RFC 6455 §4.1)");
  if (auto wrong = check_deflate_answer(joined_values(response.headers, "Sec-WebSocket-Extensions"),
                                        offered, agreed))
    return wrong;
  if (auto wrong = check_subprotocol(response.headers, offered_subprotocols, subprotocol))
    return wrong;
  const auto accept = joined_values(response.headers, "Sec-WebSocket-Accept");
  if (accept != answer_to_key)
    return invalid("Sec-WebSocket-Accept: \"" + accept.substr(0, 64)
                   + "\" does not answer the key that was sent (RFC 6455 §4.1)");
  return {};
}

std::string render_upgrade(const accept_options& options, std::string_view answer_to_key,
                           std::string_view extensions) {
  std::string text = "HTTP/1.1 101 Switching Protocols\r\n";
  append(text, "Upgrade", "websocket");
  append(text, "Connection", "Upgrade");
  append(text, "Sec-WebSocket-Accept", answer_to_key);
  if (!extensions.empty())
    append(text, "Sec-WebSocket-Extensions", extensions);
  if (!options.subprotocol.empty())
    append(text, "Sec-WebSocket-Protocol", options.subprotocol);
  if (joined_values(options.headers, "Server").empty())
    append(text, "Server", "wspool");
  for (const auto& h : options.headers)
    append(text, h.name, h.value);
  return text.append("\r\n");
}

std::string render_answer(unsigned status, const std::vector<header>& headers,
                          std::uint64_t body_bytes) {
  std::string text = "HTTP/1.1 " + std::to_string(status) + ' ';
  const auto reason = http::obsolete_reason(http::int_to_status(status));
  text.append(reason.data(), reason.size()).append("\r\n");
  for (const auto& h : headers) {
    // Those that frame the message are this function's own.
    if (!is_safe(h) || beast::iequals(h.name, "Content-Length")
        || beast::iequals(h.name, "Transfer-Encoding") || beast::iequals(h.name, "Connection"))
      continue;
    append(text, h.name, h.value);
  }
  text.append("Connection: close\r\nContent-Length: ").append(std::to_string(body_bytes));
  return text.append("\r\n\r\n");
}

} // namespace wspool::detail
