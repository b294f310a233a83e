// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include <wspool/backplane.hpp>

#include "runtime/option_checker.hpp"

namespace wspool {

failure validate(const backplane_options& options) {
  using std::chrono::milliseconds;
  detail::option_checker check;
  constexpr std::size_t most = 1'000'000'000;
  check.within<std::size_t>("history.max_messages", options.history.max_messages, 0, most);
  check.within<std::size_t>("history.max_bytes", options.history.max_bytes, 0, most);
  check.duration("history.max_age", options.history.max_age, milliseconds{1});
  check.duration("deduplication", options.deduplication, milliseconds{1});
  check.duration("node_timeout", options.node_timeout, milliseconds{100});
  check.duration("memory", options.memory, milliseconds{1});
  check.within<std::size_t>("max_channels", options.max_channels, 1, most);
  return check.take();
}

} // namespace wspool
