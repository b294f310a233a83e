// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include <wspool/redis_backplane.hpp>

#include "backplane/redis_address.hpp"
#include "runtime/option_checker.hpp"

#include <algorithm>

namespace wspool {

namespace {

bool is_plain(char c) { return c > ' ' && c < 0x7f && c != '{' && c != '}'; }

} // namespace

failure validate(const redis_options& options) {
  using std::chrono::milliseconds;
  redis_address address;
  if (auto why = parse_redis_url(options.url, address))
    return why;
  detail::option_checker check;
  constexpr std::size_t most = 1'000'000'000;
  check.expect(std::all_of(options.prefix.begin(), options.prefix.end(), is_plain), "prefix",
               options.prefix, "no spaces, control characters or braces");
  check.expect(std::all_of(options.client_name.begin(), options.client_name.end(), is_plain),
               "client_name", options.client_name, "no spaces, control characters or braces");
  check.duration("connect_timeout", options.connect_timeout, milliseconds{1});
  check.duration("command_timeout", options.command_timeout, milliseconds{1});
  check.duration("reconnect.initial", options.reconnect.initial);
  check.duration("reconnect.maximum", options.reconnect.maximum, options.reconnect.initial);
  check.duration("reconnect.minimum_uptime", options.reconnect.minimum_uptime);
  check.within("reconnect.multiplier", options.reconnect.multiplier, 1.0, 1'000.0);
  check.within<std::size_t>("max_pending", options.max_pending, 1, most);
  check.at_least<std::size_t>("max_pending_bytes", options.max_pending_bytes, 1);
  if (auto wrong = check.take())
    return wrong;
  return address.secure ? check_files(options.tls) : failure{};
}

} // namespace wspool
