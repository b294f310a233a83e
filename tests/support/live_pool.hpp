// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

// A pool over real sockets and real time, for integration tests.

#include "support/event_log.hpp"

#include <wspool/io_pool.hpp>
#include <wspool/pool.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace wspool::test {

using namespace std::chrono_literals;

struct live_config : caf::actor_system_config {
  live_config() {
    prepare(*this);
    compat::prefer_sharing(*this);
  }
};

/// How a request went.
template <class T>
struct outcome_of {
  std::optional<T> value;
  errc error = errc::none;
  std::string text;
  explicit operator bool() const noexcept { return value.has_value(); }
};

class live_pool {
public:
  static constexpr std::chrono::seconds patience{30};

  live_pool() {
    options.reconnect.initial = 20ms;
    options.reconnect.maximum = 500ms;
    options.reconnect.minimum_uptime = 100ms;
    options.monitor.interval = 0ms;
  }
  ~live_pool() {
    if (pool)
      caf::anon_send_exit(pool, caf::exit_reason::kill);
    caf::anon_send_exit(subscriber, caf::exit_reason::kill);
  }

  /// Spawns the pool. Its subscriber is there before its first connection is, and misses nothing.
  void start(const std::string& url, std::uint32_t connections = 1, subscription what = {}) {
    start(std::vector<endpoint_options>{{url, connections, 1, 0}}, what);
  }
  void start(const std::vector<endpoint_options>& endpoints, subscription what = {}) {
    pool = spawn_pool(sys, io, options);
    subscriber = sys.spawn(log_events, log);
    compat::anon_tell(pool, subscribe_atom_v, subscriber, what);
    for (const auto& x : endpoints)
      compat::anon_tell(pool, add_atom_v, x);
  }
  /// The same, and waits until all are open.
  bool start_open(const std::string& url, std::uint32_t connections = 1, subscription what = {}) {
    start(url, connections, what);
    return ask<std::uint32_t>(await_open_atom_v, connections).value.has_value();
  }

  template <class T, class... Ts>
  outcome_of<T> ask(Ts... xs) {
    outcome_of<T> result;
    caf::scoped_actor me{sys};
    auto on_error = [&](const caf::error& e) {
      result.error = error_of(e);
      result.text = render(sys, e);
    };
    if constexpr (std::is_same_v<T, caf::unit_t>)
      compat::ask(me.ptr(), pool, patience, xs...)
        .receive([&] { result.value = caf::unit; }, on_error);
    else
      compat::ask(me.ptr(), pool, patience, xs...)
        .receive([&](T& x) { result.value = std::move(x); }, on_error);
    return result;
  }

  outcome_of<receipt> deliver(std::string text, send_options how = {}) {
    return ask<receipt>(deliver_atom_v, outgoing{std::move(text), std::move(how)});
  }
  pool_stats stats() { return ask<pool_stats>(stats_atom_v).value.value_or(pool_stats{}); }
  /// Closes the pool and returns its account; `accepted` is 0 if that did not work.
  close_report close(caf::timespan drain = patience) {
    return ask<close_report>(close_atom_v, drain).value.value_or(close_report{});
  }

  pool_options options;
  live_config cfg;
  caf::actor_system sys{cfg};
  io_pool io{2};
  pool_actor pool;
  event_log_ptr log = std::make_shared<event_log>();
  caf::actor subscriber;
};

} // namespace wspool::test
