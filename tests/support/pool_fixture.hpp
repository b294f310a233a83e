// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

// A whole pool under virtual time, with peers in memory. Define CAF_SUITE first, include this
// last.

#include "support/event_log.hpp"
#include "support/memory_stream.hpp"
#include "support/request.hpp"
#include "support/scripted_peer.hpp"

#include <wspool/io_pool.hpp>
#include <wspool/pool.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "support/virtual_time.hpp"

namespace wspool::test {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

struct pool_test_config : caf::actor_system_config {
  pool_test_config() { prepare(*this); }
};

/// How a request went.
template <class T>
struct answer_of {
  std::optional<T> value;
  bool failed = false;
  errc error = errc::none;
  std::string text;

  [[nodiscard]] bool arrived() const noexcept { return failed || value.has_value(); }
};
template <class T>
using answer_ptr_of = std::shared_ptr<answer_of<T>>;

class pool_fixture : public virtual_time<pool_test_config> {
public:
  static constexpr const char* url = "ws://one.test/";
  static constexpr const char* other_url = "ws://two.test/";

  pool_fixture();
  ~pool_fixture() override;

  // -- the pool

  /// Spawns the pool; attempts wait for the test unless the connector was told what to do.
  void start();
  /// All connections of the first endpoint, open; the subscriber was there from the beginning.
  event_log_ptr start_open(std::uint32_t count = 1, subscription what = {});

  // -- time

  /// Runs actors, handlers and peers until nothing moves any more.
  void settle();
  /// The time goes on, from one due timer to the next.
  void advance(caf::timespan how_far);

  // -- peers

  /// The peer of an accepted attempt.
  scripted_peer& peer(std::size_t attempt);
  /// The peer of an open connection.
  scripted_peer& peer_of(connection_id id);
  /// The peer of the newest attempt.
  scripted_peer& last_peer() { return peer(connector->size() - 1); }
  /// Called for each peer when its attempt was accepted.
  std::function<void(std::size_t, scripted_peer&)> on_peer;

  // -- subscribers

  event_log_ptr subscribe(subscription what = {});
  void resubscribe(const event_log_ptr& log, subscription what);
  void unsubscribe(const event_log_ptr& log);
  void end_subscriber(const event_log_ptr& log);

  // -- requests

  template <class T, class... Ts>
  answer_ptr_of<T> ask(Ts... xs) {
    auto result = std::make_shared<answer_of<T>>();
    auto on_value = [result](const T& x) { result->value = x; };
    auto on_error = [result](const caf::error& e, caf::actor_system& system) {
      result->failed = true;
      result->error = error_of(e);
      result->text = render(system, e);
    };
    helpers.push_back(spawn_asker<T>(sys, pool, on_value, on_error, xs...));
    settle();
    return result;
  }

  /// Sends without an answer.
  template <class... Ts>
  void tell(Ts... xs) {
    compat::anon_tell(pool, xs...);
    settle();
  }

  answer_ptr_of<receipt> deliver(std::string text, send_options how = {},
                                 until when = until::outcome) {
    return ask<receipt>(deliver_atom_v, outgoing{std::move(text), std::move(how)}, when);
  }

  /// The pool's statistics; checks that the account balances.
  pool_stats stats();
  /// The statistics of one connection; fails the test if it is unknown.
  connection_stats stats_of(connection_id id);

  bool pool_is_down();

  pool_options options;
  io_pool io{io_pool::manual};
  std::shared_ptr<fake_connector> connector = std::make_shared<fake_connector>();
  pool_actor pool;

private:
  bool pump_peers();
  [[nodiscard]] const caf::actor& subscriber(const event_log_ptr& log) const;

  std::map<std::size_t, std::unique_ptr<scripted_peer>> peers;
  std::vector<caf::actor> helpers;
  std::vector<std::pair<event_log_ptr, caf::actor>> subscribers;
};

/// Whether an answer came, and it was this failure.
template <class T>
bool failed_with(const answer_ptr_of<T>& answer, errc why) {
  return answer->failed && answer->error == why;
}
/// Whether an answer came, and it was a value.
template <class T>
bool succeeded(const answer_ptr_of<T>& answer) {
  return !answer->failed && answer->value.has_value();
}

inline message_batch batch_of(const std::vector<std::string>& texts, const send_options& how = {}) {
  message_batch result;
  for (const auto& text : texts)
    result.add(text, how);
  return result;
}

} // namespace wspool::test
