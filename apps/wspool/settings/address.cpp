// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "settings/address.hpp"

#include "settings/setting_targets.hpp"
#include "settings/settings.hpp"

namespace wspool::cli {

std::string address::text() const {
  auto is_v6 = host.find(':') != std::string::npos;
  return (is_v6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

std::optional<address> find_address(const std::string& text) {
  auto split = text.rfind(':');
  auto host = text.substr(0, split);
  constexpr std::uint64_t no_port = 65'536;
  auto digits =
    split == std::string::npos ? std::string_view{} : std::string_view{text}.substr(split + 1);
  auto port = parse_number(digits).value_or(no_port);
  auto is_bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
  if (is_bracketed)
    host = host.substr(1, host.size() - 2);
  auto is_clear = is_bracketed || host.find(':') == std::string::npos;
  if (port >= no_port || host.empty() || !is_clear)
    return std::nullopt;
  return address{host, static_cast<std::uint16_t>(port)};
}

address parse_address(const std::string& text, const std::string& option) {
  if (auto found = find_address(text))
    return *found;
  throw usage_error(option + ": \"" + text
                    + "\": expected HOST:PORT, such as 127.0.0.1:9001 or [::1]:9001");
}

} // namespace wspool::cli
