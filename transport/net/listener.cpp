// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "net/listener.hpp"

#include "net/asio_types.hpp"
#include "net/name_resolver.hpp"
#include "net/socket_stream.hpp"
#include "net/tls_contexts.hpp"
#include "net/tls_socket.hpp"
#include "protocol/endpoint_text.hpp"

#include <boost/asio/dispatch.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/stream_base.hpp>

#include <spdlog/spdlog.h>

#include <algorithm>
#include <atomic>
#include <charconv>
#include <cstddef>
#include <mutex>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace wspool::net {

namespace asio = boost::asio;

namespace {

using namespace std::chrono_literals;

/// How long accepting pauses when the process has no descriptor or no memory left. Connections wait
/// in the kernel's backlog meanwhile.
constexpr auto exhausted_pause = 100ms;

/// TLS handshakes in progress beyond this are turned away: each costs memory and time.
constexpr std::size_t max_handshakes = 4096;

struct listen_address {
  std::string host;
  std::uint16_t port = 0;
};

failure parse_listen_address(std::string_view text, listen_address& result) {
  auto fail = [&](std::string_view what) {
    return failure{errc::invalid_option,
                   "listening address " + detail::quote(text) + " " + std::string{what}};
  };
  auto colon = text.rfind(':');
  if (colon == std::string_view::npos)
    return fail("has no port: expected host:port");
  auto host = text.substr(0, colon);
  auto port = text.substr(colon + 1);
  auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), result.port);
  if (port.empty() || error != std::errc{} || end != port.data() + port.size())
    return fail("has a port outside of 0 to 65535");
  if (host.starts_with('[') && host.ends_with(']'))
    host = host.substr(1, host.size() - 2);
  else if (host.find(':') != std::string_view::npos)
    return fail("has an IPv6 address without brackets");
  result.host = host.empty() || host == "*" ? "0.0.0.0" : std::string{host};
  return {};
}

/// The TLS handshake of one connection; lives in its handlers.
class tls_acceptance : public std::enable_shared_from_this<tls_acceptance> {
public:
  using handler = std::function<void(std::unique_ptr<tls_socket>)>;

  tls_acceptance(asio::io_context& context, tcp_socket socket, tls_context tls)
    : context_(context),
      tls_(std::make_unique<tls_socket>(std::move(socket), std::move(tls))),
      timer_(context) {
    // nop
  }

  /// `done` gets null if the handshake failed.
  void start(std::chrono::milliseconds limit, handler done) {
    if (limit > 0ms) {
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

/// What happens to an accepted socket, on its own io_context. Knows nothing of the acceptor, which
/// belongs to another io_context that may end earlier.
class hand_over : public std::enable_shared_from_this<hand_over> {
public:
  hand_over(const listen_options& options, tls_context tls, listener::accept_handler on_accept)
    : options_(options), tls_(std::move(tls)), on_accept_(std::move(on_accept)) {
    // nop
  }

  void take(const std::shared_ptr<asio::io_context>& context, tcp_socket socket,
            const tcp::endpoint& peer);
  void use(tls_context tls);
  void stop();

  [[nodiscard]] bool stopped() const noexcept {
    return stopped_;
  }

private:
  void secure(const std::shared_ptr<asio::io_context>& context, tcp_socket socket,
              tls_context tls);
  [[nodiscard]] tls_context current();
  void deliver(const std::shared_ptr<asio::io_context>& context,
               std::unique_ptr<byte_stream> stream);

  listen_options options_;
  tls_context tls_; ///< guarded by the mutex
  listener::accept_handler on_accept_;
  std::atomic<bool> stopped_{false};
  std::mutex mutex_;
  std::unordered_map<std::uint64_t, std::weak_ptr<tls_acceptance>> handshakes_;
  std::uint64_t next_handshake_ = 0;
};

void hand_over::take(const std::shared_ptr<asio::io_context>& context, tcp_socket socket,
                     const tcp::endpoint& peer) {
  error_code ignored;
  socket.set_option(tcp::no_delay{options_.no_delay}, ignored);
  if (auto tls = current(); tls && options_.secure_later)
    deliver(context, make_tls_stream(context, std::make_unique<tls_socket>(std::move(socket),
                                                                          std::move(tls)),
                                     true));
  else if (tls)
    secure(context, std::move(socket), std::move(tls));
  else
    deliver(context, make_accepted_stream(context, std::move(socket), peer));
}

void hand_over::use(tls_context tls) {
  std::lock_guard lock{mutex_};
  tls_ = std::move(tls);
}

tls_context hand_over::current() {
  std::lock_guard lock{mutex_};
  return tls_;
}

void hand_over::secure(const std::shared_ptr<asio::io_context>& context, tcp_socket socket,
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

void hand_over::deliver(const std::shared_ptr<asio::io_context>& context,
                        std::unique_ptr<byte_stream> stream) {
  if (!stopped_)
    on_accept_(context, std::move(stream));
}

void hand_over::stop() {
  std::lock_guard lock{mutex_};
  stopped_ = true;
  for (auto& [id, weak] : handshakes_)
    if (auto handshake = weak.lock())
      handshake->abort_soon();
}

} // namespace

/// Accepts; lives in the handlers of the acceptor, whose io_context it does not own.
class listener::state : public std::enable_shared_from_this<listener::state> {
public:
  state(io_pool& pool, asio::io_context& context)
    : pool_(pool), context_(context), acceptor_(context), retry_(context) {
    // nop
  }

  failure open(const listen_options& options, accept_handler on_accept);
  failure reload(std::function<void()>& commit);
  void start();
  void stop();

  std::uint16_t port = 0;
  std::string address;

private:
  failure listen(const tcp::endpoint& where);
  void accept();
  void on_accepted(const error_code& error, const std::weak_ptr<asio::io_context>& context,
                   tcp_socket socket);
  void pause(const error_code& error);

  io_pool& pool_;
  asio::io_context& context_;
  listen_options options_;
  std::shared_ptr<hand_over> hand_over_;
  tcp_acceptor acceptor_;
  tcp::endpoint peer_; ///< of the connection that is accepted next
  steady_timer retry_;
  bool exhausted_ = false;
};

failure listener::state::open(const listen_options& options, accept_handler on_accept) {
  listen_address where;
  if (auto error = parse_listen_address(options.address, where))
    return error;
  options_ = options;
  tls_context tls;
  if (!options.tls.certificate_file.empty())
    if (auto error = make_server_context(options.tls, options.certificates, tls))
      return error;
  auto found = look_up(where.host);
  if (found.addresses.empty())
    return {errc::resolve_failed, where.host + ": " + found.error};
  // Of "localhost" the IPv4 address, which every client tries.
  auto v4 = std::find_if(found.addresses.begin(), found.addresses.end(),
                         [](const auto& candidate) { return candidate.is_v4(); });
  auto chosen = v4 != found.addresses.end() ? *v4 : found.addresses.front();
  if (auto error = listen({chosen, where.port}))
    return error;
  error_code ignored;
  port = acceptor_.local_endpoint(ignored).port();
  address = detail::host_and_port(chosen.to_string(), port);
  hand_over_ = std::make_shared<hand_over>(options, std::move(tls), std::move(on_accept));
  return {};
}

failure listener::state::reload(std::function<void()>& commit) {
  commit = nullptr;
  if (options_.tls.certificate_file.empty())
    return {};
  tls_context fresh;
  if (auto error = make_server_context(options_.tls, options_.certificates, fresh))
    return {error.code, address + ": " + error.detail};
  commit = [next = hand_over_, fresh] { next->use(fresh); };
  return {};
}

failure listener::state::listen(const tcp::endpoint& where) {
  error_code error;
  acceptor_.open(where.protocol(), error);
  if (!error)
    acceptor_.set_option(asio::socket_base::reuse_address{true}, error);
  if (!error)
    acceptor_.bind(where, error);
  if (!error)
    acceptor_.listen(asio::socket_base::max_listen_connections, error);
  if (!error)
    return {};
  auto code = error == asio::error::address_in_use ? errc::address_in_use : errc::io_error;
  auto text = detail::host_and_port(where.address().to_string(), where.port());
  return {code, text + ": " + error.message()};
}

void listener::state::start() {
  asio::post(context_, [self = shared_from_this()] { self->accept(); });
}

void listener::state::accept() {
  if (hand_over_->stopped())
    return;
  auto context = pool_.next();
  auto& io = *context;
  acceptor_.async_accept(io, peer_,
                         [self = shared_from_this(), weak = std::weak_ptr{context}](
                           const error_code& error, tcp_socket socket) {
                           self->on_accepted(error, weak, std::move(socket));
                         });
}

void listener::state::on_accepted(const error_code& error,
                                  const std::weak_ptr<asio::io_context>& context,
                                  tcp_socket socket) {
  if (error == asio::error::operation_aborted)
    return;
  if (error == asio::error::connection_aborted) {
    // The connection was gone before we took it; others may wait.
  } else if (error) {
    return pause(error); // no descriptors or no memory, mostly
  } else if (auto owner = context.lock()) {
    exhausted_ = false;
    asio::dispatch(*owner, [next = hand_over_, context, taken = std::move(socket),
                            peer = peer_]() mutable {
      if (auto here = context.lock())
        next->take(here, std::move(taken), peer);
    });
  }
  accept();
}

void listener::state::pause(const error_code& error) {
  if (!std::exchange(exhausted_, true))
    spdlog::warn("listener: {}: accept: {}; trying again every {} ms", address, error.message(),
                 std::chrono::milliseconds{exhausted_pause}.count());
  retry_.expires_after(exhausted_pause);
  retry_.async_wait([self = shared_from_this()](const error_code& cancelled) {
    if (!cancelled)
      self->accept();
  });
}

void listener::state::stop() {
  if (hand_over_->stopped())
    return;
  hand_over_->stop();
  asio::post(context_, [self = shared_from_this()] {
    error_code ignored;
    self->acceptor_.close(ignored);
    self->retry_.cancel();
  });
}

failure listener::open(io_pool& pool, const listen_options& options, accept_handler on_accept,
                       std::unique_ptr<listener>& result) {
  auto context = pool.next();
  auto opened = std::make_shared<state>(pool, *context);
  if (auto error = opened->open(options, std::move(on_accept)))
    return error;
  opened->start();
  result.reset(new listener{std::move(context), std::move(opened)});
  return {};
}

listener::listener(std::shared_ptr<asio::io_context> context, std::shared_ptr<state> impl)
  : context_(std::move(context)), state_(std::move(impl)) {
  // nop
}

listener::~listener() {
  stop();
}

std::uint16_t listener::port() const noexcept {
  return state_->port;
}

std::string listener::address() const {
  return state_->address;
}

failure listener::reload(std::function<void()>& commit) {
  return state_->reload(commit);
}

void listener::stop() {
  state_->stop();
}

} // namespace wspool::net
