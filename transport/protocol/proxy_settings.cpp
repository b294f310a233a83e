// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "protocol/proxy_settings.hpp"

#include "protocol/endpoint_authority.hpp"
#include "protocol/endpoint_text.hpp"

#include <boost/url/ipv6_address.hpp>

#include <charconv>
#include <initializer_list>
#include <utility>

namespace wspool {

namespace {

struct variable {
  const char* name = nullptr;
  std::string_view value;
};

/// The first of the variables that is set and not empty.
variable first_of(const environment& getenv, std::initializer_list<const char*> names) {
  for (const auto* name : names) {
    // A web server hands a request's "Proxy" header to its CGI programs under this name.
    if (std::string_view{name} == "HTTP_PROXY" && getenv("REQUEST_METHOD") != nullptr)
      continue;
    if (const auto* value = getenv(name); value != nullptr && *value != '\0')
      return {name, value};
  }
  return {};
}

struct exemption {
  std::string host; ///< lower case, without dots around it
  bool has_port = false;
  std::uint16_t port = 0;
};

std::string canonical_host(std::string_view host) {
  if (auto address = boost::urls::parse_ipv6_address(host))
    return address->to_string();
  while (host.starts_with('.'))
    host.remove_prefix(1);
  while (host.ends_with('.'))
    host.remove_suffix(1);
  return detail::to_lower(host);
}

exemption parse_exemption(std::string_view text) {
  exemption result;
  std::string_view port;
  if (text.starts_with('[')) {
    auto bracket = text.find(']');
    if (bracket == std::string_view::npos)
      return result;
    port = text.substr(bracket + 1);
    text = text.substr(1, bracket - 1);
  } else if (auto colon = text.find(':');
             colon != std::string_view::npos && colon == text.rfind(':')) {
    port = text.substr(colon);
    text = text.substr(0, colon);
  }
  if (!port.empty()) {
    auto [end, error] = std::from_chars(port.data() + 1, port.data() + port.size(), result.port);
    if (error != std::errc{} || end != port.data() + port.size())
      return result; // matches nothing
    result.has_port = true;
  }
  if (text.starts_with("*."))
    text.remove_prefix(2);
  result.host = canonical_host(text);
  return result;
}

bool matches(const exemption& entry, const std::string& host, std::uint16_t port) {
  if (entry.host.empty() || (entry.has_port && entry.port != port))
    return false;
  if (entry.host == "*" || entry.host == host)
    return true;
  return host.size() > entry.host.size() && host.ends_with(entry.host)
         && host[host.size() - entry.host.size() - 1] == '.' && !detail::is_address_literal(host);
}

} // namespace

std::string proxy_settings::origin() const {
  auto scheme = kind == proxy_kind::http     ? "http"
                : kind == proxy_kind::socks5 ? "socks5"
                                             : "socks5h";
  return std::string{scheme} + "://" + detail::host_and_port(host, port);
}

failure parse_proxy(std::string_view url, std::string_view field, proxy_settings& result) {
  std::string text{url};
  if (text.find("://") == std::string::npos)
    text.insert(0, "http://");
  detail::url_parts parts;
  auto fail = [&](const std::string& what) {
    return failure{errc::invalid_option,
                   std::string{field} + ": " + detail::quote_url(url) + " " + what};
  };
  if (auto error = detail::parse_url(text, errc::invalid_option, parts))
    return {error.code, std::string{field} + ": " + error.detail};
  proxy_settings parsed;
  if (parts.scheme == "http")
    parsed.kind = proxy_kind::http;
  else if (parts.scheme == "socks5")
    parsed.kind = proxy_kind::socks5;
  else if (parts.scheme == "socks5h")
    parsed.kind = proxy_kind::socks5h;
  else
    return fail("has the unsupported scheme " + detail::quote(parts.scheme)
                + ": expected http, socks5 or socks5h");
  if (parts.has_query || parts.has_fragment || (parts.path != "" && parts.path != "/"))
    return fail("has more than a host and a port");
  if (parsed.kind != proxy_kind::http && (parts.user.size() > 255 || parts.password.size() > 255))
    return fail("has credentials longer than 255 bytes (RFC 1929)");
  parsed.host = std::move(parts.host);
  parsed.port = parts.has_port ? parts.port : parsed.kind == proxy_kind::http ? 3128 : 1080;
  parsed.user = std::move(parts.user);
  parsed.password = std::move(parts.password);
  result = std::move(parsed);
  return {};
}

bool is_exempt(std::string_view no_proxy, const endpoint& target) {
  auto host = canonical_host(target.host);
  while (!no_proxy.empty()) {
    auto end = no_proxy.find_first_of(", \t");
    auto text = no_proxy.substr(0, end);
    no_proxy.remove_prefix(end == std::string_view::npos ? no_proxy.size() : end + 1);
    if (!text.empty() && matches(parse_exemption(text), host, target.port))
      return true;
  }
  return false;
}

failure choose_proxy(const proxy_options& options, const endpoint& target,
                     const environment& getenv, proxy_settings& result) {
  result = {};
  if (options.url == "none")
    return {};
  if (!options.url.empty())
    return parse_proxy(options.url, "proxy.url", result);
  if (auto exempt = first_of(getenv, {"no_proxy", "NO_PROXY"}); is_exempt(exempt.value, target))
    return {};
  auto found = target.secure
                 ? first_of(getenv, {"wss_proxy", "WSS_PROXY", "https_proxy", "HTTPS_PROXY"})
                 : first_of(getenv, {"ws_proxy", "WS_PROXY", "http_proxy", "HTTP_PROXY"});
  if (found.name == nullptr)
    return {};
  return parse_proxy(found.value, "environment variable " + std::string{found.name}, result);
}

} // namespace wspool
