// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "net/listener.hpp"

#include "net/asio_types.hpp"
#include "net/name_resolver.hpp"
#include "net/socket_hand_over.hpp"
#include "net/tls_contexts.hpp"
#include "protocol/endpoint_text.hpp"

#include <boost/asio/dispatch.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>

#include <spdlog/spdlog.h>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <string_view>
#include <utility>

namespace wspool::net {

namespace asio = boost::asio;

namespace {

using namespace std::chrono_literals;

/// How long accepting pauses when the process has no descriptor or no memory left. Connections wait
/// in the kernel's backlog meanwhile.
constexpr auto exhausted_pause = 100ms;

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
  std::shared_ptr<socket_hand_over> hand_over_;
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
  hand_over_ = std::make_shared<socket_hand_over>(options, std::move(tls), std::move(on_accept));
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
    asio::dispatch(*owner,
                   [next = hand_over_, context, taken = std::move(socket), peer = peer_]() mutable {
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

listener::~listener() { stop(); }

std::uint16_t listener::port() const noexcept { return state_->port; }

std::string listener::address() const { return state_->address; }

failure listener::reload(std::function<void()>& commit) { return state_->reload(commit); }

void listener::stop() { state_->stop(); }

} // namespace wspool::net
