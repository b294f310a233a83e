// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "pool/router.hpp"

#include <wspool/pool_options.hpp>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace wspool::test {

/// Plays everything around a router, the connections and their peers included, remembers what each
/// message went through, and throws `std::logic_error` with an explanation as soon as the router
/// breaks a promise. Messages carry their number of acceptance as text.
class router_model : public router_effects {
public:
  using time_point = router::time_point;

  explicit router_model(const pool_options& options);
  ~router_model() override;

  /// What the users of the pool do.
  struct message_spec {
    std::string key;
    std::size_t bytes = 16;
    delivery policy = delivery::pool_default;
    std::chrono::milliseconds time_to_live{0};
  };
  void accept(const message_spec& spec, accept_mode mode, bool movable);
  void accept_batch(const std::vector<message_spec>& specs, accept_mode mode);
  /// `which`: any number; 0 modulo the number of connections names one that is not there.
  void accept_for(std::size_t which, const std::vector<message_spec>& specs, accept_mode mode);

  /// What connections and time do. `which` is any number.
  void open(bool slow_start);
  void retire(std::size_t which);
  void advance(std::size_t which, std::size_t written, std::size_t confirmed, std::size_t refused);
  void end(std::size_t which, std::size_t written, std::size_t confirmed, std::size_t touched,
           bool message_fault);
  void flush();
  void pass_time(std::chrono::milliseconds how_much);
  void fail_all();

  /// Writes and confirms everything on all connections until nothing moves, and checks that no
  /// message is left without an outcome.
  void settle_everything();
  /// Checks what must hold between any two calls.
  void check() const;

  [[nodiscard]] std::size_t live() const noexcept { return live_.size(); }

private:
  struct message {
    std::size_t number = 0;
    std::string key; ///< empty for pinned ones, too
    std::size_t bytes = 0;
    bool at_least_once = false;
    bool confirm = false;
    bool alone = false; ///< its ticket is its own, so that its outcome is known
    std::optional<connection_id> pinned;
    std::optional<time_point> expires;
    bool handed = false;                ///< ever
    bool touched = false;               ///< may have reached a peer
    std::optional<connection_id> where; ///< the live connection that it was handed to
    std::uint64_t index = 0;            ///< its number there
    std::optional<errc> outcome;        ///< if it is known
  };

  struct connection {
    connection_id id;
    std::vector<std::size_t> handed; ///< messages
    std::vector<std::uint64_t> refused;
    std::map<std::string, std::size_t> newest_of_key;
    std::size_t newest_unkeyed = 0;
    std::uint64_t written = 0;
    std::uint64_t confirmed = 0;
    std::vector<bool> wants_barrier; ///< of each handed message: its batch does
    bool retiring = false;
  };

  // router_effects
  void hand_over(connection_id to, std::vector<segment> segments) override;
  void settled(errc outcome, std::uint64_t count) override;
  void answered(std::uint32_t ticket, errc outcome, connection_id by) override;
  void written(std::uint32_t ticket, connection_id by) override;
  void waited(std::chrono::nanoseconds how_long, std::uint64_t count) override;
  void water(bool high, std::size_t messages, std::size_t bytes) override;
  void drained(std::uint64_t flushed) override;

  message& add(const message_spec& spec, const accept_mode& mode);
  static send_options options_of(const message_spec& spec);
  [[nodiscard]] accept_mode with_ticket(accept_mode mode);
  void check_handed(const message& m, const connection& to, std::string_view data) const;
  void check_order(const message& m, const connection& to) const;
  void check_outcome(const message& m, errc outcome, connection_id by) const;
  void check_window(const connection& c) const;
  void check_bounds() const;
  [[nodiscard]] static bool is_refused(const connection& c, std::uint64_t number);
  /// Nothing more is to come of it on the connection that it was handed to.
  [[nodiscard]] bool is_confirmed(const message& m) const;
  [[nodiscard]] std::size_t in_flight_without_outcome() const;
  connection* pick(std::size_t which);
  connection* find(connection_id id);
  const connection* find(connection_id id) const;
  progress move_on(connection& c, std::size_t written, std::size_t confirmed, std::size_t refused);
  void touch(connection& c, std::uint64_t end);

  pool_options options_;
  time_point now_{std::chrono::hours{1}};
  std::vector<message> messages_;
  std::vector<std::unique_ptr<connection>> live_;
  std::map<std::uint32_t, std::vector<std::size_t>> tickets_; ///< messages that share a ticket
  std::map<std::uint32_t, std::size_t> answers_;
  std::uint32_t last_ticket_ = 0;
  std::uint32_t last_slot_ = 0;
  std::uint64_t sent_ = 0;
  std::uint64_t failed_ = 0;
  std::size_t settled_before_ = 0; ///< messages accepted before connections ended last
  std::size_t limbo_ = 0;          ///< at most so many came back from dead connections
  bool flushed_ = true;            ///< nothing is staged
  bool high_ = false;
  bool message_fault_ = false; ///< the connection that ends now is closed with 1009
  bool failing_all_ = false;
  /// What was handed over, and how many messages it had then: it belongs to other threads now.
  std::vector<std::pair<std::shared_ptr<const sealed_batch>, std::size_t>> given_away_;
  std::unique_ptr<router> router_;
};

} // namespace wspool::test
