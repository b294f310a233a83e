// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "chaos/fault_session.hpp"

#include "chaos/wire_faults.hpp"

#include <charconv>
#include <utility>

namespace wspool::chaos {

namespace {

codec_options server_options(const deflate_options& deflate) {
  codec_options result;
  result.deflate = deflate;
  return result;
}

} // namespace

fault_session::fault_session(boost::asio::io_context& io, server_socket::tcp::socket socket,
                             tls_context_ptr context, const session_setup& setup, opening_plan plan,
                             std::function<void(fault_session*)> on_end)
  : io_(io), socket_(std::move(socket), std::move(context)), setup_(setup), plan_(std::move(plan)),
    on_end_(std::move(on_end)), codec_(role::server, server_options(setup.deflate)) {}

void fault_session::start() {
  if (plan_.what == opening_plan::kind::drop)
    return end(plan_.reset);
  socket_.handshake([self = shared_from_this()](auto ec) {
    if (ec)
      return self->end(false);
    self->read();
  });
}

// -- reading -------------------------------------------------------------------------------------

void fault_session::read() {
  if (reading_ || ended_ || !reads_)
    return;
  reading_ = true;
  socket_.read([self = shared_from_this()](auto ec, std::string_view bytes) {
    self->reading_ = false;
    if (self->ended_)
      return;
    self->on_read(bytes);
    if (ec)
      return self->end(false);
    if (self->pause_.count() > 0)
      return self->read_after_pause();
    self->read();
  });
}

void fault_session::read_after_pause() {
  reading_ = true;
  auto timer = std::make_shared<boost::asio::steady_timer>(io_, pause_);
  timer->async_wait([self = shared_from_this(), timer](auto) {
    self->reading_ = false;
    self->read();
  });
}

void fault_session::on_read(std::string_view bytes) {
  const bool was_open = open_;
  codec_.feed(bytes, decoded_);
  if (!was_open && codec_.state() == codec::phase::opening)
    return on_request();
  take(decoded_);
  decoded_.clear();
  flush();
  const auto state = codec_.state();
  if (state == codec::phase::closed || state == codec::phase::failed) {
    cut_when_written_ = true;
    write();
  }
}

void fault_session::take(const decoded& came) {
  // Beyond this moment the client may say the same on another connection.
  const bool late = setup_.lives->ended(attempt_);
  for (std::size_t i = 0; i < came.messages.size(); ++i) {
    const auto data = came.messages.data(i);
    if (data.starts_with('b'))
      continue; // a broadcast has no number
    std::uint64_t number = UINT64_MAX;
    std::from_chars(data.data(), data.data() + data.size(), number);
    setup_.messages->arrived(attempt_, number, late);
    if (setup_.echo_every > 0 && ++taken_ % setup_.echo_every == 0 && speaks_
        && queue_.size() < max_unsent_bytes)
      (void)codec_.write("s " + std::to_string(said_++), message_kind::text);
  }
}

// -- opening -------------------------------------------------------------------------------------

void fault_session::on_request() {
  const auto name = codec_.request().header_value(life_table::header_name);
  std::from_chars(name.data(), name.data() + name.size(), attempt_);
  if (plan_.delay.count() == 0)
    return answer_request();
  auto timer = std::make_shared<boost::asio::steady_timer>(io_, plan_.delay);
  timer->async_wait([self = shared_from_this(), timer](auto ec) {
    if (!ec && !self->ended_)
      self->answer_request();
  });
}

void fault_session::answer_request() {
  using kind = opening_plan::kind;
  switch (plan_.what) {
    case kind::silent:
      return;
    case kind::drop:
    case kind::hang_up:
      return end(plan_.reset);
    case kind::garbage:
      return write_raw(plan_.text, true);
    case kind::refuse:
      codec_.refuse(plan_.status, {{"Retry-After", "0"}}, "not now");
      flush();
      cut_when_written_ = true;
      return write();
    case kind::accept:
      break;
  }
  if (!codec_.request().is_upgrade)
    return end(true);
  accept_options answer;
  answer.headers = {{life_table::header_name, std::to_string(attempt_)}};
  codec_.accept(answer);
  open_ = true;
  pause_ = setup_.pause;
  on_read({}); // frames that came with the request
}

// -- writing -------------------------------------------------------------------------------------

void fault_session::flush() {
  auto& output = codec_.output();
  if (output.empty())
    return;
  if (!speaks_)
    return output.clear();
  if (lag_.count() > 0)
    return send_later(std::exchange(output, {}));
  enqueue(std::exchange(output, {}));
}

void fault_session::send_later(std::string bytes) {
  auto timer = std::make_shared<boost::asio::steady_timer>(io_, lag_);
  timer->async_wait([self = shared_from_this(), timer, bytes = std::move(bytes)](auto ec) {
    if (!ec && !self->ended_)
      self->enqueue(bytes);
  });
}

void fault_session::enqueue(std::string bytes) {
  queue_ += bytes;
  write();
}

void fault_session::write() {
  if (writing_ || ended_)
    return;
  if (queue_.empty()) {
    if (cut_when_written_)
      end(plan_.reset);
    return;
  }
  writing_ = true;
  flight_.clear();
  flight_.swap(queue_);
  socket_.write(flight_, [self = shared_from_this()](auto ec) {
    self->writing_ = false;
    if (ec)
      return self->end(false);
    self->write();
  });
}

// -- misbehaviour --------------------------------------------------------------------------------

void fault_session::cut(bool reset) { end(reset); }

void fault_session::half_close() { socket_.half_close(); }

void fault_session::close(std::uint16_t code, const std::string& reason) {
  if (!is_open())
    return end(true);
  enqueue(close_frame(code, reason));
}

void fault_session::write_raw(const std::string& bytes, bool then_cut) {
  cut_when_written_ = cut_when_written_ || then_cut;
  enqueue(bytes);
}

void fault_session::flood(std::uint32_t count, std::size_t bytes) {
  if (!speaks_ || !is_open())
    return;
  for (std::uint32_t i = 0; i < count && codec_.output().size() < max_unsent_bytes; ++i)
    (void)codec_.write("s " + std::to_string(said_++) + ' ' + std::string(bytes, 'f'),
                       message_kind::text);
  flush();
}

void fault_session::flood_pings(std::uint32_t count) {
  if (!is_open())
    return;
  for (std::uint32_t i = 0; i < count; ++i)
    (void)codec_.ping(std::to_string(i));
  flush();
}

void fault_session::heal() {
  reads_ = true;
  speaks_ = true;
  lag_ = milliseconds{0};
  pause_ = milliseconds{0};
  read();
}

void fault_session::end(bool reset) {
  if (std::exchange(ended_, true))
    return;
  socket_.close(reset);
  on_end_(this);
}

} // namespace wspool::chaos
