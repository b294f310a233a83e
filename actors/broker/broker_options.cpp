// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include <wspool/broker.hpp>

#include "messaging/dialect.hpp"
#include "messaging/request_limits.hpp"
#include "runtime/option_checker.hpp"

namespace wspool {

failure validate(const broker_options& options) {
  using std::chrono::milliseconds;
  constexpr std::size_t many = 100'000'000;
  detail::option_checker check;
  check.name("name", options.name);
  check.expect(options.default_dialect.empty() || dialect_by_name(options.default_dialect),
               "default_dialect", options.default_dialect.substr(0, 64),
               "v1, thinws, channels or nothing");
  check.expect(!options.require_token || options.authenticator, "require_token", "true",
               "an authenticator");
  check.within("max_message_bytes", options.max_message_bytes, std::size_t{128},
               std::size_t{64} * 1024 * 1024);
  check.within("max_channels_per_client", options.max_channels_per_client, std::size_t{1}, many);
  check.within("max_channels", options.max_channels, std::size_t{1}, many);
  check.within("max_queries_per_client", options.max_queries_per_client, std::size_t{1}, many);
  check.within("query_deadline", options.query_deadline, milliseconds{1},
               request_limits{}.deadline);
  check.within("max_rejections", options.max_rejections, std::size_t{0}, std::size_t{1'000'000});
  check.duration("backplane_timeout", options.backplane_timeout, milliseconds{1});
  check.duration("reconnect_window", options.reconnect_window);
  check.duration("deduplication", options.deduplication);
  return check.take();
}

} // namespace wspool
