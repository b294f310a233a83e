// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "pool/connection_actor.hpp"
#include "pool/fan_out.hpp"
#include "pool/liveness.hpp"
#include "pool/opening.hpp"
#include "pool/outbound.hpp"
#include "protocol/codec.hpp"
#include "runtime/strand_actor.hpp"
#include "runtime/strand_alarm.hpp"
#include "runtime/stream_pump.hpp"

#include <wspool/byte_stream.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace wspool {

/// The state of a connection's actor: a thin shell around the codec, the outbound account and the
/// liveness rules, which decide; this performs.
///
///     connecting --stream--> opening --101--> open --close_atom--> closing --> (dead)
///         |                     |              |                      ^
///         '---- failure --------'-- refusal    '-- peer's close, error, silence --> (dead)
class connection_state {
public:
  using actor_base = caf::event_based_actor;
  using behavior_type = caf::behavior;
  using self_type = strand_actor<actor_base>;
  static constexpr const char* name = "wspool.connection";

  connection_state(self_type* self, connection_setup setup);

  caf::behavior make_behavior();
  void turn_ended();
  void ending(const caf::error& reason);

private:
  using clock = std::chrono::steady_clock;
  using time_point = clock::time_point;
  enum class phase { connecting, opening, open, closing, dying };

  /// How this life ends, once that is decided.
  struct finale {
    errc why = errc::none;
    std::string text;
    std::optional<close_info> close;
    unsigned http_status = 0;
    std::optional<std::chrono::milliseconds> retry_after;
  };

  /// A user's ping that waits for its pong.
  struct waiting_ping {
    std::uint32_t tag = 0;
    time_point deadline;
    caf::typed_response_promise<ping_outcome> promise;
  };

  // -- connecting and opening
  void connect();
  void on_stream(failure why, std::unique_ptr<byte_stream> stream);
  void on_refused();
  void redirect_or_give_up();
  void on_open(time_point now);
  void publish_open(std::uint64_t since = 0);
  void on_subscribers(internal::parcel<internal::subscribers> list);

  // -- reading
  void read();
  void go_on_reading();
  void on_read(std::error_code ec, std::string_view bytes);
  void on_decoded(time_point now);
  void on_control(const control_frame& frame, time_point now);
  void after_feed(time_point now);

  // -- writing
  void flush(time_point now);
  void on_written(std::error_code ec, std::size_t taken);
  void report();

  // -- requests
  caf::result<ping_outcome> ping(std::string payload);
  void answer_ping(std::uint32_t tag, errc outcome, std::chrono::nanoseconds round_trip);
  internal::sample take_sample();
  void request_close(std::uint16_t code, std::string reason);

  // -- time
  [[nodiscard]] time_point now() const;
  void on_tick();
  void check_liveness(time_point now);
  void arm(time_point now);

  // -- the end
  void finish(finale how);
  void finish_after_flush(finale how, time_point now);
  void publish_end(const finale& how);
  [[nodiscard]] finale finale_of(const caf::error& reason) const;

  self_type* self_;
  connection_place place_;
  const pool_options& options_;
  phase phase_ = phase::connecting;
  std::unique_ptr<opening> opening_; ///< until it is open
  fan_out fan_out_;

  std::shared_ptr<connect_operation> connecting_;
  stream_pump<self_type> stream_;
  std::optional<codec> codec_;
  decoded decoded_;
  outbound outbound_;
  std::optional<liveness> liveness_;

  time_point began_;
  std::optional<time_point> opened_at_;
  std::optional<time_point> deadline_; ///< of the opening or the closing
  strand_alarm<self_type> alarm_;

  traffic traffic_;
  std::shared_ptr<histogram> round_trips_; ///< since the last sample
  std::chrono::nanoseconds smoothed_{0};
  std::vector<waiting_ping> pings_; ///< the oldest first
  std::uint32_t next_tag_;

  std::uint16_t close_code_ = close_code::normal;
  std::string close_reason_;
  errc close_why_ = errc::closed; ///< of an orderly end that began here
  bool close_written_ = false;
  bool shut_down_ = false;
  bool on_purpose_ = false;
  std::unique_ptr<finale> finale_; ///< decided; the end may wait for a last flush
};

} // namespace wspool
