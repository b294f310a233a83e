// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)

// URLs of servers and proxies, redirects and `no_proxy`. The lines of the input: a URL, a Location,
// a list of exemptions.
#include "fuzz_target.hpp"

#include "protocol/codec_opening.hpp"
#include "protocol/proxy_settings.hpp"

#include <wspool/endpoint.hpp>

namespace url_fuzz {

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
  // scheme://user:password@host: what stands between the first colon and the last @ is not told.
  // A word that no text of ours has in it, and no escaped character, stands for all of it.
  constexpr std::string_view secret = "p4ss";
  const auto place = input.find(secret);
  const auto begin = input.find("://");
  if (place == std::string_view::npos || begin == std::string_view::npos
      || input.find(secret, place + 1) != std::string_view::npos)
    return;
  const auto at = input.rfind('@');
  const auto colon = input.find(':', begin + 3);
  if (at != std::string_view::npos && colon < place && place < at)
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

} // namespace url_fuzz
