// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include <wspool/endpoint.hpp>

#include "protocol/endpoint_authority.hpp"
#include "protocol/endpoint_text.hpp"

#include <boost/url/parse.hpp>
#include <boost/url/url.hpp>

#include <utility>

namespace wspool {

namespace {

namespace urls = boost::urls;

std::uint16_t default_port(bool secure) noexcept { return secure ? 443 : 80; }

} // namespace

std::string endpoint::origin() const {
  return (secure ? "wss://" : "ws://") + detail::host_and_port(host, port);
}

std::string endpoint::url() const { return (secure ? "wss://" : "ws://") + host_header() + target; }

std::string endpoint::host_header() const {
  auto result = detail::host_and_port(host, port);
  if (port == default_port(secure))
    result.resize(result.rfind(':'));
  return result;
}

failure parse_endpoint(std::string_view url, endpoint& result) {
  detail::url_parts parts;
  auto fail = [&](const std::string& what) {
    return failure{errc::invalid_url, detail::quote_url(url) + " " + what};
  };
  if (auto error = detail::parse_url(url, errc::invalid_url, parts)) {
    if (error.detail.ends_with("has no scheme"))
      error.detail += ": expected ws:// or wss://";
    return error;
  }
  endpoint parsed;
  if (parts.scheme == "wss" || parts.scheme == "https")
    parsed.secure = true;
  else if (parts.scheme != "ws" && parts.scheme != "http")
    return fail("has the unsupported scheme " + detail::quote(parts.scheme)
                + ": expected ws or wss");
  if (parts.has_fragment)
    return fail("has a fragment, which a WebSocket URL must not have (RFC 6455 section 3)");
  parsed.host = std::move(parts.host);
  parsed.port = parts.has_port ? parts.port : default_port(parsed.secure);
  parsed.target = parts.path.empty() ? "/" : std::move(parts.path);
  if (parts.has_query)
    parsed.target += "?" + parts.query;
  parsed.user = std::move(parts.user);
  parsed.password = std::move(parts.password);
  result = std::move(parsed);
  return {};
}

failure resolve_location(const endpoint& base, std::string_view location, endpoint& result) {
  auto fail = [&] {
    return failure{errc::invalid_url,
                   "the Location " + detail::quote_url(location) + " is not a URL"};
  };
  if (location.empty())
    return {errc::invalid_url, "the Location is empty"};
  endpoint parsed;
  auto base_url = base.url();
  auto base_view = urls::parse_uri({base_url.data(), base_url.size()});
  auto reference = urls::parse_uri_reference({location.data(), location.size()});
  if (!base_view || !reference)
    return fail();
  if (reference->has_scheme()) {
    if (auto error = parse_endpoint(location, parsed))
      return error;
  } else {
    urls::url target;
    if (!urls::resolve(*base_view, *reference, target))
      return fail();
    if (auto error = parse_endpoint({target.data(), target.size()}, parsed))
      return error;
  }
  // Credentials stay with their origin: scheme, host and port.
  if (parsed.user.empty() && parsed.password.empty() && parsed.origin() == base.origin()) {
    parsed.user = base.user;
    parsed.password = base.password;
  }
  result = std::move(parsed);
  return {};
}

} // namespace wspool
