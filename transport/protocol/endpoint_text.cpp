// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "protocol/endpoint_text.hpp"

#include "protocol/ascii.hpp"

#include <boost/url/ipv4_address.hpp>
#include <boost/url/ipv6_address.hpp>

#include <algorithm>
#include <cstddef>

namespace wspool::detail {

namespace {

constexpr std::size_t longest_quote_bytes = 200;

} // namespace

std::string quote(std::string_view input) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string result = "\"";
  for (unsigned char c : input.substr(0, longest_quote_bytes)) {
    if (c < 0x20 || c == 0x7f) {
      result += "\\x";
      result += digits[c >> 4];
      result += digits[c & 15];
    } else {
      result += static_cast<char>(c);
    }
  }
  if (input.size() > longest_quote_bytes)
    result += "...";
  result += '"';
  return result;
}

std::string quote_url(std::string_view url) {
  // A password may itself hold '/', '?', '#' or '@' when someone forgot to encode it, so the last
  // '@' counts and not the one that the grammar would take.
  auto at = url.rfind('@');
  if (at == std::string_view::npos)
    return quote(url);
  auto scheme_end = url.find("://");
  auto begin = scheme_end == std::string_view::npos || scheme_end > at ? 0 : scheme_end + 3;
  auto colon = url.find(':', begin);
  if (colon == std::string_view::npos || colon > at)
    return quote(url);
  std::string redacted{url.substr(0, colon + 1)};
  redacted += "***";
  redacted += url.substr(at);
  return quote(redacted);
}

std::string host_and_port(std::string_view host, std::uint16_t port) {
  std::string result;
  if (host.find(':') != std::string_view::npos) {
    result += '[';
    result += host;
    result += ']';
  } else {
    result = host;
  }
  result += ':';
  result += std::to_string(port);
  return result;
}

bool is_address_literal(std::string_view host) {
  return boost::urls::parse_ipv4_address(host).has_value()
         || boost::urls::parse_ipv6_address(host).has_value();
}

std::string to_lower(std::string_view text) {
  std::string result{text};
  std::transform(result.begin(), result.end(), result.begin(), lower);
  return result;
}

bool iequals(std::string_view lhs, std::string_view rhs) noexcept {
  return std::equal(lhs.begin(), lhs.end(), rhs.begin(), rhs.end(),
                    [](char a, char b) { return lower(a) == lower(b); });
}

} // namespace wspool::detail
