// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "net/echo_session.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>

#include <utility>

namespace wspool::net {

namespace asio = boost::asio;

namespace {

/// What an idle session keeps of its output buffer for the next write.
constexpr std::size_t kept_output_bytes = 16 * 1024;

/// What one feed brought; empty between feeds, so all sessions of a thread share it.
decoded& scratch_decoded() {
  static thread_local decoded shared;
  shared.clear();
  return shared;
}

std::string first_of_list(std::string_view text) {
  text = text.substr(0, text.find(','));
  while (text.starts_with(' ') || text.starts_with('\t'))
    text.remove_prefix(1);
  while (text.ends_with(' ') || text.ends_with('\t'))
    text.remove_suffix(1);
  return std::string{text};
}

} // namespace

// -- the list -------------------------------------------------------------------------------------

std::uint64_t echo_sessions::add(const std::shared_ptr<echo_session>& session) {
  std::lock_guard lock{mutex_};
  if (ending_)
    return 0;
  auto id = next_id_++;
  sessions_.emplace(id, session);
  return id;
}

void echo_sessions::remove(std::uint64_t id) {
  std::shared_ptr<echo_session> removed; // destroyed without the lock
  std::lock_guard lock{mutex_};
  if (auto found = sessions_.find(id); found != sessions_.end()) {
    removed = std::move(found->second);
    sessions_.erase(found);
  }
  if (sessions_.empty())
    changed_.notify_all();
}

std::vector<std::shared_ptr<echo_session>> echo_sessions::end() {
  {
    std::lock_guard lock{mutex_};
    ending_ = true;
  }
  return all();
}

std::vector<std::shared_ptr<echo_session>> echo_sessions::all() const {
  std::lock_guard lock{mutex_};
  std::vector<std::shared_ptr<echo_session>> result;
  result.reserve(sessions_.size());
  for (const auto& [id, session] : sessions_)
    result.push_back(session);
  return result;
}

bool echo_sessions::empty() const {
  std::lock_guard lock{mutex_};
  return sessions_.empty();
}

bool echo_sessions::wait_until_empty(std::chrono::milliseconds limit) {
  std::unique_lock lock{mutex_};
  return changed_.wait_for(lock, limit, [this] { return sessions_.empty(); });
}

// -- one session ----------------------------------------------------------------------------------

echo_session::echo_session(std::shared_ptr<echo_sessions> owner, asio::io_context& context,
                           std::unique_ptr<byte_stream> stream)
  : owner_(std::move(owner)), context_(context), stream_(std::move(stream)),
    codec_(role::server, codec_options{owner_->options.deflate, owner_->options.limits}),
    timer_(context) {
  // nop
}

echo_session::~echo_session() = default;

void echo_session::start() {
  id_ = owner_->add(shared_from_this());
  if (id_ == 0)
    return end();
  arm(owner_->options.handshake);
  read();
}

void echo_session::go_away() {
  asio::post(context_, [self = shared_from_this()] {
    if (self->ended_)
      return;
    if (self->codec_.state() == codec::phase::open)
      self->codec_.close(close_code::going_away, "the server is going away");
    else if (self->codec_.state() < codec::phase::open)
      return self->end();
    self->update();
  });
}

void echo_session::kill() {
  asio::post(context_, [self = shared_from_this()] { self->end(true); });
}

bool echo_session::is_open() const noexcept { return open_; }

void echo_session::read() {
  // A client that does not read its replies is not read from either.
  if (ended_ || read_pending_ || unsent() > owner_->options.max_unsent_bytes)
    return;
  read_pending_ = true;
  stream_->async_read([self = shared_from_this()](std::error_code error, std::string_view bytes) {
    self->read_pending_ = false;
    if (self->ended_)
      return;
    if (error)
      self->end();
    else
      self->on_read(bytes);
  });
}

void echo_session::on_read(std::string_view bytes) {
  if (codec_.state() < codec::phase::open) {
    auto& received = scratch_decoded();
    codec_.feed(bytes, received);
    if (codec_.state() == codec::phase::opening) {
      on_request();
      codec_.feed({}, received);              // what came in behind the request
      in_step_ = bytes.ends_with("\r\n\r\n"); // nothing did: the next byte begins a frame
    }
    echo(received);
  } else {
    echo_in_steps(bytes);
  }
  update();
  read();
}

/// The codec answers a ping at once. To whoever sends again what no pong has confirmed, a pong says
/// that all before the ping was dealt with: its echoes go first, or a connection that breaks then
/// would lose them for good.
void echo_session::echo_in_steps(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto piece = in_step_ ? frames_.next(bytes) : bytes.size();
    auto& received = scratch_decoded();
    codec_.feed(bytes.substr(0, piece), received);
    echo(received);
    bytes.remove_prefix(piece);
  }
}

void echo_session::on_request() {
  if (!codec_.request().is_upgrade) {
    ++owner_->refused;
    codec_.refuse(426, {{"Upgrade", "websocket"}, {"Connection", "Upgrade"}},
                  "This is a WebSocket server.\n");
    return;
  }
  if (owner_->open.fetch_add(1) >= owner_->options.max_connections) {
    --owner_->open;
    ++owner_->refused;
    codec_.refuse(503, {{"Retry-After", "1"}}, "Too many connections.\n");
    return;
  }
  open_ = true;
  ++owner_->connections;
  accept_options accepted;
  // An echo speaks whatever the client likes best.
  accepted.subprotocol = first_of_list(codec_.request().header_value("Sec-WebSocket-Protocol"));
  codec_.accept(accepted);
  timer_.cancel();
}

void echo_session::echo(const decoded& received) {
  auto count = received.messages.size();
  if (count == 0)
    return;
  owner_->messages += count;
  owner_->bytes += received.messages.bytes().size();
  if (owner_->options.discard)
    return;
  for (std::size_t i = 0; i < count; ++i) {
    auto message = received.messages[i];
    // Refused only if the client broke the protocol behind it: it will not read the replies.
    if (codec_.write(message.data, message.kind) != errc::none)
      break;
  }
}

void echo_session::flush() {
  if (ended_ || write_pending_ || codec_.output().empty())
    return;
  std::swap(writing_, codec_.output());
  write_pending_ = true;
  stream_->async_write(asio::buffer(writing_),
                       [self = shared_from_this()](std::error_code error, std::size_t) {
                         self->write_pending_ = false;
                         if (self->ended_)
                           return;
                         if (error)
                           self->end();
                         else
                           self->on_written();
                       });
}

void echo_session::on_written() {
  if (writing_.capacity() > kept_output_bytes)
    std::string{}.swap(writing_);
  else
    writing_.clear();
  update();
  read();
}

void echo_session::update() {
  flush();
  auto state = codec_.state();
  if (ended_ || state <= codec::phase::open)
    return;
  if (open_.exchange(false))
    --owner_->open;
  if (!std::exchange(closing_, true))
    arm(owner_->options.close);
  // RFC 6455 §7.1.1: the server ends the TCP connection, after its close frame.
  if (state != codec::phase::closing && unsent() == 0)
    stream_->shutdown();
}

void echo_session::arm(std::chrono::milliseconds limit) {
  if (limit <= std::chrono::milliseconds::zero())
    return;
  timer_.expires_after(limit);
  timer_.async_wait([self = shared_from_this()](const error_code& error) {
    if (!error)
      self->end();
  });
}

void echo_session::end(bool reset) {
  if (std::exchange(ended_, true))
    return;
  if (open_.exchange(false))
    --owner_->open;
  timer_.cancel();
  stream_->close(reset);
  owner_->remove(id_);
}

std::size_t echo_session::unsent() noexcept { return writing_.size() + codec_.output().size(); }

} // namespace wspool::net
