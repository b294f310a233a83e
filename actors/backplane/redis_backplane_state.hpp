// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "backplane/answer_queue.hpp"
#include "backplane/listener_table.hpp"
#include "backplane/redis_channels.hpp"
#include "backplane/redis_interface.hpp"
#include "backplane/redis_keys.hpp"
#include "backplane/redis_link.hpp"
#include "protocol/backoff.hpp"
#include "runtime/kept_promise.hpp"
#include "runtime/strand_alarm.hpp"

#include <wspool/redis_backplane.hpp>

#include <chrono>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>

namespace wspool {

/// The state of a backplane over Redis: what it is asked for becomes commands on one link, what is
/// published comes by the other one. Both are up, or it is down.
///
/// Nodes are known by a name that is drawn for each life of the links. Whoever was present by an
/// earlier name and does not enter again is swept, by ourselves or, should we be gone, by others.
class redis_backplane_state {
public:
  using actor_base = redis_interface::base;
  using behavior_type = redis_interface::behavior_type;
  using self_type = redis_self;
  static constexpr const char* name = "wspool.redis";

  redis_backplane_state(self_type* self, std::shared_ptr<const redis_options> redis,
                        const backplane_options& options, const redis_address& address);

  behavior_type make_behavior();
  void turn_ended();
  void ending(const caf::error& reason);

private:
  using time_point = std::chrono::steady_clock::time_point;
  using event = backplane_event::what;
  using ticket = answer_queue::ticket;
  template <class T>
  using promise_ptr = std::shared_ptr<caf::typed_response_promise<T>>;
  using void_promise_ptr = std::shared_ptr<compat::void_promise>;
  struct batch_under_way;

  // -- requests (redis_backplane.cpp)
  caf::result<void> subscribe(const caf::actor& who, const channel_ref& channel);
  caf::result<void> unsubscribe(const caf::actor& who, const channel_ref& channel);
  caf::result<publish_outcomes> publish(const publish_batch& batch);
  void publish(const publish_order& order, std::function<void(publish_outcome)> then);
  caf::result<history_page> history(const channel_ref& channel, const channel_place& seen);
  void ask_history(const channel_ref& channel, const channel_place& seen, ticket turn,
                   const promise_ptr<history_page>& answer);
  using page_handler = std::function<void(errc, std::optional<history_page>)>;
  void read_history_since(const channel_ref& channel, const channel_place& seen, page_handler then);
  caf::result<void> enter(const caf::actor& who, const channel_ref& channel,
                          const channel_person& person);
  caf::result<void> leave(const caf::actor& who, const channel_ref& channel,
                          const channel_person& person);
  caf::result<presence_page> people(const channel_ref& channel, std::uint32_t limit);
  caf::result<channel_list> recall(const std::string& client);
  caf::result<void> remember(const std::string& client, const std::string& channel);
  caf::result<void> forget(const std::string& client, const std::string& channel);
  caf::result<void> depart(const std::string& client);
  caf::result<claim_report> claim(const std::string& key, const std::string& owner,
                                  std::uint64_t ms);
  caf::result<void> settle(const std::string& key, const std::string& owner,
                           const std::string& text, std::uint64_t ms);
  [[nodiscard]] backplane_stats stats() const;

  /// Why a request cannot be sent now; `none`: it can.
  [[nodiscard]] errc obstacle() const noexcept;
  template <class T>
  caf::result<T> refuse(errc why);
  caf::result<void> refuse_void(errc why);
  /// Answers a request without a value in its turn.
  void answer(ticket turn, const void_promise_ptr& to, errc why);
  redis_link::answer answer_later(ticket turn, const void_promise_ptr& to);
  [[nodiscard]] static errc error_in(errc why, const redisReply* reply);

  // -- listeners and people
  listener_table::number listener_of(const caf::actor& who);
  void on_down(const caf::actor_addr& who);
  void post(const redis_channels::entry& to, backplane_event what);
  void send_enter(const channel_ref& channel, const channel_person& person,
                  redis_link::answer then);
  void send_exit(const channel_ref& channel, const channel_person& person, redis_link::answer then);

  // -- the links (redis_upkeep.cpp)
  void connect();
  void on_open();
  void on_lost(const failure& why);
  void on_pushed(const redisReply& reply);
  void on_message(std::string_view wire, std::string_view text);
  void on_confirmed(redis_channels::entry& at);
  void ask_place(const channel_ref& channel);
  void tell_gap(const redis_channels::entry& at, const channel_place& place);
  void send_subscribe(const std::vector<std::string>& wires);
  void send_unsubscribe(const std::vector<std::string>& wires);

  // -- what is done from time to time
  void on_tick();
  void arm();
  void beat();
  void on_beat(const redisReply& reply);
  void take_name();
  void sweep(const std::string& node);
  void sweep_some(const std::string& node);
  void refresh_memberships(time_point at);

  [[nodiscard]] time_point now() const { return self_->clock().now(); }
  [[nodiscard]] std::string stamp() const;
  /// Redis' process and the limits of histories, as the scripts want them.
  void append_limits(redis_command& to) const;

  self_type* self_;
  std::shared_ptr<const redis_options> redis_;
  backplane_options options_;
  redis_address address_;
  redis_keys keys_;
  std::array<std::string, 4> limits_;
  std::string deduplication_;
  std::string memory_;
  strand_alarm<self_type> alarm_;
  redis_link commands_;
  redis_link events_;

  bool up_ = false;
  std::optional<time_point> retry_at_;
  time_point up_since_;
  bool was_up_ = false;
  backoff delays_;
  std::mt19937_64 random_;

  std::string home_;    ///< drawn once: who published
  std::string node_;    ///< by which people are present; drawn for each life of the links
  bool beaten_ = false; ///< Redis knows that name
  time_point beat_at_;
  std::chrono::milliseconds beat_pace_;
  std::set<std::string> sweeping_;

  answer_queue answers_;
  listener_table listeners_;
  compat::monitors monitors_;
  redis_channels channels_;
  using persons = std::map<channel_person, listener_table::number>;
  std::unordered_map<channel_ref, persons, channel_hash> people_; ///< present by this node
  detail::text_map<std::uint32_t> clients_; ///< those that are there: by how many connections
  std::deque<std::pair<time_point, std::string>> refreshes_; ///< of what is remembered of them
  backplane_stats stats_;
};

} // namespace wspool
