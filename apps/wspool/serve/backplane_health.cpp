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
  if (!why)
    was_up_ = true;
  trouble_ = why ? std::make_shared<const std::string>(told(why)) : nullptr;
}

readiness backplane_health::state() const {
  const auto trouble = trouble_.load();
  if (!trouble)
    return {};
  if (was_up_)
    return {true, "ready, but without Redis: " + *trouble};
  return {false, "no Redis since the start: " + *trouble};
}

} // namespace wspool::cli
