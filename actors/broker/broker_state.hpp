// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "broker/broker_actor.hpp"
#include "broker/channel_table.hpp"
#include "broker/conversation.hpp"
#include "broker/outbox.hpp"
#include "messaging/query_memory.hpp"
#include "messaging/request_limits.hpp"
#include "runtime/kept_promise.hpp"
#include "runtime/strand_actor.hpp"
#include "runtime/strand_alarm.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace wspool {

/// The state of a broker: what each client said and waits for, who is in which channel here.
///
/// What happens in a turn is gathered, and handed over when the turn ends: publications to the
/// backplane, all else to the hub, in the order in which it happened.
class broker_state {
public:
  using actor_base = broker_full_actor::base;
  using behavior_type = broker_full_actor::behavior_type;
  using self_type = strand_actor<actor_base>;
  static constexpr const char* name = "wspool.broker";

  broker_state(self_type* self, server_actor hub, backplane_actor backplane,
               std::shared_ptr<const broker_options> options);

  behavior_type make_behavior();
  void turn_ended();

private:
  using time_point = std::chrono::steady_clock::time_point;
  using milliseconds = std::chrono::milliseconds;
  template <class T>
  using promise = std::shared_ptr<caf::typed_response_promise<T>>;

  // -- bounds that are nobody's option
  /// Answers of one client that may wait for each other, publications among them.
  static constexpr std::size_t max_answers = 256;
  /// Publications at the backplane, of all clients: further ones wait with their clients.
  static constexpr std::size_t max_orders = 10'000;
  static constexpr std::size_t max_order_bytes = std::size_t{16} * 1024 * 1024;
  /// Live messages that are held for one who begins to listen.
  static constexpr std::size_t max_held = 1'000;
  /// Queries with a key that run although nobody may wait for them any more.
  static constexpr std::size_t max_running = 10'000;
  /// Members that left while the backplane did not listen: further ones it learns of when this
  /// broker ends. So many are told of again at a time.
  static constexpr std::size_t max_owed = 100'000;
  static constexpr std::size_t max_exits = 1'000;
  /// Answers to queries with a key that the backplane did not hear: of further ones it does not
  /// learn. So many are told again at a time.
  static constexpr std::size_t max_unsettled = 1'000;
  static constexpr std::size_t max_settlements = 100;
  /// Until the backplane is told again what it did not hear.
  static constexpr milliseconds retry_pause{1'000};
  /// Who waits for a query that runs on another node looks again so soon, then twice as late.
  static constexpr milliseconds first_pause{50};
  static constexpr milliseconds longest_pause{1'000};
  /// Less than the hub has for this broker.
  static constexpr milliseconds metrics_patience{1'000};
  /// PROTOCOL.md, "Presence".
  static constexpr std::uint32_t max_people = 1'000;

  /// Messages that a client's socket brought; it brings no more than so many before the answer.
  struct incoming {
    message_batch messages;
    std::size_t next = 0;
    std::shared_ptr<compat::void_promise> taken;
  };
  struct client : conversation {
    std::list<incoming> waiting;
  };

  // -- coming and going (broker_clients.cpp)
  void on_arrived(const client_info& info);
  caf::result<void> on_messages(const client_ref& who, message_batch& messages);
  void on_left(const client_ref& who);
  void leave_everything(client& who);
  void forget(client& who);
  [[nodiscard]] client* find(std::uint64_t number);
  [[nodiscard]] client* find(const client_ref& who);
  [[nodiscard]] bool must_show_token(const client& who) const;

  // -- taking requests, giving answers (broker_clients.cpp)
  void make_ready(client& who);
  void go_on(client& who);
  [[nodiscard]] bool read_next(client& who);
  [[nodiscard]] bool may_begin(client& who);
  void begin(client& who, decoded_message what);
  void done(client& who);
  void answer(client& who, server_reply what);
  void fill(client& who, answer_line::ticket which, std::optional<server_reply> what);
  void tell(const client& who, const server_reply& what);
  void tell(const client& who, told& what);
  void refuse(client& who, rejection why);
  void note_refusal(client& who, message_errc code);
  void close(client& who, std::uint16_t code, std::string reason);

  // -- sessions (broker_sessions.cpp)
  void take(client& who, requests::connect& what);
  void authenticate(client& who, requests::connect what);
  void on_verdict(client& who, requests::connect& what, const auth_verdict& verdict);
  void accept(client& who, requests::connect& what);
  void recall(client& who, requests::connect& what);
  void on_recalled(client& who, const std::optional<message_id>& id,
                   const std::vector<std::string>& names);
  void take(client& who, requests::ping& what);
  void take(client& who, requests::disconnect& what);
  void take(client& who, requests::ack& what);
  [[nodiscard]] std::string new_session();

  // -- channels (broker_channels.cpp)
  /// Somebody on the way into a channel: what was asked, and what came of it.
  struct joining {
    std::uint64_t number = 0;
    channel_ref channel;
    bool again = false;       ///< it is a member already
    bool was_in_room = false; ///< of those
    std::optional<live_catch_up> before;
    bool remember = false; ///< by the backplane, for the client's return
    bool wants_presence = false;
    std::optional<position> recover;
    int left = 1; ///< answers of the backplane that are not there yet
    errc why = errc::none;
    history_page page;
    /// It is in: what is to be said before anything else. May be null.
    std::function<void(client&, const joining&)> accepted;
    /// At the end; whether it is in.
    std::function<void(client&, const joining&, bool)> done;
  };
  using shared_joining = std::shared_ptr<joining>;
  void take(client& who, requests::subscribe& what);
  void subscribe_again(client& who, requests::subscribe& what);
  void take(client& who, requests::unsubscribe& what);
  void take(client& who, requests::presence& what);
  [[nodiscard]] std::optional<rejection> may_join(client& who, const std::string& channel);
  void join(client& who, const shared_joining& what);
  void ask_for(client& who, const shared_joining& what);
  void answered(const shared_joining& what, errc why);
  void joined(client& who, joining& what);
  void not_joined(client& who, joining& what);
  void hand_on(client& who, const std::string& channel, const live_catch_up::items& items);
  void enter_room(client& who, channel_entry& in, membership& as);
  void enter_presence_room(client& who, channel_entry& in, membership& as, bool enter);
  void leave_room(client& who, channel_entry& in, membership& as);
  void leave_channel(client& who, const std::string& channel);
  void listen(channel_entry& to);
  void exit(const channel_ref& channel, const channel_person& who);
  void exit_again();
  void close_channel(channel_entry& which);
  void on_room_refused(const client_ref& ref, const std::string& room);

  // -- publishing and events (broker_messages.cpp)
  struct author {
    std::uint64_t number = 0;
    answer_line::ticket ticket = 0;
    std::optional<message_id> id;
    promise<channel_place> application; ///< instead of a client
  };
  using authors = std::vector<author>;
  void take(client& who, requests::publish& what);
  caf::result<channel_place> publish(const channel_ref& channel, const content& what);
  void publish(publish_order order, author by);
  void send_publications();
  void settle(const authors& who, const publish_outcomes& outcomes);
  void settle(const author& who, const publish_outcome& outcome);
  [[nodiscard]] bool publishing_is_full() const;
  void on_events(backplane_events& what);
  void on_message(channel_entry& in, backplane_event& event);
  void on_gap(channel_entry& in, const channel_place& place);
  void on_person(channel_entry& in, const channel_person& who, bool entered);
  void deliver(channel_entry& in, const std::optional<position>& where, const shared_told& what);
  void to_rooms(const channel_entry& in, told& what);
  void serve_singles(channel_entry& in, const live_catch_up::item& what);
  void on_backplane_down();

  // -- the application (broker_queries.cpp)
  void take(client& who, requests::query& what);
  void take(client& who, requests::command& what);
  void take(client& who, requests::cancel& what);
  /// A query on its way to the application.
  struct errand {
    query_memory::asker first;
    std::uint64_t serial = 0;
    std::string key;  ///< with what tells clients apart; empty: none
    time_point until; ///< the latest deadline of those who wait
    client_call call;
    milliseconds pause = first_pause; ///< until it is looked whether another node is done
  };
  using shared_errand = std::shared_ptr<errand>;
  void run(const shared_errand& what);
  void done(const errand& what, query_memory::answer how, bool remember);
  void finish(const std::string& key, query_memory::answer how, bool remember);
  void answer_query(client& who, const message_id& id, query_memory::answer how);
  void refuse_query(client& who, rejection why);
  void expire_query(client& who, const std::string& id);
  void drop_query(client& who, std::map<std::string, running_query>::iterator which);
  [[nodiscard]] client_call call_of(const client& who, std::string what,
                                    const std::optional<payload>& data) const;
  caf::result<void> command(const client_ref& ref, const std::string& what, const content& data);

  // -- that a query with a key runs once on all nodes (broker_claims.cpp)
  void claim(const shared_errand& what);
  void on_claim(const shared_errand& what, const claim_report& report);
  void claim_again(const std::string& key);
  void settle(const errand& what, const query_memory::answer& how, bool remember);
  /// What is to be kept of a key, by all nodes.
  struct settlement {
    std::string text;
    time_point until;
  };
  void settle(const std::string& key, settlement what);
  void settle_again();

  // -- the rest (broker_actor.cpp)
  void post();
  void post(outbox::letter& what);
  void enter(outbox::joining& what);
  void on_lost(const audience& to, errc why);
  void on_missed(const client_missed_event& what);
  void tell_of_loss(const client& who);
  caf::result<drain_report> drain(const drain_order& order);
  [[nodiscard]] broker_stats stats() const;
  caf::result<std::string> metrics();
  void on_tick();
  void tell_again_later(deadline::what kind);
  void arm();
  [[nodiscard]] time_point now() const { return self_->clock().now(); }

  template <class F, class G, class... Ts>
  void ask_backplane(F on_answer, G on_error, Ts&&... xs) {
    compat::ask(self_, backplane_, options_->backplane_timeout, std::forward<Ts>(xs)...)
      .then(std::move(on_answer), std::move(on_error));
  }
  /// What needs no answer.
  template <class... Ts>
  void tell_backplane(Ts&&... xs) {
    compat::anon_tell(backplane_, std::forward<Ts>(xs)...);
  }
  [[nodiscard]] caf::actor me() { return caf::actor_cast<caf::actor>(self_); }

  self_type* self_;
  server_actor hub_;
  backplane_actor backplane_;
  std::shared_ptr<const broker_options> options_;
  request_limits limits_;
  std::optional<dialect_kind> default_dialect_;
  compat::monitors monitors_;
  std::mt19937_64 random_; ///< for sessions
  strand_alarm<self_type> alarm_;

  std::uint64_t last_number_ = 0;
  std::unordered_map<std::uint64_t, std::unique_ptr<client>> clients_;
  std::map<client_ref, std::uint64_t> numbers_;
  std::vector<std::uint64_t> ready_;   ///< to be looked at when the turn ends
  std::vector<std::uint64_t> stalled_; ///< that wait until the backplane has taken more
  channel_table channels_;
  std::map<std::pair<channel_ref, std::string>, channel_person> owed_; ///< see `exit`
  bool backplane_is_gone_ = false;
  outbox outbox_;
  deadlines deadlines_;

  publish_batch orders_;       ///< of this turn
  authors authors_;            ///< one for each of them
  std::size_t orders_out_ = 0; ///< at the backplane, `orders_` included
  std::size_t order_bytes_out_ = 0;

  query_memory memory_;
  std::map<std::string, shared_errand> claims_; ///< by key: those that are not ours yet
  std::string owner_;                           ///< of this broker's claims
  std::map<std::string, settlement> unsettled_; ///< by key
  std::uint64_t last_serial_ = 0;
  broker_stats counts_;
};

/// A refusal; the message is a sentence.
[[nodiscard]] inline rejection refusal(message_errc code, std::string field, std::string message,
                                       std::optional<message_id> id) {
  return {code, std::move(field), std::move(message), std::move(id), std::nullopt};
}

/// Not now.
[[nodiscard]] inline rejection unavailable(std::optional<message_id> id) {
  return {message_errc::unavailable,
          {},
          "the server cannot do this at the moment",
          std::move(id),
          std::chrono::milliseconds{1'000}};
}

} // namespace wspool
