// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)

// URLs of servers and proxies, redirects and `no_proxy`. The lines of the input: a URL, a Location,
// a list of exemptions.
#include "fuzz_target.hpp"

#include "protocol/codec_opening.hpp"
#include "protocol/proxy_settings.hpp"

#include <wspool/endpoint.hpp>

using namespace wspool;
using namespace wspool::fuzz;

namespace {

/// What was parsed can be sent, and means the same when it was printed.
void check(const endpoint& parsed) {
  require(!parsed.host.empty() && parsed.port != 0, "there are a host and a port");
  require(parsed.target.starts_with('/'), "a target begins with a slash", parsed.target);
  require(wspool::detail::is_safe_word(parsed.host_header().substr(0, 1'000))
            && wspool::detail::is_safe_word(parsed.target.substr(0, 1'000)),
          "host and target can be sent", parsed.url());
  endpoint again;
  const auto wrong = parse_endpoint(parsed.url(), again);
  require(!wrong, "a printed URL can be parsed", parsed.url() + " " + wrong.detail);
  again.user = parsed.user; // never printed
  again.password = parsed.password;
  require(again == parsed, "a printed URL means the same", parsed.url() + " " + again.url());
  endpoint origin;
  require(!parse_endpoint(parsed.origin(), origin) && origin.origin() == parsed.origin(),
          "an origin is a URL", parsed.origin());
}

void check(const failure& wrong, std::string_view input) {
  require(!wrong.detail.empty(), "a failure says why");
  require(is_printable(wrong.detail), "a failure is fit for logs", wrong.detail);
  // scheme://user:password@host: what stands between the colon and the @ is not told.
  const auto at = input.rfind('@');
  const auto begin = input.find("://");
  if (at == std::string_view::npos || begin == std::string_view::npos || begin > at)
    return;
  const auto colon = input.find(':', begin + 3);
  if (colon == std::string_view::npos || colon + 8 > at)
    return;
  const auto secret = input.substr(colon + 1, at - colon - 1);
  auto rest = std::string{input};
  rest.erase(colon + 1, secret.size());
  // A backslash may be one of an escaped character elsewhere.
  if (rest.find(secret) == std::string::npos && secret.find('\\') == std::string_view::npos)
    require(wrong.detail.find(secret) == std::string::npos, "no password is told", wrong.detail);
}

} // namespace

WSPOOL_FUZZ_TARGET(url) {
  source in{input};
  const auto url = in.line();
  const auto location = in.line();
  endpoint parsed;
  if (const auto wrong = parse_endpoint(url, parsed)) {
    check(wrong, url);
    require(parsed == endpoint{}, "a failure leaves the result alone");
  } else {
    check(parsed);
    endpoint target;
    if (!resolve_location(parsed, location, target)) {
      check(target);
      require(target.origin() == parsed.origin() || target.password != parsed.password
                || parsed.password.empty() || location.find('@') != std::string_view::npos,
              "credentials stay with their origin", target.url());
    }
    (void)is_exempt(in.rest(), parsed);
  }
  proxy_settings proxy;
  if (const auto wrong = parse_proxy(url, "proxy.url", proxy)) {
    check(wrong, url);
    return;
  }
  proxy_settings again;
  require(!parse_proxy(proxy.origin(), "proxy.url", again) && again.origin() == proxy.origin(),
          "a proxy's origin is a URL", proxy.origin());
}
