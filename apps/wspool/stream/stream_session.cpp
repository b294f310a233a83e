// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "stream/stream_session.hpp"

#include "account/senders.hpp"
#include "command.hpp"
#include "events/observer.hpp"
#include "process/app_system.hpp"
#include "stream/line_sink.hpp"

#include <wspool/units.hpp>

#include <spdlog/spdlog.h>

#include <algorithm>
#include <cerrno>
#include <poll.h>

namespace wspool::cli {

namespace {

using namespace std::chrono_literals;

/// Enough for one write of many small messages, and few enough to spread them.
constexpr std::size_t batch_messages = 2'048;
constexpr std::size_t batch_bytes = 256 * 1024;

/// How long the pool may take for its end beyond the closing handshakes.
constexpr auto grace = 3s;

} // namespace

stream_session::stream_session(caf::actor_system& system, signal_inbox& signals,
                               message_source& input, setup what)
  : system_(system), signals_(signals), input_(input), what_(std::move(what)),
    state_(*what_.state) {
  const auto& options = what_.options;
  observer_ = spawn_observer(system_, what_.pool, what_.events, what_.state, what_.logger);
  sink_ = options.echo
            ? spawn_echoer(system_, what_.pool, what_.state)
            : spawn_line_sink(system_, output_, options.format, what_.events, what_.state);
  sender_ = options.broadcast ? spawn_broadcaster(system_, what_.pool, what_.state)
                              : spawn_sender(system_, what_.pool, what_.state);
  compat::anon_tell(what_.pool, subscribe_atom_v, sink_, subscription{event::message, true});
}

stream_session::~stream_session() {
  for (auto& x : {observer_, sink_, sender_})
    caf::anon_send_exit(x, caf::exit_reason::user_shutdown);
  output_->stop();
}

int stream_session::run() {
  if (what_.options.echo) {
    wait_until([this] { return is_over(); }, std::nullopt);
  } else {
    await_open();
    read_input();
  }
  drain();
  linger();
  state_.set_draining();
  close();
  report_failures();
  return status();
}

// -- the phases -----------------------------------------------------------------------------------

void stream_session::await_open() {
  const auto& options = what_.options;
  if (options.wait_open || options.broadcast)
    wait_until([this] { return is_over() || state_.ever_open(); }, std::nullopt);
  // A broadcast goes to those that are open: give the others the time to be.
  if (options.broadcast)
    wait_until([this] { return is_over() || state_.was_ready(); }, options.drain_timeout);
}

void stream_session::read_input() {
  while (!is_over()) {
    if (has_room() && send_some())
      continue;
    if (input_.at_end() && input_.splitter().done())
      return;
    auto wants_input = has_room() && !input_.at_end();
    if (!wait_once(wants_input, std::nullopt))
      continue;
    if (auto bad = input_.read()) {
      what_.logger->error("stdin cannot be read: {}", bad.message());
      input_failed_ = true;
    }
    count_oversized();
  }
}

void stream_session::drain() {
  auto is_settled = [this] { return state_.outstanding_messages() == 0; };
  auto done = [&] {
    if (state_.is_pool_lost() || state_.is_hopeless())
      return true;
    // "Never connected" should be true when we say it: even without messages, give it the time.
    return is_settled() && (state_.ever_open() || interrupted_);
  };
  auto timeout = what_.options.drain_timeout;
  if (!wait_until(done, timeout) && !is_settled())
    what_.logger->error("not all was sent within {}", format_duration(timeout));
}

void stream_session::linger() {
  // What is left after the draining fails now: only the end of the pool brings that about.
  if (what_.options.echo || state_.outstanding_messages() > 0)
    return;
  std::optional<clock::duration> timeout;
  if (what_.options.linger)
    timeout = *what_.options.linger;
  wait_until([this] { return is_over(); }, timeout);
}

void stream_session::close() {
  auto is_settled = [this] { return state_.outstanding_messages() == 0; };
  if (what_.owns_pool && !state_.is_pool_lost()) {
    auto end = [pool = what_.pool, state = what_.state](caf::event_based_actor* self) {
      compat::ask(self, pool, caf::infinite, close_atom_v, caf::timespan{0})
        .then([state](const close_report& x) { state->set_pool_closed(x.resent); },
              [state](const caf::error&) { state->set_pool_closed(0); });
    };
    system_.spawn(end);
    auto timeout = what_.close_timeout + grace;
    if (!wait_until([this] { return state_.is_pool_closed(); }, timeout)) {
      what_.logger->error("the pool did not close within {}", format_duration(timeout));
      compat::anon_tell(what_.pool, destroy_atom_v);
    }
    wait_until(is_settled, grace);
  } else {
    compat::anon_tell(what_.pool, unsubscribe_atom_v, sink_);
    compat::anon_tell(what_.pool, unsubscribe_atom_v, observer_);
  }
  compat::anon_tell(observer_, finish_atom_v);
  if (what_.options.echo)
    return;
  // Nobody hurries the reader of our stdout but a signal.
  compat::anon_tell(sink_, finish_atom_v);
  auto was_interrupted = interrupted_;
  wait_until([&] { return state_.is_output_flushed() || (interrupted_ && !was_interrupted); },
             std::nullopt);
}

void stream_session::report_failures() const {
  for (auto value = 1; value <= static_cast<int>(errc::io_error); ++value) {
    auto why = static_cast<errc>(value);
    if (auto count = state_.failures(why))
      what_.logger->error("{} {} not sent: {}", count, count == 1 ? "message was" : "messages were",
                          describe(why));
  }
  if (auto count = state_.account().pending())
    what_.logger->error("{} {} without an outcome: the node may still send {}", count,
                        count == 1 ? "message is" : "messages are", count == 1 ? "it" : "them");
  auto output = state_.output_error();
  if (output && output.value() != EPIPE)
    what_.logger->error("stdout cannot be written: {}", output.message());
  if (input_.splitter().truncated())
    what_.logger->error("stdin ended within a message; the part was not sent");
  if (!state_.ever_open())
    what_.logger->error("no connection was ever open");
}

int stream_session::status() const {
  auto account = state_.account();
  auto output = state_.output_error();
  auto gave_up = state_.is_hopeless() && !what_.options.echo;
  auto lost_node = state_.is_pool_lost() && !what_.owns_pool;
  auto good = account.failed == 0 && account.pending() == 0 && state_.ever_open() && !gave_up
              && !lost_node && !input_failed_ && !input_.splitter().truncated()
              && (!output || output.value() == EPIPE);
  return good ? exit_status::success : exit_status::failed;
}

// -- messages out ---------------------------------------------------------------------------------

bool stream_session::has_room() const noexcept {
  return state_.outstanding_messages() < what_.window.messages
         && state_.outstanding_bytes() < what_.window.bytes;
}

bool stream_session::send_some() {
  auto messages =
    std::min<std::size_t>(batch_messages, what_.window.messages - state_.outstanding_messages());
  auto bytes = std::min<std::size_t>(batch_bytes, what_.window.bytes - state_.outstanding_bytes());
  message_batch batch;
  input_.take(batch, messages, bytes);
  count_oversized();
  if (batch.empty())
    return false;
  state_.accepted(batch.size(), batch.bytes().size());
  compat::anon_tell(sender_, std::move(batch));
  return true;
}

void stream_session::count_oversized() {
  auto news = input_.splitter().oversized() - oversized_;
  if (news == 0)
    return;
  oversized_ += news;
  state_.accepted(news, 0);
  state_.settled(news, 0, 0, news, errc::too_big);
}

// -- waiting --------------------------------------------------------------------------------------

bool stream_session::is_over() const noexcept {
  return interrupted_ || state_.is_hopeless() || state_.is_pool_lost() || state_.is_output_closed();
}

bool stream_session::wait_until(const condition& done, std::optional<clock::duration> timeout) {
  std::optional<clock::time_point> deadline;
  if (timeout)
    deadline = clock::now() + *timeout;
  while (!done()) {
    if (deadline && clock::now() >= *deadline)
      return false;
    wait_once(false, deadline);
  }
  return true;
}

bool stream_session::wait_once(bool for_input, std::optional<clock::time_point> deadline) {
  // Negative descriptors are passed over.
  pollfd waiting[] = {{signals_.fd(), POLLIN, 0},
                      {state_.changes().fd(), POLLIN, 0},
                      {for_input ? input_.fd() : -1, POLLIN, 0}};
  auto timeout = -1;
  if (deadline) {
    auto left = std::chrono::ceil<std::chrono::milliseconds>(*deadline - clock::now());
    timeout = static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, 3'600'000));
  }
  if (::poll(waiting, std::size(waiting), timeout) <= 0)
    return false;
  if (waiting[1].revents != 0)
    state_.changes().clear();
  if (waiting[0].revents != 0 && signals_.take()) {
    interrupted_ = true;
    state_.set_draining();
    what_.logger->warn("interrupted: sending what was read; once more ends at once");
  }
  return waiting[2].revents != 0; // an end or an error, too: `read` tells which
}

} // namespace wspool::cli
