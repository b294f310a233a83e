// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "hub/compression_budget.hpp"
#include "hub/directory.hpp"
#include "hub/drain_pace.hpp"
#include "hub/hub_actor.hpp"
#include "hub/postbag.hpp"
#include "runtime/kept_promise.hpp"
#include "runtime/strand_actor.hpp"
#include "runtime/strand_alarm.hpp"

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace wspool {

/// The state of a server's hub, its address: who is there and in which rooms, who gets what, and
/// the drain.
class hub_state {
public:
  using actor_base = hub_actor::base;
  using behavior_type = hub_actor::behavior_type;
  using self_type = strand_actor<actor_base>;
  static constexpr const char* name = "wspool.hub";

  hub_state(self_type* self, std::shared_ptr<const server_options> options, caf::actor gate);

  behavior_type make_behavior();
  void turn_ended();
  void ending(const caf::error& reason);

private:
  using time_point = std::chrono::steady_clock::time_point;
  template <class T>
  using promise = caf::typed_response_promise<T>;

  /// What the hub keeps for a client.
  struct client {
    caf::actor actor;
    std::size_t route = 0; ///< which courier
    mail_address mail;
    client_info info; ///< without rooms
    frame_ranges outbox;
    std::uint64_t handed = 0; ///< messages
    bool closing = false;     ///< by a drain
    bool compresses = false;  ///< has its part of the budget
  };
  using clients = directory<client>;
  using member = clients::member;

  // -- coming and going
  void on_entering(internal::entering& news);
  void on_left(const internal::left& news);
  void count_end(const client& who, const internal::left& news);
  [[nodiscard]] std::string new_id();

  // -- messages out
  caf::result<std::uint64_t> send(const audience& to, const outgoing& message);
  caf::result<std::uint64_t> send(const audience& to, const message_batch& batch);
  caf::result<std::uint64_t> send_and_close(const audience& to, const outgoing& message,
                                            const close_order& how);
  [[nodiscard]] errc check(std::string_view data, message_kind kind) const;
  std::uint64_t post(const audience& to, std::string_view data, message_kind kind,
                     compression compress);
  std::uint64_t close(const audience& to, const close_order& how);
  void order_to_close(const member& who, const close_order& how);
  void hand_out();

  // -- couriers
  /// One for each of the I/O pool's threads that has clients.
  struct route {
    caf::actor courier;
    wspool::mail mail; ///< of this turn
  };
  [[nodiscard]] std::size_t route_of(const caf::actor& courier);
  void send_mail();

  // -- rooms and looking
  caf::result<void> join(const client_ref& who, const std::string& room);
  caf::result<void> leave(const client_ref& who, const std::string& room);
  caf::result<client_info> find(const client_ref& who);
  caf::result<void> renew(const client_ref& who, std::int64_t expires);
  client_page list(const std::string& space, const std::string& after, std::uint32_t limit);

  // -- subscribers
  void subscribe(const caf::actor& who, const subscription& what);
  void unsubscribe(const caf::actor_addr& who);
  void subscribers_changed(internal::subscribers next);
  void publish_empty(const std::string& space);

  // -- statistics
  /// A `stats` request that waits for the counts of clients and gate.
  struct stats_round {
    std::shared_ptr<promise<server_stats>> answer;
    server_stats result;
    std::vector<std::uint64_t> left; ///< not yet asked, ascending
    std::set<std::uint64_t> asked;   ///< that have not answered yet
    bool gate_answered = false;
  };
  /// So many clients are asked at a time: with thousands, requests and answers would take as much
  /// memory as the connections.
  static constexpr std::size_t max_samples = 64;
  caf::result<server_stats> stats();
  void ask_gate(const std::shared_ptr<stats_round>& all);
  void gather(const std::shared_ptr<stats_round>& all);
  void add_to_rounds(std::uint64_t number, const internal::client_sample& last);
  [[nodiscard]] server_stats own_stats() const;
  caf::result<listen_report> addresses();
  caf::result<void> reload();

  // -- metrics
  /// Requests for the text that share an answer; delivered when nobody is asked any more.
  struct metrics_round {
    std::vector<std::shared_ptr<promise<std::string>>> answers;
    std::vector<std::string> parts;
    ~metrics_round();
  };
  caf::result<std::string> metrics();
  caf::result<void> add_metrics(const caf::actor& source);

  // -- draining
  struct draining {
    drain_pace pace;
    drain_order order;
    time_point began;
    time_point deadline;
    std::vector<std::uint64_t> left; ///< numbers of those not yet closed, the next one last
    bool cut = false;                ///< the deadline has passed
    drain_report report;
    std::vector<std::shared_ptr<promise<drain_report>>> answers;
  };
  caf::result<drain_report> drain(const drain_order& order);
  void go_on_draining(time_point now);
  void cut_off();
  void count_drained(const member& who, const internal::left& news);
  void finish_draining(time_point now);
  void arm(time_point now);

  [[nodiscard]] time_point now() const { return self_->clock().now(); }
  void on_tick();

  self_type* self_;
  std::shared_ptr<const server_options> options_;
  caf::actor gate_;
  clients clients_;
  compression_budget compression_;
  postbag<client*> postbag_;
  std::vector<route> routes_;
  internal::parcel<internal::subscribers> subscribers_;
  compat::monitors monitors_;
  std::mt19937_64 random_; ///< for ids
  strand_alarm<self_type> alarm_;
  std::optional<draining> draining_;

  std::uint64_t arrived_ = 0;
  internal::client_sample gone_; ///< of clients that left
  std::map<std::pair<std::uint16_t, initiator>, std::uint64_t> closes_;
  std::map<std::string, std::uint64_t> ends_;
  std::vector<std::weak_ptr<stats_round>> rounds_;
  std::vector<caf::actor> metrics_sources_;
  std::weak_ptr<metrics_round> metrics_round_;
};

} // namespace wspool
