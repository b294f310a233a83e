// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "pool/connection_actor.hpp"
#include "pool/internal_messages.hpp"
#include "pool/slot.hpp"
#include "pool/supervisor_endpoint.hpp"
#include "pool/supervisor_timers.hpp"
#include "protocol/outlier.hpp"

#include <wspool/caf_generation.hpp>
#include <wspool/pool_options.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

namespace wspool {

/// The state of a supervisor's actor: a thin shell around `slot` (what becomes of each slot),
/// `outlier_detector` (which endpoints are left alone) and `supervisor_timers` (when), which
/// decide; this spawns, asks to end, and tells.
class supervisor_state {
public:
  using actor_base = caf::event_based_actor;
  using behavior_type = caf::behavior;
  static constexpr const char* name = "wspool.supervisor";

  supervisor_state(caf::event_based_actor* self, std::shared_ptr<const pool_options> options,
                   caf::actor dispatcher, connection_spawner spawn);

  caf::behavior make_behavior();
  void turn_ended();
  void ending(const caf::error& reason);

private:
  using milliseconds = std::chrono::milliseconds;
  using time_point = std::chrono::steady_clock::time_point;
  using purpose = supervisor_timers::purpose;
  using home_ptr = std::shared_ptr<supervisor_endpoint>;

  /// A request that is answered when some slots are gone.
  struct departure {
    caf::response_promise promise;
    std::size_t left = 1; ///< slots, and one for as long as they are being counted
  };
  using departure_ptr = std::shared_ptr<departure>;

  /// What is kept of a slot beside its lives.
  struct seat {
    seat(std::uint32_t number, const reconnect_options& reconnect) : lives(number, reconnect) {}
    slot lives;
    home_ptr home;
    std::uint64_t identity = 0;
    time_point not_before{};   ///< the next attempt, even if its endpoint were not ejected
    std::uint32_t attempt = 1; ///< of the retry that was announced last
    errc why = errc::none;     ///< that ended its last life
    bool announced = false;    ///< the dispatcher knows of the coming attempt
    std::vector<departure_ptr> departures;
  };

  struct connection {
    caf::actor actor;
    bool killed = false;
    std::vector<caf::response_promise> restarts; ///< answered when it is gone
  };

  // -- lives (supervisor_actor.cpp)
  void attempt(seat& s);
  void schedule(seat& s, milliseconds delay, time_point at);
  void on_opened(const internal::opened& news);
  void on_ended(const internal::ended& news);
  void on_down(connection_id id, const caf::error& reason);
  void follow(seat& s, const slot_step& step, const std::string& text, time_point at);
  void give_up(seat& s, const comeback_plan& plan, const std::string& text, time_point at);
  void on_subscribers(const internal::parcel<internal::subscribers>& list);
  void on_tick();
  void on_due(const supervisor_timers::entry& due, time_point at);
  void reap(seat& s, time_point at);
  void rotate(seat& s, time_point at);
  void set_rotation(const seat& s, time_point at);

  // -- endpoints (supervisor_endpoints.cpp)
  home_ptr add_endpoint(const endpoint_options& what, endpoint target);
  void add_slots(const home_ptr& home, std::size_t count, std::vector<std::uint32_t>& added);
  void start(const std::vector<std::uint32_t>& added);
  [[nodiscard]] home_ptr find_endpoint(const std::string& url) const;
  void on_fault(const supervisor_endpoint& home, time_point at);
  void collect_returned(time_point at);
  void bring_forward(const supervisor_endpoint& home, time_point at);
  void forget_if_hopeless(const supervisor_endpoint& home, time_point at);
  [[nodiscard]] milliseconds spread(std::size_t slots) const;

  // -- requests (supervisor_requests.cpp)
  caf::response_promise add(const endpoint_options& what);
  caf::response_promise remove(const std::string& url);
  caf::response_promise resize(const std::string& url, std::uint32_t count);
  caf::response_promise restart(connection_id id);
  caf::response_promise close();
  caf::response_promise refuse(errc why, std::string detail);
  void release(supervisor_endpoint& home, std::size_t count, const departure_ptr& who);
  void leave(seat& s);
  void end(seat& s, std::uint32_t generation);
  void dismiss(seat& s);
  void count_down(departure& who);
  void retire(seat& s, std::uint32_t generation);
  void close_now(connection_id id, std::string reason);
  void kill(connection_id id);
  void answer_if_closed();

  // -- what the dispatcher is told (supervisor_reports.cpp)
  void report(const seat& s, slot_state state, milliseconds delay = {}, errc why = errc::none);
  void report_removed(const seat& s);
  void report_exposed(const seat& s, time_point at);
  void send_report(const seat& s, slot_state state, bool removed, milliseconds delay, errc why);
  void announce_retry(const seat& s, milliseconds delay);
  void announce_given_up(const seat& s, std::uint32_t attempts, const std::string& text);
  void announce_ejected(const supervisor_endpoint& home, milliseconds duration);
  template <class Event>
  void publish(std::uint32_t kind, Event what);

  [[nodiscard]] time_point now() const;
  [[nodiscard]] milliseconds close_limit() const;
  [[nodiscard]] seat* find(std::uint32_t number);
  [[nodiscard]] milliseconds draw(milliseconds highest);
  template <class... Ts>
  void tell_dispatcher(Ts&&... xs);

  caf::event_based_actor* self_;
  std::shared_ptr<const pool_options> options_;
  caf::actor dispatcher_;
  connection_spawner spawn_;
  compat::monitors monitors_;

  std::unordered_map<std::uint32_t, seat> seats_;
  std::map<connection_id, connection> connections_;
  std::map<std::uint32_t, home_ptr> endpoints_; ///< those that are wanted, by number
  std::uint32_t next_slot_ = 0;
  std::uint32_t next_endpoint_ = 0;
  std::uint32_t wanted_ = 0;

  outlier_detector detector_;
  supervisor_timers timers_;
  comeback::engine random_;
  internal::parcel<internal::subscribers> subscribers_;

  bool closing_ = false;
  std::vector<caf::response_promise> closers_;
};

template <class... Ts>
void supervisor_state::tell_dispatcher(Ts&&... xs) {
  compat::tell(self_, dispatcher_, std::forward<Ts>(xs)...);
}

template <class Event>
void supervisor_state::publish(std::uint32_t kind, Event what) {
  tell_dispatcher(internal::pack(internal::publication{kind, caf::make_message(std::move(what))}));
}

} // namespace wspool
