// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "net/socket_stream.hpp"

#include "net/system_errors.hpp"
#include "net/tls_contexts.hpp"
#include "protocol/endpoint_text.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/socket_base.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/ssl/stream_base.hpp>

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

namespace wspool::net {

namespace asio = boost::asio;

namespace {

/// What one read from a plain socket can bring. All plain sockets of a thread share one buffer, so
/// it can be large: a flood is read in few system calls, an idle connection holds no memory.
constexpr std::size_t scratch_bytes = 256 * 1024;

/// The payload of one TLS record (RFC 8446 §5.1).
constexpr std::size_t record_bytes = 16 * 1024;

/// Lends the thread's read buffer. A handler that runs the io_context again while it looks at its
/// bytes gets a buffer of its own for what it reads meanwhile.
class scratch {
public:
  scratch() : mine_(!lent) {
    if (mine_) {
      if (!shared)
        shared = std::make_unique_for_overwrite<char[]>(scratch_bytes);
      lent = true;
    } else {
      own_ = std::make_unique_for_overwrite<char[]>(scratch_bytes);
    }
  }

  scratch(const scratch&) = delete;
  scratch& operator=(const scratch&) = delete;

  ~scratch() {
    if (mine_)
      lent = false;
  }

  char* data() noexcept { return mine_ ? shared.get() : own_.get(); }

private:
  static thread_local std::unique_ptr<char[]> shared;
  static thread_local bool lent;

  bool mine_;
  std::unique_ptr<char[]> own_;
};

thread_local std::unique_ptr<char[]> scratch::shared;
thread_local bool scratch::lent = false;

/// Reads when there is something to read, straight into the thread's buffer.
class plain_layer {
public:
  plain_layer(tcp_socket socket, bool more_expected)
    : socket_(std::move(socket)), more_expected_(more_expected) {
    error_code ignored;
    socket_.non_blocking(true, ignored);
  }

  tcp_socket& socket() noexcept { return socket_; }

  /// `f(error, bytes)` runs on the io_context; it keeps this layer alive.
  template <class F>
  void async_read_some(F f) {
    if (more_expected_) {
      asio::post(socket_.get_executor(),
                 [this, f = std::move(f)]() mutable { read_now(std::move(f)); });
    } else {
      wait_to_read(std::move(f));
    }
  }

  template <class F>
  void async_write_some(asio::const_buffer bytes, F f) {
    socket_.async_write_some(bytes, std::move(f));
  }

  std::size_t write_now(asio::const_buffer bytes) {
    error_code error; // will be there again when somebody waits for it
    const auto count = socket_.write_some(bytes, error);
    return error ? 0 : count;
  }

  template <class Keep>
  void shutdown(Keep) {
    error_code ignored;
    socket_.shutdown(tcp_socket::shutdown_send, ignored);
  }

  static std::size_t in_doubt(std::size_t, std::size_t) noexcept { return 0; }

  static std::string certificate() { return {}; }

private:
  template <class F>
  void wait_to_read(F f) {
    socket_.async_wait(tcp_socket::wait_read,
                       [this, f = std::move(f)](const error_code& error) mutable {
                         if (error)
                           f(error, std::string_view{});
                         else
                           read_now(std::move(f));
                       });
  }

  template <class F>
  void read_now(F f) {
    scratch buffer;
    error_code error;
    auto count = socket_.read_some(asio::buffer(buffer.data(), scratch_bytes), error);
    if (error == asio::error::would_block || error == asio::error::try_again
        || error == asio::error::interrupted) {
      more_expected_ = false;
      wait_to_read(std::move(f));
      return;
    }
    // A full buffer means that the kernel has more: the next read need not wait for it.
    more_expected_ = count == scratch_bytes;
    f(error, std::string_view{buffer.data(), count});
  }

  tcp_socket socket_;
  bool more_expected_;
};

/// Asio's words for it are OpenSSL's: what they come to is that there is no TLS. An end by the peer
/// stays what it is.
error_code handshake_error(const error_code& error) {
  return error.category() == asio::error::get_ssl_category()
           ? error_code{std::error_code{errc::tls_failed}}
           : error;
}

/// TLS by Asio. Bytes pass through buffers of the connection in both directions, because Asio's
/// operation may look at them once more after the socket was closed.
class tls_layer {
public:
  /// `to_accept`: a handshake is to be done before anything is read.
  tls_layer(std::unique_ptr<tls_socket> socket, bool to_accept)
    : tls_(std::move(socket)), to_accept_(to_accept) {
    // nop
  }

  tcp_socket& socket() noexcept { return tls_->stream.next_layer(); }

  template <class F>
  void async_read_some(F f) {
    if (!std::exchange(to_accept_, false))
      return read_some(std::move(f));
    tls_->stream.async_handshake(asio::ssl::stream_base::server,
                                 [this, f = std::move(f)](const error_code& error) mutable {
                                   if (error)
                                     f(handshake_error(error), std::string_view{});
                                   else
                                     read_some(std::move(f));
                                 });
  }

  template <class F>
  void async_write_some(asio::const_buffer bytes, F f) {
    auto size = std::min(bytes.size(), record_bytes);
    output_ = std::make_unique_for_overwrite<char[]>(size);
    std::memcpy(output_.get(), bytes.data(), size);
    tls_->stream.async_write_some(
      asio::buffer(output_.get(), size),
      [this, f = std::move(f)](const error_code& error, std::size_t count) mutable {
        output_.reset();
        f(error, count);
      });
  }

  static std::size_t write_now(asio::const_buffer) noexcept { return 0; }

  /// close_notify goes out at once; the FIN when the peer has answered it, or has ended.
  template <class Keep>
  void shutdown(Keep keep) {
    tls_->stream.async_shutdown([this, keep = std::move(keep)](const error_code&) {
      error_code ignored;
      socket().shutdown(tcp_socket::shutdown_send, ignored);
    });
  }

  /// Records may be with the kernel, in whole or in part, without OpenSSL or Asio telling.
  static std::size_t in_doubt(std::size_t taken, std::size_t size) noexcept { return size - taken; }

  std::string certificate() { return client_certificate(*tls_); }

private:
  template <class F>
  void read_some(F f) {
    if (!input_)
      input_ = std::make_unique_for_overwrite<char[]>(record_bytes);
    tls_->stream.async_read_some(
      asio::buffer(input_.get(), record_bytes),
      [this, f = std::move(f)](const error_code& error, std::size_t count) mutable {
        f(error, std::string_view{input_.get(), count});
      });
  }

  std::unique_ptr<tls_socket> tls_;
  bool to_accept_;
  std::unique_ptr<char[]> input_;
  std::unique_ptr<char[]> output_; ///< of a write in flight
};

/// The part of a stream that operations in flight keep alive.
template <class Layer>
class stream_state : public std::enable_shared_from_this<stream_state<Layer>> {
public:
  template <class... Ts>
  explicit stream_state(const tcp::endpoint& peer, Ts... xs)
    : layer_(std::move(xs)...), peer_(peer) {
    // nop
  }

  // Handlers travel with the operations rather than stay here: a handler may own the stream, and
  // an io_context that ends with operations pending then still releases everything.

  void read(byte_stream::read_handler handler) {
    layer_.async_read_some([self = this->shared_from_this(), handler = std::move(handler)](
                             const error_code& error, std::string_view bytes) {
      self->finish_read(error, bytes, handler);
    });
  }

  void write(asio::const_buffer bytes, byte_stream::write_handler handler) {
    writing_ = true;
    write_more(bytes, 0, std::move(handler));
  }

  std::size_t write_now(asio::const_buffer bytes) { return closed_ ? 0 : layer_.write_now(bytes); }

  void shutdown() {
    if (writing_) // FIN comes behind what is being written
      shutdown_wanted_ = true;
    else if (!closed_ && !std::exchange(shut_down_, true))
      layer_.shutdown(this->shared_from_this());
  }

  void close(bool reset) {
    if (std::exchange(closed_, true))
      return;
    error_code ignored;
    if (reset)
      layer_.socket().set_option(asio::socket_base::linger{true, 0}, ignored);
    layer_.socket().close(ignored);
  }

  /// The stream is gone: handlers are released without a call, but not before Asio has let go of
  /// the operations, since they may own the bytes that are being written.
  void abandon() {
    abandoned_ = true;
    close(false);
  }

  std::string peer() const {
    if (peer_ == tcp::endpoint{})
      return "unknown peer";
    return detail::host_and_port(peer_.address().to_string(), peer_.port());
  }

  std::string certificate() { return layer_.certificate(); }

private:
  void write_more(asio::const_buffer rest, std::size_t taken, byte_stream::write_handler handler) {
    layer_.async_write_some(
      rest, [self = this->shared_from_this(), rest, taken,
             handler = std::move(handler)](const error_code& error, std::size_t count) mutable {
        if (!error && count < rest.size() && !self->closed_)
          self->write_more(rest + count, taken + count, std::move(handler));
        else
          self->finish_write(error, taken + count, count == rest.size(), handler);
      });
  }

  void finish_write(const error_code& error, std::size_t taken, bool whole,
                    const byte_stream::write_handler& handler) {
    writing_ = false;
    if (abandoned_)
      return;
    if (shutdown_wanted_ && !error)
      shutdown();
    if (closed_ && (error || !whole))
      handler(asio::error::make_error_code(asio::error::operation_aborted), taken);
    else
      handler(translate(error), taken);
  }

  void finish_read(const error_code& error, std::string_view bytes,
                   const byte_stream::read_handler& handler) {
    if (abandoned_)
      return;
    if (closed_)
      handler(asio::error::make_error_code(asio::error::operation_aborted), {});
    else
      handler(translate(error), error ? std::string_view{} : bytes);
  }

  Layer layer_;
  tcp::endpoint peer_;
  bool writing_ = false;
  bool shutdown_wanted_ = false;
  bool shut_down_ = false;
  bool closed_ = false;
  bool abandoned_ = false;
};

template <class Layer>
class socket_stream final : public byte_stream {
public:
  template <class... Ts>
  socket_stream(std::shared_ptr<asio::io_context> context, const tcp::endpoint& peer, Ts... xs)
    : context_(std::move(context)),
      state_(std::make_shared<stream_state<Layer>>(peer, std::move(xs)...)) {
    // nop
  }

  ~socket_stream() override { state_->abandon(); }

  void async_read(read_handler handler) override { state_->read(std::move(handler)); }

  void async_write(asio::const_buffer bytes, write_handler handler) override {
    state_->write(bytes, std::move(handler));
  }

  std::size_t write_now(asio::const_buffer bytes) override { return state_->write_now(bytes); }

  std::size_t in_doubt(std::size_t taken, std::size_t size) const noexcept override {
    return Layer::in_doubt(taken, size);
  }

  void shutdown() override { state_->shutdown(); }

  void close(bool reset) override { state_->close(reset); }

  std::string peer() const override { return state_->peer(); }

  std::string certificate() const override { return state_->certificate(); }

private:
  // Declared first and so released last: the socket needs its io_context to the end.
  std::shared_ptr<asio::io_context> context_;
  std::shared_ptr<stream_state<Layer>> state_;
};

tcp::endpoint peer_of(const tcp_socket& socket) {
  error_code ignored;
  return socket.remote_endpoint(ignored);
}

} // namespace

std::unique_ptr<byte_stream> make_tcp_stream(std::shared_ptr<asio::io_context> context,
                                             tcp_socket socket) {
  const auto peer = peer_of(socket);
  return std::make_unique<socket_stream<plain_layer>>(std::move(context), peer, std::move(socket),
                                                      false);
}

std::unique_ptr<byte_stream> make_accepted_stream(std::shared_ptr<asio::io_context> context,
                                                  tcp_socket socket, const tcp::endpoint& peer) {
  return std::make_unique<socket_stream<plain_layer>>(std::move(context), peer, std::move(socket),
                                                      true);
}

std::unique_ptr<byte_stream> make_tls_stream(std::shared_ptr<asio::io_context> context,
                                             std::unique_ptr<tls_socket> socket, bool as_server) {
  const auto peer = peer_of(socket->stream.next_layer());
  return std::make_unique<socket_stream<tls_layer>>(std::move(context), peer, std::move(socket),
                                                    as_server);
}

} // namespace wspool::net
