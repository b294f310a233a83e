// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include <wspool/connect_options.hpp>

#include <wspool/message.hpp>

#include "protocol/ascii.hpp"
#include "protocol/endpoint_text.hpp"
#include "protocol/proxy_settings.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string_view>
#include <system_error>

namespace wspool {

namespace {

/// RFC 9110 §5.6.2.
bool is_token(std::string_view text) noexcept {
  static constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return detail::is_digit(c) || detail::is_letter(c) || marks.find(c) != std::string_view::npos;
  });
}

/// The handshake sets these itself, or they announce a body that never comes.
bool is_reserved(std::string_view name) {
  static constexpr std::array<std::string_view, 5> names = {"host", "upgrade", "connection",
                                                            "content-length", "transfer-encoding"};
  auto lower = detail::to_lower(name);
  return lower.starts_with("sec-websocket-")
         || std::find(names.begin(), names.end(), lower) != names.end();
}

failure invalid(std::string_view field, std::string_view what) {
  return {errc::invalid_option, std::string{field} + ": " + std::string{what}};
}

failure invalid(std::string_view field, std::string_view value, std::string_view what) {
  return invalid(field, detail::quote(value) + " " + std::string{what});
}

failure invalid(std::string_view field, long long value, std::string_view what) {
  return invalid(field, std::to_string(value) + " " + std::string{what});
}

failure check_subprotocols(const std::vector<std::string>& names) {
  for (auto i = names.begin(); i != names.end(); ++i) {
    if (!is_token(*i))
      return invalid("upgrade.subprotocols", *i, "is not a token (RFC 9110 section 5.6.2)");
    if (std::find(names.begin(), i, *i) != i)
      return invalid("upgrade.subprotocols", *i, "is there twice (RFC 6455 section 4.1)");
  }
  return {};
}

/// Secrets are never quoted.
failure check_credentials(const upgrade_options& options) {
  if (!options.basic.empty() && !options.bearer.empty())
    return invalid("upgrade.basic", "cannot be given together with upgrade.bearer");
  if (!options.basic.empty() && options.basic.find(':') == std::string::npos)
    return invalid("upgrade.basic", "has no colon: expected user:password");
  if (std::any_of(options.basic.begin(), options.basic.end(), detail::is_control))
    return invalid("upgrade.basic", "has a control character");
  // A token of RFC 6750 is printable and has no space; servers differ in what else they allow.
  if (std::any_of(options.bearer.begin(), options.bearer.end(),
                  [](unsigned char c) { return c <= 0x20 || c >= 0x7f; }))
    return invalid("upgrade.bearer", "has a character that no token can have");
  return {};
}

failure check(const upgrade_options& options) {
  for (const auto& h : options.headers)
    if (auto error = validate(h))
      return error;
  if (auto error = check_subprotocols(options.subprotocols))
    return error;
  if (std::any_of(options.origin.begin(), options.origin.end(),
                  [](unsigned char c) { return c <= 0x20 || c >= 0x7f; }))
    return invalid("upgrade.origin", options.origin, "has a space or an unprintable character");
  return check_credentials(options);
}

failure check_file(std::string_view field, const std::string& file) {
  if (file.empty())
    return {};
  auto fail = [&](const std::string& what) {
    return failure{errc::tls_configuration,
                   std::string{field} + ": " + detail::quote(file) + ": " + what};
  };
  std::error_code error;
  if (file.find('\0') != std::string::npos)
    return fail("is not a file's name");
  if (std::filesystem::is_directory(file, error))
    return fail("is a directory");
  errno = 0;
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> opened{std::fopen(file.c_str(), "rb"),
                                                         &std::fclose};
  if (!opened)
    return fail(std::generic_category().message(errno));
  return {};
}

failure check(const tls_options& options) {
  if (auto error = check_file("tls.ca_file", options.ca_file))
    return error;
  if (auto error = check_file("tls.certificate_file", options.certificate_file))
    return error;
  if (auto error = check_file("tls.key_file", options.key_file))
    return error;
  if (!options.key_file.empty() && options.certificate_file.empty())
    return invalid("tls.key_file", options.key_file, "is of no use without tls.certificate_file");
  if (std::any_of(options.server_name.begin(), options.server_name.end(),
                  [](unsigned char c) { return c <= 0x20 || c >= 0x7f || c == '/'; }))
    return invalid("tls.server_name", options.server_name, "is not a host's name");
  return {};
}

failure check(const deflate_options& options) {
  if (options.client_window_bits < 9 || options.client_window_bits > 15)
    return invalid("deflate.client_window_bits", options.client_window_bits, "is not 9 to 15");
  if (options.server_window_bits < 9 || options.server_window_bits > 15)
    return invalid("deflate.server_window_bits", options.server_window_bits, "is not 9 to 15");
  if (options.level < 0 || options.level > 9)
    return invalid("deflate.level", options.level, "is not 0 to 9");
  return {};
}

failure check(const message_limits& limits) {
  if (limits.max_message_bytes == 0)
    return invalid("limits.max_message_bytes", 0, "lets no message through");
  // Offsets within a batch have 32 bits.
  if (limits.max_message_bytes > message_batch::max_bytes)
    return invalid("limits.max_message_bytes", static_cast<long long>(limits.max_message_bytes),
                   "is more than " + std::to_string(message_batch::max_bytes));
  // Less would not hold the shortest answer to an upgrade.
  if (limits.max_header_bytes < 256)
    return invalid("limits.max_header_bytes", static_cast<long long>(limits.max_header_bytes),
                   "is less than 256");
  return {};
}

failure check(const connection_deadlines& deadlines) {
  struct field {
    const char* name;
    std::chrono::milliseconds value;
  };
  for (const auto& [name, value] :
       {field{"deadlines.address", deadlines.address},
        field{"deadlines.handshake", deadlines.handshake}, field{"deadlines.idle", deadlines.idle},
        field{"deadlines.close", deadlines.close}}) {
    if (value < std::chrono::milliseconds::zero())
      return invalid(name, std::to_string(value.count()) + " ms is negative");
    // Far beyond any use, and far from where clocks overflow.
    if (value > std::chrono::hours{24 * 365})
      return invalid(name, std::to_string(value.count()) + " ms is more than a year");
  }
  return {};
}

} // namespace

failure validate(const header& h) {
  if (!is_token(h.name))
    return {errc::invalid_header,
            detail::quote(h.name) + " is not a header's name (RFC 9110 section 5.1)"};
  if (is_reserved(h.name))
    return {errc::invalid_header, detail::quote(h.name) + " is set by the handshake itself"};
  // The value may be a secret: its place is named, not its text.
  for (std::size_t i = 0; i < h.value.size(); ++i) {
    auto c = h.value[i];
    if (c == '\r' || c == '\n')
      return {errc::invalid_header,
              detail::quote(h.name) + ": the value has a line break at byte " + std::to_string(i)};
    if (detail::is_control(c) && c != '\t')
      return {errc::invalid_header, detail::quote(h.name)
                                      + ": the value has a control character at byte "
                                      + std::to_string(i)};
  }
  return {};
}

failure validate(const connect_options& options) {
  if (auto error = check(options.upgrade))
    return error;
  if (auto error = check(options.tls))
    return error;
  if (auto error = check(options.deflate))
    return error;
  if (auto error = check(options.limits))
    return error;
  if (auto error = check(options.deadlines))
    return error;
  if (const auto& url = options.proxy.url; !url.empty() && url != "none") {
    proxy_settings ignored;
    return parse_proxy(url, "proxy.url", ignored);
  }
  return {};
}

std::string_view upgrade_response::header_value(std::string_view name) const noexcept {
  for (const auto& h : headers)
    if (detail::iequals(h.name, name))
      return h.value;
  return {};
}

} // namespace wspool
