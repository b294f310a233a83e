// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "protocol/endpoint_authority.hpp"

#include "protocol/ascii.hpp"
#include "protocol/endpoint_text.hpp"

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <utility>

namespace wspool::detail {

namespace {

namespace urls = boost::urls;

bool is_hex(char c) noexcept {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/// Scheme and authority without Boost.URL, for text that it may refuse.
struct rough_parts {
  std::string_view scheme;
  std::string_view authority;
  std::string_view port; ///< what follows the host's colon
  std::size_t rest = 0;  ///< where path, query or fragment begin
};

rough_parts split_roughly(std::string_view url, std::size_t scheme_end) {
  rough_parts result;
  result.scheme = url.substr(0, scheme_end);
  auto begin = scheme_end + 3;
  result.rest = std::min(url.find_first_of("/?#", begin), url.size());
  result.authority = url.substr(begin, result.rest - begin);
  auto host = result.authority;
  if (auto at = host.rfind('@'); at != std::string_view::npos)
    host.remove_prefix(at + 1);
  if (auto bracket = host.rfind(']'); bracket != std::string_view::npos)
    host.remove_prefix(bracket + 1);
  if (auto colon = host.find(':'); colon != std::string_view::npos)
    result.port = host.substr(colon + 1);
  return result;
}

std::string check_characters(std::string_view url) {
  for (std::size_t i = 0; i < url.size(); ++i) {
    auto c = static_cast<unsigned char>(url[i]);
    if (c == ' ')
      return "has a space at byte " + std::to_string(i);
    if (c < 0x20 || c == 0x7f)
      return "has a control character at byte " + std::to_string(i);
  }
  return {};
}

/// What browsers do to path and query: characters that a URL cannot hold are percent-encoded, so
/// that a query with JSON or with names in any language can be pasted.
std::string encode_rest(std::string_view url, std::size_t rest) {
  static constexpr char digits[] = "0123456789ABCDEF";
  static constexpr std::string_view foreign = "\"<>\\^`{|}[]";
  std::string result{url.substr(0, rest)};
  for (unsigned char c : url.substr(rest)) {
    if (c >= 0x80 || foreign.find(static_cast<char>(c)) != std::string_view::npos) {
      result += '%';
      result += digits[c >> 4];
      result += digits[c & 15];
    } else {
      result += static_cast<char>(c);
    }
  }
  return result;
}

/// Why Boost.URL refused the text, in words that point at the place.
std::string diagnose(std::string_view url, const rough_parts& rough) {
  for (std::size_t i = 0; i < url.size(); ++i)
    if (url[i] == '%' && (i + 2 >= url.size() || !is_hex(url[i + 1]) || !is_hex(url[i + 2])))
      return "has a percent sign at byte " + std::to_string(i)
             + " that is not followed by two hexadecimal digits";
  if (std::any_of(rough.authority.begin(), rough.authority.end(),
                  [](char c) { return static_cast<unsigned char>(c) >= 0x80; }))
    return "has a host that is not ASCII: write its name in punycode (xn--...)";
  if (rough.authority.find('[') != std::string_view::npos
      && rough.authority.find(']') == std::string_view::npos)
    return "has an IPv6 address without its closing bracket";
  if (!std::all_of(rough.port.begin(), rough.port.end(), is_digit))
    return "has a port that is not a number";
  if (rough.authority.find('[') != std::string_view::npos)
    return "has a malformed IPv6 address";
  return "is malformed";
}

std::string read_host(const urls::url_view& url, url_parts& result) {
  std::string_view foreign = "\"#%/:<>?@[\\]^`{|}";
  switch (url.host_type()) {
    case urls::host_type::ipv6:
      result.host = url.host_ipv6_address().to_string();
      foreign = {};
      break;
    case urls::host_type::ipv4:
    case urls::host_type::name:
      result.host = to_lower(url.host_name().empty() ? url.host_address() : url.host_name());
      break;
    case urls::host_type::ipvfuture:
      return "has a host of an unknown address family";
    case urls::host_type::none:
      break;
  }
  if (result.host.empty())
    return "has no host";
  for (unsigned char c : result.host)
    if (c <= 0x20 || c >= 0x7f || foreign.find(static_cast<char>(c)) != std::string_view::npos)
      return "has a character in its host that no name can have";
  return {};
}

std::string read_port(const urls::url_view& url, url_parts& result) {
  auto text = url.port();
  if (!url.has_port() || text.empty())
    return {};
  unsigned value = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value == 0 || value > 65535)
    return "has a port outside of 1 to 65535";
  result.has_port = true;
  result.port = static_cast<std::uint16_t>(value);
  return {};
}

std::string read_userinfo(const urls::url_view& url, url_parts& result) {
  result.user = url.user();
  result.password = url.password();
  for (const auto& text : {result.user, result.password})
    if (std::any_of(text.begin(), text.end(),
                    [](unsigned char c) { return c < 0x20 || c == 0x7f; }))
      return "has a control character in its credentials";
  return {};
}

std::string read_all(const urls::url_view& url, url_parts& result) {
  result.scheme = to_lower(std::string_view{url.scheme().data(), url.scheme().size()});
  if (auto wrong = read_host(url, result); !wrong.empty())
    return wrong;
  if (auto wrong = read_port(url, result); !wrong.empty())
    return wrong;
  if (auto wrong = read_userinfo(url, result); !wrong.empty())
    return wrong;
  auto path = url.encoded_path();
  result.path.assign(path.data(), path.size());
  auto query = url.encoded_query();
  result.query.assign(query.data(), query.size());
  result.has_query = url.has_query();
  result.has_fragment = url.has_fragment();
  return {};
}

} // namespace

failure parse_url(std::string_view url, errc code, url_parts& result) {
  auto fail = [&](std::string_view what) {
    return failure{code, quote_url(url) + " " + std::string{what}};
  };
  if (url.empty())
    return {code, "the URL is empty"};
  if (auto wrong = check_characters(url); !wrong.empty())
    return fail(wrong);
  auto scheme_end = url.find("://");
  if (scheme_end == std::string_view::npos || scheme_end == 0)
    return fail("has no scheme");
  auto rough = split_roughly(url, scheme_end);
  auto encoded = encode_rest(url, rough.rest);
  auto parsed = urls::parse_uri({encoded.data(), encoded.size()});
  // Boost.URL 1.81 takes what follows a malformed port for a path.
  if (!parsed || std::string_view{parsed->encoded_authority()} != rough.authority)
    return fail(diagnose(url, rough));
  url_parts parts;
  if (auto wrong = read_all(*parsed, parts); !wrong.empty())
    return fail(wrong);
  result = std::move(parts);
  return {};
}

} // namespace wspool::detail
