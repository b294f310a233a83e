// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "hub/backlog.hpp"
#include "hub/client_actor.hpp"
#include "hub/rate_limit.hpp"
#include "hub/static_file.hpp"
#include "pool/fan_out.hpp"
#include "pool/liveness.hpp"
#include "protocol/codec.hpp"
#include "runtime/strand_actor.hpp"
#include "runtime/strand_alarm.hpp"
#include "runtime/stream_pump.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <string>

namespace wspool {

/// The state of a client's actor: a thin shell around the codec, the entrance's rules, the backlog,
/// the rates and the liveness rules, which decide; this performs.
///
///     request --complete--> authenticating --verdict--> entering --admission--> open
///        |                        |                        |                     |
///        |                        |                        |        close_atom, age, expiry
///        |                        |                        |                     v
///        '--- refusal, deadline, broken request -----------'---> (dead) <---- closing
///
/// What asks for no WebSocket is answered instead, maybe after a question (`answering`). Without an
/// authenticator there is nothing to wait for between `request` and `entering`.
class client_state final : private mail_receiver {
public:
  using actor_base = caf::event_based_actor;
  using behavior_type = caf::behavior;
  using self_type = strand_actor<actor_base>;
  static constexpr const char* name = "wspool.client";

  client_state(self_type* self, client_setup setup);
  client_state(const client_state&) = delete;
  client_state& operator=(const client_state&) = delete;

  caf::behavior make_behavior();
  void turn_ended();
  void ending(const caf::error& reason);

private:
  using clock = std::chrono::steady_clock;
  using time_point = clock::time_point;
  enum class phase { request, answering, authenticating, entering, open, closing, dying };

  /// How this life ends, once that is decided.
  struct finale {
    errc why = errc::none;
    std::string text;
    std::optional<close_info> close;
  };

  // -- coming in
  void on_request(time_point now);
  [[nodiscard]] bool take_identity(std::string& judged, time_point now);
  void authenticate();
  void on_verdict(auth_verdict& verdict);
  void refuse_without_verdict(time_point now);
  void renew(std::int64_t expires);
  void expire_at(std::int64_t expires, time_point at);
  void enter();

  // -- answering what asks for no WebSocket
  void on_http_request(time_point now);
  void begin_answer(unsigned status, std::vector<header> headers, std::uint64_t length,
                    time_point now);
  void answer_http(unsigned status, std::vector<header> headers, std::string_view body,
                   time_point now);
  template <class To, class F, class... Ts>
  void answer_after(const To& whom, F say, Ts... question);
  void answer_readiness();
  void answer_metrics();
  void answer_file(const std::string& directory, const std::string& path, time_point now);
  void answer_unavailable();
  [[nodiscard]] bool read_file();

  // -- being let in
  void refuse(const entrance& verdict, time_point now);
  void on_admission(internal::admission& in);
  void open(time_point now);
  void on_subscribers(internal::parcel<internal::subscribers> list);

  // -- reading
  void read();
  void go_on_reading();
  void on_read(std::error_code ec, std::string_view bytes);
  void after_feed(time_point now);
  void on_decoded(time_point now);
  [[nodiscard]] bool must_wait() const;
  [[nodiscard]] bool too_fast() const;
  [[nodiscard]] bool asking() const;

  // -- mail
  void take_mail(const std::shared_ptr<const frame_batch>& batch,
                 const frame_ranges& ranges) override;
  void take_rest(const frame_run& message, std::size_t written) override;
  void flush_mail() override;
  void take_close(const close_order& how) override;
  [[nodiscard]] bool has_nothing_to_write();
  /// Behind what waits in the mailbox, and before the mail that comes from now on.
  template <class... Ts>
  void tell_myself(Ts&&... xs) {
    ++told_;
    courier_.seats->set_outlet(mail_, nullptr);
    compat::tell(self_, caf::actor_cast<caf::actor>(self_), std::forward<Ts>(xs)...);
  }

  // -- writing
  void on_handed(const std::shared_ptr<const frame_batch>& batch, const frame_ranges& ranges);
  [[nodiscard]] bool take(frame_run run);
  bool encode(time_point now);
  void flush(time_point now);
  void flush_output(time_point now);
  void write();
  void on_written(std::error_code ec, std::size_t taken);
  void count_taken(std::size_t taken);
  void tell_of_drops();

  // -- requests
  [[nodiscard]] internal::client_sample take_sample() const;
  void request_close(std::uint16_t code, std::string reason, errc why);

  // -- time
  [[nodiscard]] time_point now() const { return self_->clock().now(); }
  void on_tick();
  void on_deadline();
  void check_stay(time_point now);
  void arm(time_point now);

  // -- the end
  void finish(finale how);
  void finish_after_flush(finale how, time_point now);
  void shut_down(time_point now);
  [[nodiscard]] finale finale_of(const caf::error& reason) const;
  void publish_end(const finale& how);

  self_type* self_;
  std::uint64_t number_;
  std::string address_;
  door::verdict verdict_;
  std::shared_ptr<const server_options> options_;
  std::uint64_t seed_;
  caf::actor gate_;
  caf::actor hub_;
  courier courier_;
  mail_address mail_;
  std::size_t told_ = 0; ///< messages to itself that wait
  authenticator_actor authenticator_;
  client_info info_;
  std::string certificate_; ///< the subject of what it showed
  phase phase_ = phase::request;

  fan_out fan_out_;
  stream_pump<self_type> stream_;
  codec codec_;
  decoded decoded_;
  backlog backlog_;
  std::optional<liveness> liveness_;
  rate_limit messages_rate_;
  rate_limit bytes_rate_;
  traffic traffic_;       ///< in
  out_totals written_;    ///< that the kernel took
  out_totals flight_end_; ///< what `written_` is when the write under way is done
  /// Of the output, before all whole frames: the answer to the upgrade, or the rest of a message.
  struct head {
    std::size_t bytes = 0;
    out_totals totals; ///< what it ends
  };
  head head_;
  head flight_head_;             ///< the same of the write under way
  std::uint64_t drops_told_ = 0; ///< of the backlog's
  bool writing_on_ = false;      ///< a write was done at once, and its consequences are being drawn

  bool asked_hub_ = false;
  bool was_open_ = false;
  bool refused_ = false;
  std::optional<time_point> deadline_;   ///< of the opening or the closing
  std::optional<time_point> leaves_at_;  ///< its maximum age
  std::optional<time_point> expires_at_; ///< what its authentication is good for
  strand_alarm<self_type> alarm_;

  std::uint16_t close_code_ = close_code::normal;
  std::string close_reason_;
  errc close_why_ = errc::shutdown; ///< of an orderly end that began here
  bool close_written_ = false;
  bool shut_down_ = false;
  std::unique_ptr<static_file> file_; ///< the rest of an answer
  std::unique_ptr<finale> finale_;    ///< decided; the end may wait for a last flush
};

} // namespace wspool
