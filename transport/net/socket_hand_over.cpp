// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "net/socket_hand_over.hpp"

#include "net/socket_stream.hpp"
#include "net/tls_socket.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/ssl/stream_base.hpp>

#include <spdlog/spdlog.h>

#include <chrono>
#include <cstddef>
#include <functional>
#include <utility>

namespace wspool::net {

namespace asio = boost::asio;

namespace {

/// TLS handshakes in progress beyond this are turned away: each costs memory and time.
constexpr std::size_t max_handshakes = 4096;

} // namespace

/// The TLS handshake of one connection; lives in its handlers.
class tls_acceptance : public std::enable_shared_from_this<tls_acceptance> {
public:
  using handler = std::function<void(std::unique_ptr<tls_socket>)>;

  tls_acceptance(asio::io_context& context, tcp_socket socket, tls_context tls)
    : context_(context), tls_(std::make_unique<tls_socket>(std::move(socket), std::move(tls))),
      timer_(context) {
    // nop
  }

  /// `done` gets null if the handshake failed.
  void start(std::chrono::milliseconds limit, handler done) {
    if (limit > limit.zero()) {
      timer_.expires_after(limit);
      timer_.async_wait([self = shared_from_this()](const error_code& error) {
        if (!error)
          self->abort();
      });
    }
    tls_->stream.async_handshake(
      asio::ssl::stream_base::server,
      [self = shared_from_this(), done = std::move(done)](const error_code& error) {
        self->timer_.cancel();
        auto finished = std::move(self->tls_);
        if (error)
          spdlog::debug("listener: TLS handshake failed: {}", error.message());
        if (error || !finished->stream.next_layer().is_open())
          finished.reset();
        done(std::move(finished));
      });
  }

  /// From any thread.
  void abort_soon() {
    asio::post(context_, [self = shared_from_this()] { self->abort(); });
  }

private:
  void abort() {
    error_code ignored;
    if (tls_)
      tls_->stream.next_layer().close(ignored);
  }

  asio::io_context& context_;
  std::unique_ptr<tls_socket> tls_;
  steady_timer timer_;
};

void socket_hand_over::take(const std::shared_ptr<asio::io_context>& context, tcp_socket socket,
                            const tcp::endpoint& peer) {
  error_code ignored;
  socket.set_option(tcp::no_delay{options_.no_delay}, ignored);
  if (auto tls = current(); tls && options_.secure_later)
    deliver(context,
            make_tls_stream(context,
                            std::make_unique<tls_socket>(std::move(socket), std::move(tls)), true));
  else if (tls)
    secure(context, std::move(socket), std::move(tls));
  else
    deliver(context, make_accepted_stream(context, std::move(socket), peer));
}

void socket_hand_over::use(tls_context tls) {
  std::lock_guard lock{mutex_};
  tls_ = std::move(tls);
}

tls_context socket_hand_over::current() {
  std::lock_guard lock{mutex_};
  return tls_;
}

void socket_hand_over::secure(const std::shared_ptr<asio::io_context>& context, tcp_socket socket,
                              tls_context tls) {
  auto handshake = std::make_shared<tls_acceptance>(*context, std::move(socket), std::move(tls));
  std::uint64_t id = 0;
  {
    std::lock_guard lock{mutex_};
    if (stopped_ || handshakes_.size() >= max_handshakes)
      return;
    id = next_handshake_++;
    handshakes_.emplace(id, handshake);
  }
  auto finish = [self = shared_from_this(), id,
                 weak = std::weak_ptr{context}](std::unique_ptr<tls_socket> done) {
    {
      std::lock_guard lock{self->mutex_};
      self->handshakes_.erase(id);
    }
    auto owner = weak.lock();
    if (done && owner)
      self->deliver(owner, make_tls_stream(owner, std::move(done)));
  };
  handshake->start(options_.handshake, std::move(finish));
}

void socket_hand_over::deliver(const std::shared_ptr<asio::io_context>& context,
                               std::unique_ptr<byte_stream> stream) {
  if (!stopped_)
    on_accept_(context, std::move(stream));
}

void socket_hand_over::stop() {
  std::lock_guard lock{mutex_};
  stopped_ = true;
  for (auto& [id, weak] : handshakes_)
    if (auto handshake = weak.lock())
      handshake->abort_soon();
}

} // namespace wspool::net
