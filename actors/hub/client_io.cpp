// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)

// A client's socket: reading and writing. What comes before it is open is in client_entry.cpp.

#include "hub/client_state.hpp"

#include "pool/connection_habits.hpp"
#include "protocol/frame_header.hpp"

#include <wspool/messaging_type_ids.hpp>

#include <algorithm>
#include <utility>

namespace wspool {

using namespace habits;

namespace {

/// Who is not read cannot be told from who is dead: nobody has to wait longer than this.
constexpr std::chrono::seconds longest_pause{30};

} // namespace

// -- reading -------------------------------------------------------------------------------------

/// Whether a subscriber is behind, or the client before its time.
bool client_state::must_wait() const {
  if (close_written_)
    return false; // its close frame is to come, and nobody gets what comes before that
  return fan_out_.full() || (too_fast() && phase_ != phase::closing);
}

bool client_state::too_fast() const { return messages_rate_.exceeded() || bytes_rate_.exceeded(); }

/// Whether the request is with somebody who decides about it.
bool client_state::asking() const {
  return phase_ == phase::answering || phase_ == phase::authenticating || phase_ == phase::entering;
}

void client_state::read() {
  if (stream_.reading() || phase_ == phase::dying || (asking() && !finale_))
    return;
  const auto at = now();
  messages_rate_.take(0, at);
  bytes_rate_.take(0, at);
  const bool waiting = !finale_ && must_wait();
  if (liveness_) {
    liveness_->reading(!waiting, at);
    liveness_->throttled(waiting && too_fast(), at);
  }
  if (waiting)
    return arm(at); // a subscriber's answer, or the alarm, brings us back here
  if (stream_.writing() && codec_.output().size() > write_budget_bytes)
    return; // the peer makes us answer pings and does not read: the write's end brings us back
  stream_.read();
}

/// Subscribers have caught up: the peer's silence counts again.
void client_state::go_on_reading() {
  read();
  arm(now());
}

void client_state::on_read(std::error_code ec, std::string_view bytes) {
  if (phase_ == phase::dying)
    return;
  if (finale_)
    return ec ? finish(*finale_) : read(); // waiting for the end of the stream only
  if (ec) {
    const auto why = failure_of(ec);
    return finish({why.code, why.detail, {}});
  }
  const auto at = now();
  if (liveness_)
    liveness_->inbound(at);
  if (phase_ >= phase::open) // the request is bounded by itself
    bytes_rate_.take(bytes.size(), at);
  if (bytes.size() > burst_bytes)
    decoded_.messages.reserve(bytes.size() / 64, bytes.size());
  codec_.feed(bytes, decoded_);
  after_feed(at);
  if (phase_ == phase::dying)
    return;
  flush(at);
  read();
}

void client_state::after_feed(time_point at) {
  const auto state = codec_.state();
  if (phase_ == phase::request) {
    if (state == codec::phase::opening)
      on_request(at);
    else if (state == codec::phase::failed) // the answer that says so is in the output
      finish_after_flush({codec_.error().code, codec_.error().message(), {}}, at);
    return;
  }
  on_decoded(at);
  auto by = codec_.closed_by();
  if (by.began == initiator::local && close_written_) {
    by.code = close_code_; // what was said to the client, whatever it said to that
    by.reason = close_reason_;
  }
  if (state == codec::phase::closed)
    finish_after_flush({by.began == initiator::local ? close_why_ : errc::closed, text_of(by), by},
                       at);
  else if (state == codec::phase::failed)
    finish_after_flush({codec_.error().code, codec_.error().message(), by}, at);
}

void client_state::on_decoded(time_point at) {
  for (const auto& frame : decoded_.controls)
    ++(frame.is_ping ? traffic_.pings_in : traffic_.pongs_in);
  const auto count = decoded_.messages.size();
  messages_rate_.take(count + decoded_.controls.size(), at);
  if (count > 0) {
    liveness_->message(at);
    traffic_.messages_in += count;
    traffic_.bytes_in += decoded_.messages.bytes().size();
    traffic_.binary_in += count_binary(decoded_.messages);
    // No subscriber slows down who was told to go, so none gets what it says after that.
    if (!close_written_)
      fan_out_.deliver(info_.client, std::move(decoded_.messages));
  }
  recycle(decoded_);
  const bool hopeless = std::max(messages_rate_.debt(), bytes_rate_.debt()) > longest_pause;
  if (hopeless || (too_fast() && options_->rate.action == over_rate::close))
    request_close(close_code::policy_violation, "too fast", errc::rate_exceeded);
}

// -- writing -------------------------------------------------------------------------------------

/// Nothing that the hub said before may wait in the mailbox when its mail is taken at once.
void client_state::take_mail(const std::shared_ptr<const frame_batch>& batch,
                             const frame_ranges& ranges) {
  if (self_->idle())
    self_->enter([&] { on_handed(batch, ranges); });
  else
    tell_myself(internal::pack(internal::handed{batch, ranges}));
}

/// Nothing else is under way: the outlet was open.
void client_state::take_rest(const frame_run& message, std::size_t written) {
  self_->enter([&] {
    auto& output = codec_.output();
    output.append(message.batch->frames(message.range.begin, message.range.end).substr(written));
    head_ = {output.size(), totals_of(*message.batch, message.range)};
    backlog_.add_encoded(message);
  });
}

void client_state::flush_mail() {
  self_->enter([this] { turn_ended(); });
}

void client_state::take_close(const close_order& how) {
  tell_myself(close_atom_v, how.code, how.reason);
}

void client_state::on_handed(const std::shared_ptr<const frame_batch>& batch,
                             const frame_ranges& ranges) {
  bool taken = true;
  for (const auto& range : ranges)
    taken = take({batch, range}) && taken;
  if (taken || phase_ != phase::open)
    return;
  const auto polite = options_->backlog.policy == slow_consumer::close_try_again;
  request_close(polite ? close_code::try_again_later : close_code::policy_violation, "too slow",
                errc::slow_consumer);
}

/// Slow is who does not take what is being written to it, not who is handed much at a time: what
/// does not fit waits for the policy only behind a write. @returns false if that is to close.
bool client_state::take(frame_run run) {
  while (phase_ == phase::open) {
    run.range.begin += backlog_.push_fitting(run);
    if (run.range.begin == run.range.end)
      return true;
    if (stream_.writing())
      break;
    const bool encoded = encode(now());
    if (codec_.output().size() >= write_budget_bytes)
      write();
    else if (!encoded)
      break;
  }
  return backlog_.push(std::move(run));
}

/// @returns whether any message was encoded.
bool client_state::encode(time_point at) {
  const bool serving = phase_ == phase::open || phase_ == phase::closing;
  if (!serving || finale_ || close_written_)
    return false;
  // Of one that closes, answers to its pings must not take the place of what waits.
  const auto before = phase_ == phase::closing ? codec_.output().size() : 0;
  if (!backlog_.encode(codec_, before + write_budget_bytes))
    return false;
  liveness_->message(at);
  return true;
}

void client_state::flush(time_point at) {
  flush_output(at);
  if (asked_hub_)
    courier_.seats->set_outlet(mail_, has_nothing_to_write() ? stream_.get() : nullptr);
}

bool client_state::has_nothing_to_write() {
  return phase_ == phase::open && !finale_ && told_ == 0 && !stream_.writing() && backlog_.empty()
         && codec_.output().empty() && !codec_.deflate();
}

void client_state::flush_output(time_point at) {
  if (stream_.writing() || phase_ == phase::dying)
    return;
  encode(at);
  tell_of_drops();
  if (phase_ == phase::closing && !finale_ && !close_written_ && backlog_.empty()) {
    close_written_ = true;
    codec_.close(close_code_, close_reason_);
    read(); // if a subscriber that is behind kept it from that
  }
  if (!read_file())
    return finish(*finale_);
  if (!codec_.output().empty())
    write();
  else if (finale_ && !shut_down_)
    shut_down(at);
}

/// The client has taken a write, so there is room for what somebody may say about it. Not before:
/// that would be dropped as well.
void client_state::tell_of_drops() {
  const auto dropped = backlog_.dropped();
  if (phase_ != phase::open || dropped == drops_told_)
    return;
  const auto news = dropped - std::exchange(drops_told_, dropped);
  fan_out_.publish(server_event::missed, client_missed_event{info_.client, news});
}

void client_state::shut_down(time_point at) {
  shut_down_ = true;
  stream_->shutdown();
  deadline_ = at + std::min(linger_timeout, options_->stay.close);
  arm(at);
}

void client_state::write() {
  flight_end_ = backlog_.encoded();
  flight_head_ = std::exchange(head_, {});
  // What follows a write that was done at once takes the long way: others have their turn.
  if (writing_on_)
    return stream_.write(codec_.output());
  const auto size = codec_.output().size();
  if (!stream_.write_now(codec_.output()))
    return;
  writing_on_ = true;
  on_written({}, size);
  writing_on_ = false;
}

/// Counts what the kernel took of a write that failed. What a compressed message was before is not
/// known any more: it counts with its bytes on the wire.
void client_state::count_taken(std::size_t taken) {
  const auto skip = std::min(flight_head_.bytes, taken);
  if (skip == flight_head_.bytes)
    written_ += flight_head_.totals;
  const auto frames = std::string_view{stream_.flight()}.substr(skip);
  auto left = count_written(frames, taken - skip, 0).whole;
  written_.messages += left;
  for (std::size_t at = 0; left > 0;) {
    const auto h = detail::read_header(frames.data() + at);
    at += static_cast<std::size_t>(h.total());
    if (h.is_control())
      continue;
    written_.bytes += h.payload;
    written_.binary += h.op() == detail::opcode::binary ? 1 : 0;
    left -= h.fin() ? 1 : 0;
  }
}

void client_state::on_written(std::error_code ec, std::size_t taken) {
  if (!ec)
    written_ = flight_end_;
  else if (was_open_)
    count_taken(taken);
  if (phase_ == phase::dying)
    return self_->quit();
  if (ec) {
    const auto why = failure_of(ec);
    return finish({why.code, why.detail, {}});
  }
  const auto at = now();
  const auto waited = backlog_.messages();
  const bool in_file = file_ != nullptr;
  flush(at);
  if (phase_ == phase::dying)
    return;
  if (in_file) { // each piece has as long
    deadline_ = at + options_->stay.close;
    arm(at);
  }
  // What is left before the close frame is given time as long as the client takes it; pongs, which
  // it can ask for without end, are not.
  if (phase_ == phase::closing && backlog_.messages() < waited) {
    deadline_ = at + options_->stay.close;
    arm(at);
  }
  read(); // if it waited for this
  stream_.release_idle(codec_.output());
}

} // namespace wspool
