// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "session/session_run.hpp"

#include "command.hpp"
#include "process/log.hpp"

#include <spdlog/spdlog.h>

#include <cerrno>
#include <iterator>
#include <poll.h>
#include <utility>

namespace wspool::cli {

namespace {

/// Lines that may be without an outcome: what keeps memory flat.
constexpr std::uint64_t window_messages = 1'000;

} // namespace

session_run::session_run(app_system& apps, signal_inbox& signals, session_actor session,
                         session_desk desk)
  : apps_(apps), signals_(signals), session_(std::move(session)), desk_(std::move(desk)),
    progress_(*desk_.progress), watcher_(watch_session(apps_.actors, session_, desk_)) {}

session_run::~session_run() {
  for (const auto& one : {caf::actor_cast<caf::actor>(session_), watcher_})
    caf::anon_send_exit(one, caf::exit_reason::user_shutdown);
  output_->stop();
}

// -- what there is to do --------------------------------------------------------------------------

int session_run::subscribe(const std::vector<subscribe_order>& orders) {
  auto sink = spawn_session_sink(apps_.actors, desk_, output_);
  subscribe_channels(apps_.actors, session_, desk_, sink, orders);
  wait_until([this] { return is_over() || progress_.failed > 0; });
  if (is_alone() && progress_.outstanding() > 0)
    abandon("channels");
  else
    close();
  // Nobody hurries the reader of our stdout but a signal.
  compat::anon_tell(sink, finish_atom_v);
  const bool was_interrupted = interrupted_ != 0;
  wait_until([&] {
    return progress_.output_flushed || progress_.output_error != 0
           || (interrupted_ != 0 && !was_interrupted);
  });
  caf::anon_send_exit(sink, caf::exit_reason::user_shutdown);
  return status();
}

int session_run::publish(const std::string& channel, message_source& input) {
  auto publisher = spawn_publisher(apps_.actors, session_, desk_, channel);
  while (!is_over()) {
    const bool has_room = progress_.outstanding() < window_messages;
    if (has_room && publish_some(input, publisher))
      continue;
    if (input.at_end() && input.splitter().done())
      break;
    if (!wait_once(has_room && !input.at_end() ? input.fd() : -1))
      continue;
    if (auto bad = input.read()) {
      desk_.logger->error("stdin cannot be read: {}", bad.message());
      input_failed_ = true;
    }
  }
  if (const auto count = input.splitter().oversized(); count > 0) {
    desk_.logger->error("not published: larger than --max-message: {} of them", count);
    progress_.asked += count;
    progress_.failed += count;
    progress_.done += count;
  }
  // Each has its outcome within the session's timeout.
  wait_until([this] { return progress_.outstanding() == 0 || is_alone(); });
  if (const auto count = progress_.untold.load(); count > 0)
    desk_.logger->error("not published: {} more lines", count);
  if (progress_.asked == 0 && interrupted_ == 0)
    desk_.logger->warn("stdin is empty: published 0 messages");
  caf::anon_send_exit(publisher, caf::exit_reason::user_shutdown);
  if (is_alone())
    abandon("lines");
  else
    close();
  return status();
}

bool session_run::publish_some(message_source& input, const caf::actor& publisher) {
  message_batch one; // a single one: further lines that are too large may lie behind it
  input.take(one, 1, 0);
  if (one.empty())
    return false;
  ++progress_.asked;
  const auto number = ++lines_ + input.splitter().oversized();
  compat::anon_tell(publisher, std::string{one.data(0)}, number);
  return true;
}

int session_run::query(const std::string& name, const content& data) {
  ask_query(apps_.actors, session_, desk_, name, data, output_);
  wait_until([this] { return interrupted_ != 0 || progress_.outstanding() == 0; });
  if (interrupted_ == 0)
    close();
  else // closing would wait for the answer
    abandon("questions");
  return status();
}

// -- the end --------------------------------------------------------------------------------------

void session_run::close() {
  ended_by_itself_ = progress_.ended;
  if (ended_by_itself_)
    return;
  close_session(apps_.actors, session_, desk_);
  wait_until([this] { return progress_.closed || progress_.ended; });
}

void session_run::abandon(const char* what) {
  abandoned_ = true;
  if (const auto left = progress_.outstanding(); left > 0)
    desk_.logger->error("interrupted, {} without an answer: {}", what, left);
}

bool session_run::is_alone() const noexcept {
  return interrupted_ != 0 && !progress_.connected && !progress_.ended;
}

bool session_run::is_over() const noexcept {
  return interrupted_ != 0 || progress_.ended || progress_.output_error != 0;
}

int session_run::status() const {
  const auto output = progress_.output_error.load();
  if (output != 0 && output != EPIPE)
    desk_.logger->error("stdout cannot be written: {}",
                        std::error_code{output, std::generic_category()}.message());
  if (ended_by_itself_)
    desk_.logger->error("the session has ended");
  if (abandoned_)
    return exit_status::by_signal + interrupted_;
  const bool good = progress_.failed == 0 && progress_.outstanding() == 0 && !ended_by_itself_
                    && !input_failed_ && (output == 0 || output == EPIPE);
  return good ? exit_status::success : exit_status::failed;
}

// -- waiting --------------------------------------------------------------------------------------

void session_run::wait_until(const condition& done) {
  while (!done())
    wait_once(-1);
}

bool session_run::wait_once(int input_fd) {
  // Negative descriptors are passed over.
  pollfd waiting[] = {
    {signals_.fd(), POLLIN, 0}, {progress_.changes.fd(), POLLIN, 0}, {input_fd, POLLIN, 0}};
  if (::poll(waiting, std::size(waiting), -1) <= 0)
    return false;
  if (waiting[1].revents != 0)
    progress_.changes.clear();
  if (waiting[0].revents == 0)
    return waiting[2].revents != 0; // an end or an error, too: `read` tells which
  if (const auto signal = signals_.take()) {
    interrupted_ = *signal;
    desk_.logger->warn("interrupted: closing; once more ends at once");
  }
  return waiting[2].revents != 0;
}

} // namespace wspool::cli
