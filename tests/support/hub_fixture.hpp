// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

// A whole server under virtual time, with clients in memory. Define CAF_SUITE first, include this
// last.

#include "hub/gate_actor.hpp"
#include "hub/hub_actor.hpp"
#include "runtime/strand_host.hpp"
#include "support/memory_stream.hpp"
#include "support/request.hpp"
#include "support/scripted_client.hpp"
#include "support/server_log.hpp"

#include <wspool/io_pool.hpp>
#include <wspool/server.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "support/virtual_time.hpp"

namespace wspool::test {

using namespace std::chrono_literals;
using std::chrono::milliseconds;
using texts = std::vector<std::string>;

struct hub_test_config : caf::actor_system_config {
  hub_test_config() { prepare(*this); }
};

/// How a request went.
template <class T>
struct hub_answer {
  std::optional<T> value;
  std::optional<errc> error;
  std::string text;
};

class hub_fixture : public virtual_time<hub_test_config> {
public:
  hub_fixture() {
    options.seed = 4711;
    options.stay.heartbeat.interval = 0ms; // a timer less in each step
  }

  ~hub_fixture() override {
    for (auto& helper : helpers)
      caf::anon_send_exit(helper, caf::exit_reason::kill);
    if (log)
      log->held.clear();
    if (hub)
      caf::anon_send_exit(hub, caf::exit_reason::kill);
    consume_messages();
    io.poll();
    consume_messages();
    CAF_CHECK_EQUAL(strand_host::of(sys, io)->live(), 0u);
  }

  /// A server that listens nowhere: sockets come by `knock`. With a subscriber from the beginning.
  void start() {
    CAF_REQUIRE_EQUAL(validate(options).message(), failure{}.message());
    const auto shared = std::make_shared<const server_options>(options);
    const auto host = strand_host::of(sys, io);
    gate = spawn_gate(host, shared, authenticator, spawn);
    hub = spawn_hub(host, shared, gate);
    compat::anon_tell(gate, join_atom_v, caf::actor_cast<caf::actor>(hub));
    log = subscribe();
  }

  server_log_ptr subscribe(subscription what = {}) {
    auto result = std::make_shared<server_log>();
    helpers.push_back(sys.spawn(log_server, result));
    compat::anon_tell(hub, subscribe_atom_v, helpers.back(), what);
    settle();
    return result;
  }

  /// A socket that says nothing yet.
  scripted_client& knock(const std::string& peer = "192.0.2.1:1000",
                         const codec_options& codec = {}) {
    auto context = io.next();
    auto [theirs, ours] = memory_stream::make_pair(context, peer);
    if (writes_at_once)
      ours->write_at_once();
    clients.push_back(std::make_unique<scripted_client>(std::move(ours), codec));
    compat::anon_tell(gate, internal::pack(internal::arrival{context, std::move(theirs), peer}));
    settle();
    return *clients.back();
  }

  scripted_client& connect(const std::string& target = "/", std::vector<header> headers = {},
                           const std::string& peer = "192.0.2.1:1000",
                           const codec_options& codec = {}) {
    auto& client = knock(peer, codec);
    client.start({"server.test", target, std::move(headers)});
    settle();
    return client;
  }

  /// The newest client that arrived.
  [[nodiscard]] client_ref newest() const { return log->arrived.back().info.client; }

  // -- time

  /// Runs actors, handlers and clients until nothing moves any more.
  void settle() {
    for (int round = 0; round < 1'000'000; ++round) {
      bool busy = consume_messages() > 0;
      busy = io.poll() > 0 || busy;
      for (auto& client : clients)
        busy = client->pump() || busy;
      if (!busy)
        return;
    }
    CAF_FAIL("the server never comes to rest");
  }

  /// The time goes on, from one due timer to the next.
  void advance(caf::timespan how_far) {
    settle();
    const auto target = now() + how_far;
    do {
      const auto next = std::clamp(next_timeout().value_or(target), now(), target);
      advance_time(next - now());
      settle();
    } while (now() < target);
  }

  // -- requests

  /// Asks, without waiting for the answer.
  template <class T, class... Ts>
  std::shared_ptr<hub_answer<T>> begin(Ts... xs) {
    auto result = std::make_shared<hub_answer<T>>();
    auto on_value = [result](const T& x) { result->value = x; };
    auto on_error = [result](const caf::error& e, caf::actor_system& system) {
      result->error = error_of(e);
      result->text = render(system, e);
    };
    helpers.push_back(spawn_asker<T>(sys, hub, on_value, on_error, xs...));
    settle();
    return result;
  }

  /// Asks and requires a value.
  template <class T, class... Ts>
  T ask(Ts... xs) {
    auto answer = begin<T>(std::move(xs)...);
    CAF_REQUIRE_EQUAL(answer->text, std::string{});
    CAF_REQUIRE(answer->value.has_value());
    return *answer->value;
  }

  std::uint64_t send(const audience& to, std::string text) {
    return ask<std::uint64_t>(send_atom_v, to, outgoing{std::move(text), {}});
  }
  void join(const client_ref& who, const std::string& room) {
    ask<caf::unit_t>(join_atom_v, who, room);
  }
  server_stats stats() { return ask<server_stats>(stats_atom_v); }

  server_options options;
  bool writes_at_once = true;        ///< as TCP does; TLS does not
  client_spawner spawn;              ///< null: the real one
  authenticator_actor authenticator; ///< whoever sets it ends it
  io_pool io{io_pool::manual};
  caf::actor gate;
  hub_actor hub;
  server_log_ptr log;
  std::vector<std::unique_ptr<scripted_client>> clients;

private:
  std::vector<caf::actor> helpers;
};

} // namespace wspool::test
