// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)

// The connection actor's socket: connecting, the opening handshake, reading and writing.

#include "pool/connection_habits.hpp"
#include "pool/connection_state.hpp"

#include <spdlog/logger.h>

#include <algorithm>
#include <utility>

namespace wspool {

using namespace habits;

// -- connecting and opening ----------------------------------------------------------------------

void connection_state::connect() {
  phase_ = phase::connecting;
  connecting_ = options_.connector->async_connect(
    self_->io(), opening_->target(), options_.connect,
    self_->bind([this](failure why, std::unique_ptr<byte_stream> stream) {
      on_stream(std::move(why), std::move(stream));
    }));
}

void connection_state::on_stream(failure why, std::unique_ptr<byte_stream> stream) {
  connecting_.reset();
  if (why)
    return finish({why.code, why.message(), {}, 0, {}});
  stream_.reset(std::move(stream));
  handshake_request request;
  if (auto bad = opening_->make_request(request))
    return finish({bad.code, bad.message(), {}, 0, {}});
  phase_ = phase::opening;
  codec_.emplace(role::client, codec_options{options_.connect.deflate, options_.connect.limits});
  codec_->start_handshake(request);
  const auto at = now();
  if (options_.connect.deadlines.handshake.count() > 0)
    deadline_ = at + options_.connect.deadlines.handshake;
  arm(at);
  flush(at);
  read();
}

void connection_state::on_refused() {
  const auto& response = codec_->response();
  if (opening::is_redirect(response.status) && options_.connect.upgrade.max_redirects > 0)
    return redirect_or_give_up();
  fan_out_.publish(event::unexpected_response,
                   unexpected_response_event{place_.id, place_.url, response});
  auto retry_after =
    parse_retry_after(response.header_value("Retry-After"), std::chrono::system_clock::now());
  finish({errc::upgrade_refused,
          "the server answered " + std::to_string(response.status) + " " + response.reason,
          {},
          response.status,
          retry_after});
}

void connection_state::redirect_or_give_up() {
  const auto response = codec_->response();
  if (auto why = opening_->follow(response)) {
    fan_out_.publish(event::unexpected_response,
                     unexpected_response_event{place_.id, place_.url, response});
    return finish({why.code, why.message(), {}, response.status, {}});
  }
  stream_->close();
  stream_.reset(nullptr);
  codec_.reset();
  deadline_.reset();
  connect();
}

void connection_state::on_open(time_point at) {
  phase_ = phase::open;
  deadline_.reset();
  opening_.reset();
  stream_.release(); // held the request; most connections have little to say
  opened_at_ = at;
  liveness_.emplace(options_.heartbeat, options_.connect.deadlines.idle, at);
  if (options_.logger)
    options_.logger->info("connection open pool={} connection={} endpoint={} peer={}",
                          options_.name, to_string(place_.id), place_.origin, stream_->peer());
  publish_open();
  const auto news =
    internal::pack(internal::opened{place_.id, caf::actor_cast<caf::actor>(self_), place_.info,
                                    place_.slow_start, place_.url, place_.origin, began_});
  compat::tell(self_, place_.dispatcher, news);
  compat::tell(self_, place_.supervisor, news);
  arm(at);
}

void connection_state::publish_open(std::uint64_t since) {
  if (fan_out_.wants(event::upgrade))
    fan_out_.publish(event::upgrade, upgrade_event{place_.id, place_.url, codec_->response()},
                     since);
  if (fan_out_.wants(event::open))
    fan_out_.publish(event::open,
                     open_event{place_.id, place_.url, codec_->subprotocol(), stream_->peer()},
                     since);
}

// -- reading -------------------------------------------------------------------------------------

void connection_state::read() {
  if (stream_.reading() || !stream_ || phase_ == phase::dying)
    return;
  if (liveness_)
    liveness_->reading(!fan_out_.full(), now());
  if (fan_out_.full())
    return; // a subscriber is behind; its answer brings us back here
  if (stream_.writing() && codec_->output().size() > write_budget_bytes)
    return; // the peer makes us answer pings and does not read: the write's end brings us back
  stream_.read();
}

/// Subscribers have caught up: the peer's silence counts again.
void connection_state::go_on_reading() {
  read();
  arm(now());
}

void connection_state::on_read(std::error_code ec, std::string_view bytes) {
  if (phase_ == phase::dying)
    return;
  const auto at = now();
  if (finale_)
    return ec ? finish(*finale_) : read(); // waiting for the end of the stream only
  if (ec) {
    if (phase_ == phase::opening) {
      codec_->end_of_input();
      if (codec_->state() == codec::phase::refused)
        return on_refused();
    }
    const auto why = failure_of(ec);
    return finish({why.code, why.detail, {}, 0, {}});
  }
  if (liveness_)
    liveness_->inbound(at);
  if (bytes.size() > burst_bytes)
    decoded_.messages.reserve(bytes.size() / 64, bytes.size());
  codec_->feed(bytes, decoded_);
  after_feed(at);
  if (phase_ != phase::dying) {
    flush(at);
    read();
  }
}

void connection_state::after_feed(time_point at) {
  const auto state = codec_->state();
  if (phase_ == phase::opening) {
    if (state == codec::phase::opening)
      return;
    if (state == codec::phase::refused)
      return on_refused();
    const auto& error = codec_->error();
    if (error.code == errc::upgrade_invalid || error.code == errc::subprotocol_mismatch)
      return finish({error.code, error.message(), {}, codec_->response().status, {}});
    on_open(at);
  }
  on_decoded(at);
  const auto& by = codec_->closed_by();
  if (state == codec::phase::closed)
    finish_after_flush(
      {by.began == initiator::local ? close_why_ : errc::closed, text_of(by), by, 0, {}}, at);
  else if (state == codec::phase::failed)
    finish_after_flush({codec_->error().code, codec_->error().message(), by, 0, {}}, at);
}

void connection_state::on_decoded(time_point at) {
  for (const auto& frame : decoded_.controls)
    on_control(frame, at);
  if (!decoded_.messages.empty()) {
    liveness_->message(at);
    traffic_.messages_in += decoded_.messages.size();
    traffic_.bytes_in += decoded_.messages.bytes().size();
    traffic_.binary_in += count_binary(decoded_.messages);
    fan_out_.deliver(place_.id, std::move(decoded_.messages));
  }
  decoded_.clear();
}

void connection_state::on_control(const control_frame& frame, time_point at) {
  if (frame.is_ping) {
    ++traffic_.pings_in;
    fan_out_.publish(event::ping, ping_event{place_.id, frame.payload});
    return;
  }
  ++traffic_.pongs_in;
  const auto answered = outbound_.pong(frame.payload, at);
  for (const auto& one : answered) {
    if (!round_trips_)
      round_trips_ = std::make_shared<histogram>();
    round_trips_->record(one.round_trip);
    smoothed_ = smoothed_.count() == 0 ? one.round_trip : (smoothed_ * 7 + one.round_trip) / 8;
    answer_ping(one.tag, errc::none, one.round_trip);
  }
  // A barrier's pong is no news for subscribers.
  if (answered.empty())
    fan_out_.publish(event::pong, pong_event{place_.id, frame.payload, {}});
  else if (answered.back().tag != 0)
    fan_out_.publish(event::pong, pong_event{place_.id, frame.payload, answered.back().round_trip});
}

void connection_state::finish_after_flush(finale how, time_point at) {
  if (finale_)
    return;
  // The close frame goes out first; then the peer ends the stream (RFC 6455 §7.1.1), or the
  // deadline does.
  finale_ = std::make_unique<finale>(std::move(how));
  deadline_ = at + options_.connect.deadlines.close;
  arm(at);
}

// -- writing -------------------------------------------------------------------------------------

void connection_state::flush(time_point at) {
  if (stream_.writing() || !stream_ || phase_ == phase::dying)
    return;
  // What is handed over behind our close frame goes elsewhere once this connection has ended.
  if (phase_ >= phase::open && !finale_ && !close_written_) {
    if (outbound_.encode(*codec_, write_budget_bytes, at))
      liveness_->message(at);
    if (phase_ == phase::closing && outbound_.inbox_empty()) {
      close_written_ = true;
      codec_->close(close_code_, close_reason_);
    }
  }
  auto& output = codec_->output();
  if (output.empty())
    outbound_.nothing_to_write();
  if (outbound_.has_news())
    report();
  if (output.empty()) {
    if (finale_ && !shut_down_) {
      shut_down_ = true;
      stream_->shutdown();
      deadline_ =
        at + std::min<std::chrono::milliseconds>(linger_timeout, options_.connect.deadlines.close);
      arm(at);
    }
    return;
  }
  outbound_.write_began();
  stream_.write(output);
}

void connection_state::on_written(std::error_code ec, std::size_t taken) {
  if (ec) {
    const auto& flight = stream_.flight();
    outbound_.write_failed(flight, taken, stream_->in_doubt(taken, flight.size()));
    if (phase_ == phase::dying)
      return self_->quit();
    const auto why = failure_of(ec);
    return finish({why.code, why.detail, {}, 0, {}});
  }
  outbound_.write_completed();
  if (phase_ == phase::dying)
    return self_->quit();
  flush(now());
  read(); // if it waited for this
  if (codec_)
    stream_.release_idle(codec_->output());
}

void connection_state::report() {
  internal::advanced news{place_.id, outbound_.take_report(), smoothed_};
  compat::tell(self_, place_.dispatcher, internal::pack(std::move(news)));
}

} // namespace wspool
