// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "pool/deliveries.hpp"
#include "pool/dispatcher_actor.hpp"
#include "pool/internal_messages.hpp"
#include "pool/pool_census.hpp"
#include "pool/router.hpp"
#include "runtime/kept_promise.hpp"
#include "runtime/strand_actor.hpp"

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace wspool {

/// The state of a pool's dispatcher, its address: takes messages, lets the router decide, carries
/// its decisions out, and answers requests.
class dispatcher_state final : private router_effects {
public:
  using actor_base = dispatcher_actor::base;
  using behavior_type = dispatcher_actor::behavior_type;
  using self_type = strand_actor<actor_base>;
  static constexpr const char* name = "wspool.dispatcher";

  dispatcher_state(self_type* self, std::shared_ptr<const pool_options> options,
                   connection_spawner spawn);

  behavior_type make_behavior();
  void turn_ended();
  void ending(const caf::error& reason);

private:
  using time_point = std::chrono::steady_clock::time_point;
  /// Messages that expire one by one are looked after in steps of at least this.
  static constexpr std::chrono::nanoseconds min_tick = std::chrono::milliseconds{1};
  template <class T>
  using promise = caf::typed_response_promise<T>;

  struct connection {
    caf::actor actor;
    bool retiring = false;
    bool closing = false;
  };
  struct await_waiter {
    std::uint32_t count = 1;
    promise<std::uint32_t> answer;
  };

  void start();

  // -- messages out
  void send(outgoing message);
  void send(message_batch batch);
  caf::result<receipt> deliver(outgoing message, until when);
  caf::result<batch_receipt> deliver(message_batch batch, until when);
  void deliver_each(const message_batch& batch, const promise<batch_receipt>& answer);
  caf::result<batch_receipt> reply(connection_id to, message_batch batch);
  caf::result<broadcast_report> broadcast(const outgoing& message);
  caf::result<ping_outcome> ping(std::string payload);
  caf::result<ping_report> broadcast_ping(std::string payload);

  // -- from connections and supervisor
  void on_opened(const internal::opened& news);
  void on_advanced(const internal::advanced& news);
  void on_ended(const internal::ended& news);
  void on_slot(const internal::slots& news);
  void retire(connection_id id);
  void close_idle_retirees();

  // -- the router's decisions (router_effects)
  void hand_over(connection_id to, std::vector<segment> segments) override;
  void settled(errc outcome, std::uint64_t count) override;
  void answered(std::uint32_t ticket, errc outcome, connection_id by) override;
  void written(std::uint32_t ticket, connection_id by) override;
  void waited(std::chrono::nanoseconds how_long, std::uint64_t count) override;
  void water(bool high, std::size_t messages, std::size_t bytes) override;
  void drained(std::uint64_t flushed) override;

  // -- subscribers and statistics
  void subscribe(const caf::actor& who, const subscription& what);
  void unsubscribe(const caf::actor_addr& who);
  void subscribers_changed(internal::subscribers next);
  void remember_rates(const caf::message& what);
  void publish(std::uint32_t kind, const caf::message& event);
  /// A `stats` request that waits for the counts of connections.
  struct stats_round {
    std::shared_ptr<promise<pool_stats>> answer;
    std::vector<connection_id> left; ///< not yet asked
    std::size_t under_way = 0;
  };
  /// So many connections are asked at a time: with thousands, requests and answers would take as
  /// much memory as the connections.
  static constexpr std::size_t max_samples = 64;
  caf::result<pool_stats> stats();
  void gather(const std::shared_ptr<stats_round>& all);
  [[nodiscard]] pool_stats snapshot() const;
  void fill_stats(pool_stats& into) const;

  // -- requests for others
  caf::result<std::uint32_t> await_open(std::uint32_t count);
  void answer_waiters();
  template <class... Ts>
  caf::result<void> ask_supervisor(Ts&&... xs) {
    compat::void_promise answer{self_};
    auto kept = keep(answer);
    compat::ask(self_, supervisor_, caf::infinite, std::forward<Ts>(xs)...)
      .then([kept] { kept->deliver(); },
            [kept](caf::error& why) { kept->deliver(std::move(why)); });
    return answer;
  }
  template <class T, class Atom>
  caf::result<T> ask_monitor(Atom what) {
    auto answer = self_->template make_response_promise<T>();
    auto kept = keep(answer);
    compat::ask(self_, monitor_, caf::infinite, what)
      .then([kept](T& result) { kept->deliver(std::move(result)); },
            [kept](caf::error& why) { kept->deliver(std::move(why)); });
    return answer;
  }

  // -- closing
  caf::result<close_report> close(std::chrono::nanoseconds drain);
  caf::result<void> destroy();
  void advance_closing(time_point at);
  void finish_closing();

  // -- time
  [[nodiscard]] time_point now() const { return self_->clock().now(); }
  void on_tick();
  void arm(time_point at);

  self_type* self_;
  std::shared_ptr<const pool_options> options_;
  connection_spawner spawn_;
  router router_;
  deliveries deliveries_;
  pool_census census_;
  std::map<connection_id, connection> connections_;
  internal::parcel<internal::subscribers> subscribers_;
  std::vector<await_waiter> await_open_;
  caf::actor supervisor_;
  caf::actor monitor_;
  compat::monitors monitors_;

  /// Rates as the monitor last published them.
  struct {
    double messages_out = 0, messages_in = 0, bytes_out = 0, bytes_in = 0;
  } rates_;

  enum class life { serving, draining, closing };
  life life_ = life::serving;
  std::vector<promise<close_report>> closers_;
  std::optional<time_point> drain_deadline_;
  std::optional<time_point> armed_;
  bool any_retiring_ = false;
};

} // namespace wspool
