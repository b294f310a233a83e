// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)

// A client's actor: its messages, its clock, and its end. Its socket is in client_io.cpp.

#include "hub/client_state.hpp"

#include "pool/pool_census.hpp"

#include <spdlog/logger.h>

#include <algorithm>
#include <utility>

namespace wspool {

namespace {

/// How long an aborted write may take to call back.
constexpr std::chrono::milliseconds abort_timeout{1'000};

/// Whether an end is told by a reset: what waits in the kernel is of no use.
bool is_hard(errc why) { return why == errc::crashed || why == errc::slow_consumer; }

} // namespace

caf::actor spawn_client(const std::shared_ptr<strand_host>& host,
                        std::shared_ptr<boost::asio::io_context> io, client_setup setup) {
  return spawn_on_strand<client_state>(strand_seat{host, std::move(io)}, std::move(setup));
}

client_state::client_state(self_type* self, client_setup setup)
  : self_(self), number_(setup.number), address_(std::move(setup.address)), verdict_(setup.verdict),
    options_(std::move(setup.options)), seed_(setup.seed), gate_(std::move(setup.gate)),
    hub_(std::move(setup.hub)), courier_(std::move(setup.courier)),
    authenticator_(std::move(setup.authenticator)),
    fan_out_(self, options_->max_unread_bytes, [this] { go_on_reading(); }),
    stream_(
      self, [this](std::error_code ec, std::string_view bytes) { on_read(ec, bytes); },
      [this](std::error_code ec, std::size_t taken) { on_written(ec, taken); }),
    codec_(role::server, codec_options{options_->deflate, options_->limits}),
    backlog_(options_->backlog), messages_rate_(options_->rate.messages_per_second, now()),
    bytes_rate_(options_->rate.bytes_per_second, now()), alarm_(self, [this] {
      on_tick();
      turn_ended();
    }) {
  info_.peer = std::move(setup.peer);
  stream_.reset(std::move(setup.stream));
}

caf::behavior client_state::make_behavior() {
  const auto at = now();
  deadline_ = at + options_->admission.handshake;
  arm(at);
  read();
  return {
    [this](internal::parcel<internal::admission>& in) { on_admission(*in); },
    [this](const internal::parcel<internal::handed>& given) {
      --told_;
      on_handed(given->batch, given->ranges);
    },
    [this](internal::parcel<internal::subscribers>& list) { on_subscribers(std::move(list)); },
    [this](sample_atom) { return internal::pack(take_sample()); },
    [this](close_atom, std::uint16_t code, std::string& reason) {
      --told_;
      request_close(code, std::move(reason), errc::shutdown);
    },
    [this](authenticate_atom, std::int64_t expires) { renew(expires); },
    [this](destroy_atom) {
      finish({errc::shutdown, "cut off", {}});
    },
    [this](tick_atom) { on_tick(); },
  };
}

void client_state::turn_ended() { flush(now()); }

void client_state::on_subscribers(internal::parcel<internal::subscribers> list) {
  const auto before = fan_out_.set(std::move(list));
  // Whoever subscribes learns of the clients that are there already: before their messages.
  if (phase_ == phase::open || phase_ == phase::closing)
    fan_out_.publish(server_event::arrived, client_arrived_event{info_}, before + 1);
}

// -- requests ------------------------------------------------------------------------------------

internal::client_sample client_state::take_sample() const {
  internal::client_sample result;
  auto written = written_;
  written += courier_.seats->straight(mail_).written;
  result.total = traffic_;
  result.total.messages_out = written.messages;
  result.total.bytes_out = written.bytes;
  result.total.binary_out = written.binary;
  result.dropped = backlog_.dropped();
  result.waiting_messages = backlog_.messages();
  result.waiting_bytes = backlog_.bytes();
  return result;
}

void client_state::request_close(std::uint16_t code, std::string reason, errc why) {
  if (finale_ || phase_ >= phase::closing)
    return; // on its way out for another reason
  if (phase_ != phase::open)
    return finish({errc::shutdown, std::move(reason), {}});
  phase_ = phase::closing;
  backlog_.close();
  close_code_ = code;
  close_reason_ = std::move(reason);
  close_why_ = why;
  const auto at = now();
  deadline_ = at + options_->stay.close;
  arm(at);
}

// -- time ----------------------------------------------------------------------------------------

void client_state::on_tick() {
  alarm_.rang();
  const auto at = now();
  if (deadline_ && at >= *deadline_)
    return on_deadline();
  if (phase_ == phase::open && !finale_)
    check_stay(at);
  if (phase_ == phase::dying)
    return arm(at);
  read(); // if a rate forbade it
  arm(at);
}

void client_state::on_deadline() {
  switch (phase_) {
    case phase::answering:
      if (finale_)
        return finish(*finale_);
      return answer_unavailable();
    case phase::authenticating:
      if (finale_)
        return finish(*finale_);
      refuse_without_verdict(now());
      return read();
    case phase::request:
    case phase::entering: // keeps a refusal that only waited for its last bytes
      return finish({errc::connect_timeout, "no complete request in time", {}});
    case phase::open:
    case phase::closing:
      // Too slow for its messages is too slow for the close frame behind them.
      if (close_why_ != errc::shutdown)
        return finish({close_why_, "and the closing handshake took too long", {}});
      return finish({errc::close_timeout, "the closing handshake took too long", {}});
    case phase::dying: // the write that was cut short does not call back
      return self_->quit();
  }
}

void client_state::check_stay(time_point at) {
  liveness_->message(courier_.seats->straight(mail_).last);
  switch (liveness_->check(at)) {
    case liveness::verdict::none:
      break;
    case liveness::verdict::ping_due:
      (void)codec_.ping({});
      liveness_->pinged(at);
      break;
    case liveness::verdict::dead:
      return finish({errc::heartbeat_timeout, "nothing came in after a ping", {}});
    case liveness::verdict::idle:
      return request_close(close_code::normal, "idle", errc::idle_timeout);
  }
  if (expires_at_ && at >= *expires_at_)
    return request_close(close_code::unauthorized, "authentication expired", errc::shutdown);
  if (leaves_at_ && at >= *leaves_at_)
    request_close(close_code::going_away, "maximum age", errc::shutdown);
}

void client_state::arm(time_point at) {
  std::optional<time_point> due = deadline_;
  auto consider = [&due](time_point candidate) {
    due = due ? std::min(*due, candidate) : candidate;
  };
  // Who only lingers has its deadline; times that are past would ring again and again.
  if (phase_ == phase::open && !finale_) {
    if (auto next = liveness_->next())
      consider(*next);
    if (leaves_at_)
      consider(*leaves_at_);
    if (expires_at_)
      consider(*expires_at_);
    if (messages_rate_.exceeded())
      consider(messages_rate_.ready(at));
    if (bytes_rate_.exceeded())
      consider(bytes_rate_.ready(at));
  }
  if (due)
    alarm_.set(*due, at);
}

// -- the end -------------------------------------------------------------------------------------

void client_state::finish(finale how) {
  if (!finale_)
    finale_ = std::make_unique<finale>(std::move(how));
  if (phase_ == phase::dying)
    return;
  phase_ = phase::dying;
  if (!was_open_ || !stream_.writing())
    return self_->quit();
  // The write's handler says how much of it the kernel took: the account needs to know.
  stream_->close(is_hard(finale_->why));
  const auto at = now();
  deadline_ = at + abort_timeout;
  arm(at);
}

void client_state::finish_after_flush(finale how, time_point at) {
  if (finale_)
    return;
  // The close frame goes out first; then we end the stream (RFC 6455 §7.1.1), and the peer does, or
  // the deadline.
  finale_ = std::make_unique<finale>(std::move(how));
  deadline_ = at + options_->stay.close;
  arm(at);
}

client_state::finale client_state::finale_of(const caf::error& reason) const {
  if (reason == caf::exit_reason::kill || reason == caf::exit_reason::user_shutdown
      || reason == caf::exit_reason::normal)
    return {errc::shutdown, "the server ended", {}};
  return {errc::crashed, compat::render(self_->home_system(), reason), {}};
}

void client_state::ending(const caf::error& reason) {
  const auto how = finale_ ? std::move(*finale_) : finale_of(reason);
  if (stream_)
    stream_->close(is_hard(how.why));
  publish_end(how);
  const auto not_written = backlog_.encoded().messages - written_.messages;
  internal::left last;
  last.lost = not_written + backlog_.messages();
  backlog_.drop_all();
  last.number = number_;
  last.address = address_;
  last.verdict = verdict_;
  last.was_open = was_open_;
  last.refused = refused_;
  last.why = how.why;
  last.close = how.close;
  last.counts = take_sample();
  last.counts.dropped += not_written;
  if (asked_hub_)
    courier_.seats->remove(mail_);
  const auto news = internal::pack(std::move(last));
  compat::tell(self_, gate_, news);
  if (asked_hub_)
    compat::tell(self_, hub_, news);
}

void client_state::publish_end(const finale& how) {
  const bool expected = how.why == errc::closed || how.why == errc::shutdown
                        || how.why == errc::idle_timeout || how.why == errc::end_of_stream;
  if (options_->logger)
    options_->logger->log(expected ? spdlog::level::debug : spdlog::level::info,
                          "client ended server={} client={} peer={} why={} {}", options_->name,
                          to_string(info_.client), info_.peer, to_string(how.why), how.text);
  if (!was_open_ || !fan_out_.wants(server_event::left))
    return;
  const auto close =
    how.close.value_or(close_info{close_code::abnormal, {}, initiator_of(how.why), false});
  fan_out_.publish(server_event::left,
                   client_left_event{info_.client, info_.identity, close.code, close.reason,
                                     close.began, close.clean, how.why});
}

} // namespace wspool
