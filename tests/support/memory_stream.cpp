// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "support/memory_stream.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>

#include <algorithm>
#include <optional>
#include <stdexcept>

namespace wspool::test {

namespace asio = boost::asio;

namespace {

std::error_code aborted() { return asio::error::make_error_code(asio::error::operation_aborted); }

constexpr auto unlimited = std::numeric_limits<std::size_t>::max();

} // namespace

/// What belongs to one end: what came in, and its operations in flight.
struct memory_stream::half : std::enable_shared_from_this<half> {
  struct write {
    asio::const_buffer rest;
    std::size_t taken = 0;
    write_handler handler;
  };
  struct write_fault {
    std::size_t after;
    std::error_code error;
  };

  std::weak_ptr<asio::io_context> context; ///< whose waiting handlers refer to this
  std::weak_ptr<half> other;
  std::string name;

  std::string inbox;
  bool end_of_inbox = false;
  bool was_reset = false;
  read_handler on_read;
  std::optional<write> writing;

  bool shut_down = false;
  bool closed = false;
  bool reset = false;

  std::size_t window = unlimited; ///< what may still be written
  std::size_t read_limit = unlimited;
  std::optional<write_fault> fault;
  bool at_once = false;
  bool doubts_writes = false;
  bool scheduled = false;

  void schedule();
  void run();
  void run_read();
  void run_write();
  void finish_write(std::error_code error);
};

void memory_stream::half::schedule() {
  auto there = context.lock();
  if (!there || std::exchange(scheduled, true))
    return;
  asio::post(*there, [self = shared_from_this()] {
    self->scheduled = false;
    self->run();
  });
}

void memory_stream::half::run() {
  if (writing)
    run_write();
  if (on_read)
    run_read();
}

void memory_stream::half::run_read() {
  auto finish = [this](std::error_code error, std::string_view bytes) {
    auto handler = std::exchange(on_read, nullptr);
    handler(error, bytes);
  };
  if (closed)
    return finish(aborted(), {});
  if (was_reset)
    return finish(make_error_code(errc::connection_reset), {});
  if (!inbox.empty()) {
    auto bytes = inbox.substr(0, read_limit);
    inbox.erase(0, bytes.size());
    return finish({}, bytes);
  }
  if (end_of_inbox)
    finish(make_error_code(errc::end_of_stream), {});
}

void memory_stream::half::run_write() {
  if (closed)
    return finish_write(aborted());
  auto peer = other.lock();
  if (!peer || peer->closed || was_reset)
    return finish_write(make_error_code(errc::connection_reset));
  auto count = std::min(writing->rest.size(), window);
  if (fault)
    count = std::min(count, fault->after - std::min(fault->after, writing->taken));
  peer->inbox.append(static_cast<const char*>(writing->rest.data()), count);
  writing->rest += count;
  writing->taken += count;
  if (window != unlimited)
    window -= count;
  if (count > 0)
    peer->schedule();
  if (fault && writing->taken >= fault->after) {
    auto error = fault->error;
    fault.reset();
    was_reset = true;
    finish_write(error);
  } else if (writing->rest.size() == 0) {
    finish_write({});
  }
}

void memory_stream::half::finish_write(std::error_code error) {
  auto done = std::move(*writing);
  writing.reset();
  done.handler(error, done.taken);
}

memory_stream::memory_stream(std::shared_ptr<half> mine, std::shared_ptr<half> other)
  : mine_(std::move(mine)), other_(std::move(other)) {
  // nop
}

std::pair<memory_stream::pointer, memory_stream::pointer>
memory_stream::make_pair(std::shared_ptr<asio::io_context> context, std::string peer) {
  auto a = std::make_shared<half>();
  auto b = std::make_shared<half>();
  a->context = context;
  b->context = context;
  a->other = b;
  b->other = a;
  a->name = std::move(peer);
  b->name = "memory:test";
  return {pointer{new memory_stream{a, b}}, pointer{new memory_stream{b, a}}};
}

memory_stream::~memory_stream() {
  // Dropped without a call; destroyed only after this end is closed, as they may look at it.
  auto read = std::exchange(mine_->on_read, nullptr);
  auto write = std::exchange(mine_->writing, std::nullopt);
  close(false);
}

void memory_stream::async_read(read_handler handler) {
  if (mine_->on_read)
    throw std::logic_error{"two reads at a time"};
  mine_->on_read = std::move(handler);
  mine_->schedule();
}

void memory_stream::async_write(asio::const_buffer bytes, write_handler handler) {
  if (mine_->writing)
    throw std::logic_error{"two writes at a time"};
  mine_->writing = half::write{bytes, 0, std::move(handler)};
  mine_->schedule();
}

std::size_t memory_stream::write_now(asio::const_buffer bytes) {
  auto& mine = *mine_;
  if (mine.writing)
    throw std::logic_error{"two writes at a time"};
  if (!mine.at_once || mine.closed || mine.was_reset || mine.fault || other_->closed)
    return 0;
  const auto count = std::min(bytes.size(), mine.window);
  other_->inbox.append(static_cast<const char*>(bytes.data()), count);
  if (mine.window != unlimited)
    mine.window -= count;
  if (count > 0)
    other_->schedule();
  return count;
}

std::size_t memory_stream::in_doubt(std::size_t taken, std::size_t size) const noexcept {
  return mine_->doubts_writes ? size - taken : 0;
}

void memory_stream::shutdown() {
  mine_->shut_down = true;
  other_->end_of_inbox = true;
  other_->schedule();
}

void memory_stream::close(bool reset) {
  if (std::exchange(mine_->closed, true))
    return;
  mine_->reset = reset;
  mine_->schedule();
  other_->end_of_inbox = true;
  other_->was_reset = other_->was_reset || reset;
  other_->schedule();
}

std::string memory_stream::peer() const { return mine_->name; }

void memory_stream::send(std::string_view bytes) {
  if (mine_->shut_down || mine_->closed || other_->closed)
    return;
  other_->inbox += bytes;
  other_->schedule();
}

std::string memory_stream::take() { return std::exchange(mine_->inbox, {}); }

const std::string& memory_stream::received() const noexcept { return mine_->inbox; }

bool memory_stream::peer_shut_down() const noexcept { return other_->shut_down; }

bool memory_stream::peer_closed() const noexcept { return other_->closed; }

bool memory_stream::peer_reset() const noexcept { return other_->reset; }

void memory_stream::write_at_once() { other_->at_once = true; }

void memory_stream::stall(std::size_t window_bytes) {
  other_->window = window_bytes;
  other_->schedule();
}

void memory_stream::resume() {
  other_->window = unlimited;
  other_->schedule();
}

void memory_stream::fail_next_write(std::size_t taken, std::error_code error) {
  other_->fault = half::write_fault{taken, error};
}

void memory_stream::split_reads(std::size_t bytes) {
  other_->read_limit = std::max<std::size_t>(bytes, 1);
}

void memory_stream::doubt_writes() { other_->doubts_writes = true; }

// -- fake_connector -------------------------------------------------------------------------------

struct fake_connector::operation final : connect_operation {
  std::weak_ptr<asio::io_context> context; ///< whose waiting handlers refer to this
  handler done;
  attempt* value = nullptr;

  void cancel() override {
    if (!std::exchange(done, nullptr))
      return;
    if (value != nullptr) {
      value->pending = false;
      value->cancelled = true;
    }
  }
};

fake_connector::~fake_connector() {
  for (auto& x : attempts_)
    x->op->value = nullptr;
}

std::shared_ptr<connect_operation>
fake_connector::async_connect(std::shared_ptr<asio::io_context> context, const endpoint& target,
                              const connect_options& options, handler done) {
  auto op = std::make_shared<operation>();
  op->context = context;
  op->done = std::move(done);
  attempts_.push_back(std::make_unique<entry>());
  auto& added = *attempts_.back();
  added.value.target = target;
  added.value.options = options;
  added.op = op;
  op->value = &added.value;
  if (policy_) {
    auto i = attempts_.size() - 1;
    if (auto error = policy_(added.value))
      refuse(i, std::move(error));
    else
      accept(i);
  }
  return op;
}

void fake_connector::accept_all() {
  policy_ = [](const attempt&) { return failure{}; };
}

void fake_connector::decide_by(policy decide) { policy_ = std::move(decide); }

void fake_connector::decide_nothing() { policy_ = nullptr; }

std::size_t fake_connector::size() const noexcept { return attempts_.size(); }

const fake_connector::attempt& fake_connector::operator[](std::size_t i) const {
  return attempts_.at(i)->value;
}

std::size_t fake_connector::first_pending() const noexcept {
  auto found = std::find_if(attempts_.begin(), attempts_.end(),
                            [](const auto& x) { return x->value.pending; });
  return static_cast<std::size_t>(found - attempts_.begin());
}

fake_connector::entry& fake_connector::pending_entry(std::size_t i) {
  auto& found = *attempts_.at(i);
  if (!found.value.pending)
    throw std::logic_error{"attempt " + std::to_string(i) + " is not pending"};
  found.value.pending = false;
  return found;
}

memory_stream& fake_connector::accept(std::size_t i) {
  auto& found = pending_entry(i);
  auto name = found.value.target.origin() + "#" + std::to_string(i);
  auto context = found.op->context.lock(); // a pending attempt is one of a living pool
  auto [theirs, ours] = memory_stream::make_pair(context, name);
  found.value.stream = std::move(ours);
  // std::function wants to be copied, a stream does not.
  auto stream = std::make_shared<memory_stream::pointer>(std::move(theirs));
  asio::post(*context, [op = found.op, stream] {
    if (auto done = std::exchange(op->done, nullptr))
      done({}, std::move(*stream));
  });
  return *found.value.stream;
}

void fake_connector::refuse(std::size_t i, failure error) {
  auto& found = pending_entry(i);
  asio::post(*found.op->context.lock(), [op = found.op, error = std::move(error)] {
    if (auto done = std::exchange(op->done, nullptr))
      done(error, nullptr);
  });
}

memory_stream& fake_connector::stream(std::size_t i) {
  auto& found = *attempts_.at(i);
  if (!found.value.stream)
    throw std::logic_error{"attempt " + std::to_string(i) + " was not accepted"};
  return *found.value.stream;
}

} // namespace wspool::test
