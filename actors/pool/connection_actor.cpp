// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)

// The connection actor: its messages, its clock, and its end. Its socket is in connection_io.cpp.

#include "pool/connection_actor.hpp"
#include "pool/connection_state.hpp"
#include "pool/pool_census.hpp"

#include <spdlog/logger.h>

#include <algorithm>
#include <utility>

namespace wspool {

namespace {

/// How long a user's ping waits for its pong when heartbeats are switched off.
constexpr std::chrono::milliseconds default_ping_timeout{5'000};

/// How long an aborted write may take to call back.
constexpr std::chrono::milliseconds abort_timeout{1'000};

/// Reports of barriers and heartbeats are for the connection alone.
constexpr std::uint32_t first_user_tag = 2;

template <class To>
void bring_forward(std::optional<To>& earliest, const To& candidate) {
  earliest = earliest ? std::min(*earliest, candidate) : candidate;
}

} // namespace

caf::actor spawn_connection(const std::shared_ptr<strand_host>& host, connection_setup setup) {
  return spawn_on_strand<connection_state>(host, std::move(setup));
}

connection_state::connection_state(self_type* self, connection_setup setup)
  : self_(self), place_(static_cast<connection_place&&>(setup)), options_(*place_.options),
    opening_(std::make_unique<opening>(options_.connect, std::move(setup.target), setup.attempt,
                                       setup.refresh)),
    fan_out_(self, options_.window.max_unread_bytes, [this] { go_on_reading(); }),
    stream_(
      self, [this](std::error_code ec, std::string_view bytes) { on_read(ec, bytes); },
      [this](std::error_code ec, std::size_t taken) { on_written(ec, taken); }),
    alarm_(self,
           [this] {
             on_tick();
             turn_ended();
           }),
    next_tag_(first_user_tag) {
  fan_out_.set(std::move(setup.subscribers));
}

caf::behavior connection_state::make_behavior() {
  began_ = now();
  connect();
  return {
    [this](internal::parcel<internal::hand_over>& given) {
      for (auto& run : given->segments)
        outbound_.push(std::move(run));
    },
    [this](internal::parcel<internal::subscribers>& list) { on_subscribers(std::move(list)); },
    [this](ping_atom, std::string& payload) { return ping(std::move(payload)); },
    [this](sample_atom) { return internal::pack(take_sample()); },
    [this](close_atom, std::uint16_t code, std::string& reason) {
      request_close(code, std::move(reason));
    },
    [this](tick_atom) { on_tick(); },
  };
}

void connection_state::turn_ended() {
  if (phase_ == phase::open || phase_ == phase::closing)
    flush(now());
}

void connection_state::on_subscribers(internal::parcel<internal::subscribers> list) {
  const auto before = fan_out_.set(std::move(list));
  // Whoever subscribes learns of the connections that are open already: before their messages.
  if (phase_ == phase::open || phase_ == phase::closing)
    publish_open(before + 1);
}

// -- requests ------------------------------------------------------------------------------------

caf::result<ping_outcome> connection_state::ping(std::string payload) {
  if (phase_ != phase::open)
    return ping_outcome{place_.id, errc::no_connection, {}};
  const auto at = now();
  const auto tag = next_tag_++;
  if (auto why = outbound_.ping(*codec_, std::move(payload), tag, at); why != errc::none)
    return ping_outcome{place_.id, why, {}};
  const auto timeout =
    options_.heartbeat.timeout.count() > 0 ? options_.heartbeat.timeout : default_ping_timeout;
  auto promise = self_->make_response_promise<ping_outcome>();
  pings_.push_back({tag, at + timeout, promise});
  arm(at);
  return promise;
}

void connection_state::answer_ping(std::uint32_t tag, errc outcome,
                                   std::chrono::nanoseconds round_trip) {
  auto found =
    std::find_if(pings_.begin(), pings_.end(), [tag](const auto& p) { return p.tag == tag; });
  if (found == pings_.end())
    return;
  found->promise.deliver(ping_outcome{place_.id, outcome, round_trip});
  pings_.erase(found);
}

internal::sample connection_state::take_sample() {
  auto total = traffic_;
  total.messages_out = outbound_.messages();
  total.bytes_out = outbound_.bytes();
  total.binary_out = outbound_.binary();
  return {place_.id, total, std::exchange(round_trips_, nullptr), smoothed_};
}

void connection_state::request_close(std::uint16_t code, std::string reason) {
  if (finale_ || phase_ >= phase::closing)
    return; // on its way out for another reason
  on_purpose_ = true;
  switch (phase_) {
    case phase::connecting:
    case phase::opening:
      finish({errc::shutdown, std::move(reason), {}, 0, {}});
      break;
    case phase::open: {
      phase_ = phase::closing;
      close_code_ = code;
      close_reason_ = std::move(reason);
      const auto at = now();
      deadline_ = at + options_.connect.deadlines.close;
      arm(at);
      break;
    }
    case phase::closing:
    case phase::dying:
      break;
  }
}

// -- time ----------------------------------------------------------------------------------------

connection_state::time_point connection_state::now() const { return self_->clock().now(); }

void connection_state::on_tick() {
  alarm_.rang();
  const auto at = now();
  if (deadline_ && at >= *deadline_) {
    if (phase_ == phase::dying)
      return self_->quit();
    if (phase_ == phase::opening)
      finish({errc::connect_timeout, "no answer to the upgrade in time", {}, 0, {}});
    else // keeps a finale that only waited for its last bytes
      finish({errc::close_timeout, "the closing handshake took too long", {}, 0, {}});
    return;
  }
  while (!pings_.empty() && at >= pings_.front().deadline)
    answer_ping(pings_.front().tag, errc::heartbeat_timeout, {});
  if (phase_ == phase::open && !finale_)
    check_liveness(at);
  arm(at);
}

void connection_state::check_liveness(time_point at) {
  switch (liveness_->check(at)) {
    case liveness::verdict::none:
      break;
    case liveness::verdict::ping_due:
      // With all pings under way there is one that the peer will answer.
      (void)outbound_.ping(*codec_, {}, 1, at);
      liveness_->pinged(at);
      break;
    case liveness::verdict::dead:
      finish({errc::heartbeat_timeout, "nothing came in after a ping", {}, 0, {}});
      break;
    case liveness::verdict::idle:
      request_close(close_code::normal, "idle");
      on_purpose_ = false;
      close_why_ = errc::idle_timeout;
      compat::tell(self_, place_.dispatcher, retire_atom_v, place_.id);
      break;
  }
}

void connection_state::arm(time_point at) {
  std::optional<time_point> due = deadline_;
  // What only lingers has its deadline; times that are past would ring again and again.
  if (phase_ == phase::open && liveness_ && !finale_)
    if (auto next = liveness_->next())
      bring_forward(due, *next);
  if (!pings_.empty())
    bring_forward(due, pings_.front().deadline);
  if (due)
    alarm_.set(*due, at);
}

// -- the end -------------------------------------------------------------------------------------

void connection_state::finish(finale how) {
  if (!finale_)
    finale_ = std::make_unique<finale>(std::move(how));
  if (phase_ == phase::dying)
    return;
  phase_ = phase::dying;
  if (!stream_.writing())
    return self_->quit();
  // The write's handler says how much of it the kernel took: the account needs to know.
  stream_->close();
  const auto at = now();
  deadline_ = at + abort_timeout;
  arm(at);
}

connection_state::finale connection_state::finale_of(const caf::error& reason) const {
  if (reason == caf::exit_reason::kill || reason == caf::exit_reason::user_shutdown
      || reason == caf::exit_reason::normal)
    return {errc::shutdown, "ended by its own side", {}, 0, {}};
  return {errc::crashed, compat::render(self_->home_system(), reason), {}, 0, {}};
}

void connection_state::ending(const caf::error& reason) {
  const auto how = finale_ ? std::move(*finale_) : finale_of(reason);
  if (connecting_)
    connecting_->cancel();
  if (stream_.writing())
    outbound_.write_abandoned();
  if (stream_)
    stream_->close(how.why == errc::crashed);
  const auto uptime = opened_at_
                        ? std::chrono::duration_cast<std::chrono::milliseconds>(now() - *opened_at_)
                        : std::chrono::milliseconds{0};
  publish_end(how);
  while (!pings_.empty())
    answer_ping(pings_.front().tag, errc::connection_lost, {});
  internal::ended last;
  last.id = place_.id;
  last.how = {how.why, opened_at_.has_value(), how.close, how.http_status, how.retry_after};
  last.text = how.text;
  last.last = outbound_.take_report();
  last.counts = take_sample();
  last.url = place_.url;
  last.origin = place_.origin;
  last.uptime = uptime;
  last.on_purpose = on_purpose_;
  const auto news = internal::pack(std::move(last));
  compat::tell(self_, place_.dispatcher, news);
  compat::tell(self_, place_.supervisor, news);
}

void connection_state::publish_end(const finale& how) {
  const bool expected =
    how.why == errc::closed || how.why == errc::shutdown || how.why == errc::idle_timeout;
  if (options_.logger)
    options_.logger->log(expected ? spdlog::level::info : spdlog::level::warn,
                         "connection ended pool={} connection={} endpoint={} why={} {}",
                         options_.name, to_string(place_.id), place_.origin, to_string(how.why),
                         how.text);
  if (!expected && fan_out_.wants(event::error))
    fan_out_.publish(event::error, error_event{place_.id, place_.url, how.why, how.text});
  if (!opened_at_ || !fan_out_.wants(event::close))
    return;
  const auto close =
    how.close.value_or(close_info{close_code::abnormal, {}, initiator_of(how.why), false});
  fan_out_.publish(event::close, close_event{place_.id, place_.url, close.code, close.reason,
                                             close.began, close.clean, how.why});
}

} // namespace wspool
