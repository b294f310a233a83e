// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "backplane/redis_address.hpp"

#include "protocol/number_text.hpp"

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

namespace wspool {

namespace {

failure wrong(std::string what) { return {errc::invalid_option, "redis URL: " + std::move(what)}; }

} // namespace

std::string redis_address::text() const {
  const auto bare = host.find(':') == std::string::npos;
  return (secure ? "rediss://" : "redis://") + (bare ? host : "[" + host + "]") + ":"
         + std::to_string(port) + "/" + std::to_string(database);
}

failure parse_redis_url(std::string_view url, redis_address& result) {
  const auto parsed = boost::urls::parse_uri(url);
  if (parsed.has_error())
    return wrong("not a URL");
  const auto& view = *parsed;
  redis_address found;
  const std::string_view scheme{view.scheme().data(), view.scheme().size()};
  if (scheme != "redis" && scheme != "rediss")
    return wrong("expected redis:// or rediss://");
  found.secure = scheme == "rediss";
  if (!view.has_authority() || view.host_address().empty())
    return wrong("no host");
  found.host = view.host_address();
  if (view.has_port()) {
    const auto port = view.port();
    if (!detail::read_number(std::string_view{port.data(), port.size()}, found.port)
        || found.port == 0)
      return wrong("expected a port from 1 to 65535");
  }
  found.user = view.user();
  found.password = view.password();
  if (!found.user.empty() && !view.has_password())
    return wrong("a user without a password");
  const std::string path{view.encoded_path().data(), view.encoded_path().size()};
  if (path.size() > 1 && !detail::read_number(std::string_view{path}.substr(1), found.database))
    return wrong("expected a database's number as its path");
  if (view.has_query() || view.has_fragment())
    return wrong("expected neither query nor fragment");
  result = std::move(found);
  return {};
}

} // namespace wspool
