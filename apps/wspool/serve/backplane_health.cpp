// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "serve/backplane_health.hpp"

namespace wspool::cli {

namespace {

/// Anybody may ask how a server is: which Redis it has is not told.
std::string told(const failure& why) {
  const auto colon = why.detail.find(": ");
  if (why.code == errc::no_connection && colon != why.detail.npos)
    return why.detail.substr(colon + 2);
  return std::string{describe(why.code)};
}

} // namespace

void backplane_health::on_link(const failure& why) {
  const std::lock_guard lock{mutex_};
  was_up_ = was_up_ || !why;
  trouble_ = why ? std::optional{told(why)} : std::nullopt;
}

readiness backplane_health::state() const {
  const std::lock_guard lock{mutex_};
  if (!trouble_)
    return {};
  if (was_up_)
    return {true, "ready, but without Redis: " + *trouble_};
  return {false, "no Redis since the start: " + *trouble_};
}

} // namespace wspool::cli
