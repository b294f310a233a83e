// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "chaos/verdict.hpp"
#include "chaos/waiting.hpp"

#include <wspool/pool.hpp>

#include <caf/all.hpp>

#include <optional>
#include <string>
#include <utility>

namespace wspool::chaos {

/// Looks at a pool from outside, and checks its account at every look. One thread.
class samples {
public:
  samples(caf::actor_system& sys, pool_actor which, verdict& judge)
    : self_(sys), pool_(std::move(which)), verdict_(judge) {}

  /// The statistics now; those of the look before if there is no answer.
  const pool_stats& take();
  /// The last ones, in short.
  [[nodiscard]] std::string describe() const;

  /// A request that must succeed.
  template <class T, class... Ts>
  std::optional<T> ask(const char* what, Ts... xs) {
    std::optional<T> result;
    auto on_error = [&](const caf::error& e) {
      verdict_.blame(std::string{what} + " failed: " + render(self_->home_system(), e));
    };
    request<T>(result, on_error, std::move(xs)...);
    return result;
  }

  /// A request that may fail, but must be answered.
  template <class... Ts>
  void try_ask(Ts... xs) {
    std::optional<caf::unit_t> ignored;
    auto on_error = [&](const caf::error& e) {
      if (e == caf::sec::request_timeout)
        verdict_.blame("a request has no answer");
    };
    request<caf::unit_t>(ignored, on_error, std::move(xs)...);
  }

private:
  template <class T, class OnError, class... Ts>
  void request(std::optional<T>& result, OnError on_error, Ts... xs) {
    auto response = compat::ask(self_.ptr(), pool_, patience, std::move(xs)...);
    if constexpr (std::is_same_v<T, caf::unit_t>)
      std::move(response).receive([&] { result = caf::unit; }, on_error);
    else
      std::move(response).receive([&](T& x) { result = std::move(x); }, on_error);
  }

  void check(const pool_stats& now);

  caf::scoped_actor self_;
  pool_actor pool_;
  verdict& verdict_;
  pool_stats last_;
};

} // namespace wspool::chaos
