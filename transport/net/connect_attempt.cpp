// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "net/connect_attempt.hpp"

#include "net/http_connect.hpp"
#include "net/socket_stream.hpp"
#include "net/socks5.hpp"
#include "protocol/endpoint_text.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/stream_base.hpp>
#include <boost/asio/write.hpp>

#include <algorithm>
#include <utility>

namespace wspool::net {

namespace asio = boost::asio;

namespace {

std::string to_text(std::chrono::milliseconds duration) {
  auto count = duration.count();
  return count % 1000 == 0 ? std::to_string(count / 1000) + " s" : std::to_string(count) + " ms";
}

std::string to_text(const tcp::endpoint& address) {
  return detail::host_and_port(address.address().to_string(), address.port());
}

} // namespace

connect_attempt::connect_attempt(const std::shared_ptr<asio::io_context>& context,
                                 std::shared_ptr<connector_services> services,
                                 const endpoint& target, const connect_options& options,
                                 connector::handler done)
  : weak_context_(context), context_(*context), services_(std::move(services)), target_(target),
    tls_options_(options.tls), proxy_options_(options.proxy), deadlines_(options.deadlines),
    no_delay_(options.no_delay), done_(std::move(done)), timer_(*context) {
  // nop
}

template <class F>
auto connect_attempt::in_step(F f) {
  return [self = shared_from_this(), step = step_, f = std::move(f)](auto&&... args) {
    if (self->done_ && step == self->step_)
      f(args...);
  };
}

void connect_attempt::begin_step(std::chrono::milliseconds limit, step_function expired) {
  ++step_;
  if (limit <= std::chrono::milliseconds::zero()) {
    timer_.cancel();
    return;
  }
  timer_.expires_after(limit);
  timer_.async_wait(in_step([this, expired](const error_code& error) {
    if (!error)
      (this->*expired)();
  }));
}

void connect_attempt::begin_handshake_step(step_function expired) {
  using namespace std::chrono;
  if (deadlines_.handshake <= milliseconds::zero())
    return begin_step(milliseconds::zero(), expired);
  if (!handshake_ends_)
    handshake_ends_ = steady_clock::now() + deadlines_.handshake;
  auto left = ceil<milliseconds>(*handshake_ends_ - steady_clock::now());
  begin_step(std::max(left, milliseconds{1}), expired);
}

// -- resolving ------------------------------------------------------------------------------------

void connect_attempt::start() {
  if (!done_)
    return; // cancelled before it began
  if (auto error = choose_proxy(proxy_options_, target_, services_->getenv, proxy_settings_))
    return finish(std::move(error), nullptr);
  // A bad certificate file is told before anybody is dialed.
  if (target_.secure)
    if (auto error = services_->contexts.get(tls_options_, tls_context_))
      return finish(std::move(error), nullptr);
  tunnel_host_ = target_.host;
  if (proxy_settings_.kind == proxy_kind::socks5 && !detail::is_address_literal(target_.host))
    resolve_target();
  else
    resolve(dialed_host(), [this](const resolved& found) { dial(found); });
}

void connect_attempt::resolve_target() {
  resolve(target_.host, [this](const resolved& found) {
    if (found.addresses.empty())
      return fail(errc::resolve_failed, target_.host + ": " + found.error);
    // The proxy gets one address: IPv4, which more proxies can reach.
    auto v4 = std::find_if(found.addresses.begin(), found.addresses.end(),
                           [](const auto& address) { return address.is_v4(); });
    tunnel_host_ = (v4 != found.addresses.end() ? *v4 : found.addresses.front()).to_string();
    resolve(dialed_host(), [this](const resolved& proxy) { dial(proxy); });
  });
}

void connect_attempt::resolve(const std::string& host, std::function<void(const resolved&)> next) {
  using namespace std::chrono_literals;
  error_code not_literal;
  if (auto address = asio::ip::make_address(host, not_literal); !not_literal)
    return next({{address}, {}}); // nobody need be asked
  begin_step(deadlines_.handshake > 0ms ? deadlines_.handshake : 30s,
             &connect_attempt::resolve_expired);
  resolving_ = host;
  // The look-up may outlive the attempt and the io_context: it keeps neither of them alive.
  services_->resolver.resolve(host, [weak = weak_context_, attempt = weak_from_this(), step = step_,
                                     next = std::move(next)](const resolved& found) {
    if (auto context = weak.lock())
      asio::post(*context, [attempt, step, next, found] {
        if (auto self = attempt.lock(); self && self->done_ && self->step_ == step)
          next(found);
      });
  });
}

void connect_attempt::resolve_expired() {
  fail(errc::resolve_failed, resolving_ + ": the name service did not answer in time");
}

// -- dialing --------------------------------------------------------------------------------------

void connect_attempt::dial(const resolved& found) {
  if (found.addresses.empty())
    return fail(errc::resolve_failed, proxy_prefix() + dialed_host() + ": " + found.error);
  for (const auto& address : interleave(found.addresses))
    addresses_.emplace_back(address, dialed_port());
  dial_next();
}

void connect_attempt::dial_next() {
  if (next_address_ == addresses_.size())
    return fail(only_timeouts_ ? errc::connect_timeout : errc::connect_failed,
                proxy_prefix() + address_errors_);
  begin_step(deadlines_.address, &connect_attempt::dial_expired);
  const auto& address = addresses_[next_address_];
  socket_.emplace(context_);
  error_code error;
  socket_->open(address.protocol(), error);
  if (error)
    return address_failed(error.message(), false);
  socket_->set_option(tcp::no_delay{no_delay_}, error);
  socket_->async_connect(address, in_step([this](const error_code& failed) {
                           if (failed)
                             address_failed(failed.message(), false);
                           else
                             on_connected();
                         }));
}

void connect_attempt::dial_expired() {
  address_failed("no answer within " + to_text(deadlines_.address), true);
}

void connect_attempt::address_failed(const std::string& reason, bool timeout) {
  socket_.reset();
  only_timeouts_ = only_timeouts_ && timeout;
  if (!address_errors_.empty())
    address_errors_ += "; ";
  address_errors_ += to_text(addresses_[next_address_]) + ": " + reason;
  ++next_address_;
  dial_next();
}

void connect_attempt::on_connected() {
  // A dial to a closed local port of the ephemeral range can meet itself (RFC 9293 §3.5,
  // simultaneous open), and would then keep the server from listening there again.
  error_code failed;
  const auto own = socket_->local_endpoint(failed);
  if (own.port() == addresses_[next_address_].port() && own == socket_->remote_endpoint(failed)) {
    socket_->set_option(asio::socket_base::linger{true, 0}, failed);
    return address_failed(make_error_code(asio::error::connection_refused).message(), false);
  }
  if (has_proxy())
    start_tunnel();
  else if (target_.secure)
    secure();
  else
    finish_plain();
}

// -- tunnelling -----------------------------------------------------------------------------------

void connect_attempt::start_tunnel() {
  begin_handshake_step(&connect_attempt::tunnel_expired);
  const auto& proxy = proxy_settings_;
  tunnel_ = std::make_unique<tunnel_state>();
  if (proxy.kind == proxy_kind::http) {
    auto has_credentials = !proxy.user.empty() || !proxy.password.empty();
    tunnel_->proxy = std::make_unique<http_connect>(
      tunnel_host_, target_.port, has_credentials ? proxy.user + ":" + proxy.password : "");
  } else {
    tunnel_->proxy =
      std::make_unique<socks5>(tunnel_host_, target_.port, proxy.user, proxy.password);
  }
  tunnel();
}

void connect_attempt::tunnel() {
  auto& proxy = *tunnel_->proxy;
  if (const auto& error = proxy.error()) {
    fail(error.code, proxy_prefix() + error.detail);
  } else if (proxy.done()) {
    tunnel_.reset();
    if (target_.secure)
      secure();
    else
      finish_plain();
  } else if (tunnel_->output = proxy.take_output(); !tunnel_->output.empty()) {
    write_to_proxy();
  } else {
    read_from_proxy();
  }
}

void connect_attempt::write_to_proxy() {
  asio::async_write(*socket_, asio::buffer(tunnel_->output),
                    in_step([this](const error_code& error, std::size_t) {
                      if (error)
                        fail(errc::proxy_failed, proxy_prefix() + error.message());
                      else
                        tunnel();
                    }));
}

void connect_attempt::read_from_proxy() {
  socket_->async_read_some(
    asio::buffer(tunnel_->input), in_step([this](const error_code& error, std::size_t count) {
      if (error == asio::error::eof)
        return fail(errc::proxy_failed, proxy_prefix() + "it ended the connection");
      if (error)
        return fail(errc::proxy_failed, proxy_prefix() + error.message());
      tunnel_->proxy->feed({tunnel_->input.data(), count});
      tunnel();
    }));
}

void connect_attempt::tunnel_expired() {
  fail(errc::connect_timeout, proxy_prefix() + "no answer within " + to_text(deadlines_.handshake));
}

// -- securing -------------------------------------------------------------------------------------

void connect_attempt::secure() {
  begin_handshake_step(&connect_attempt::secure_expired);
  tls_ = std::make_unique<tls_socket>(std::move(*socket_), tls_context_);
  socket_.reset();
  if (auto error = expect_server(*tls_, server_name(), tls_options_.verify))
    return finish(std::move(error), nullptr);
  tls_->stream.async_handshake(asio::ssl::stream_base::client,
                               in_step([this](const error_code& error) { on_secured(error); }));
}

void connect_attempt::on_secured(const error_code& error) {
  if (error) {
    auto wrong = describe_handshake_error(*tls_, error, server_name());
    return fail(wrong.code,
                detail::host_and_port(target_.host, target_.port) + ": " + wrong.detail);
  }
  if (auto context = weak_context_.lock())
    finish({}, make_tls_stream(std::move(context), std::move(tls_)));
}

void connect_attempt::secure_expired() {
  fail(errc::connect_timeout, detail::host_and_port(target_.host, target_.port)
                                + ": no TLS handshake within " + to_text(deadlines_.handshake));
}

// -- the end --------------------------------------------------------------------------------------

void connect_attempt::finish_plain() {
  if (auto context = weak_context_.lock())
    finish({}, make_tcp_stream(std::move(context), std::move(*socket_)));
}

void connect_attempt::fail(errc code, std::string detail) {
  finish({code, std::move(detail)}, nullptr);
}

void connect_attempt::finish(failure error, std::unique_ptr<byte_stream> stream) {
  auto done = std::exchange(done_, nullptr);
  release();
  done(std::move(error), std::move(stream));
}

void connect_attempt::cancel() {
  auto dropped = std::exchange(done_, nullptr);
  release();
}

void connect_attempt::release() {
  ++step_;
  timer_.cancel();
  socket_.reset();
  // Asio's TLS operation may still be pending on the stream, and holds this attempt until it is
  // told; the descriptor need not wait for that.
  error_code ignored;
  if (tls_)
    tls_->stream.next_layer().close(ignored);
}

bool connect_attempt::has_proxy() const noexcept {
  return proxy_settings_.kind != proxy_kind::none;
}

const std::string& connect_attempt::dialed_host() const noexcept {
  return has_proxy() ? proxy_settings_.host : target_.host;
}

std::uint16_t connect_attempt::dialed_port() const noexcept {
  return has_proxy() ? proxy_settings_.port : target_.port;
}

std::string connect_attempt::proxy_prefix() const {
  return has_proxy() ? "proxy " + proxy_settings_.origin() + ": " : std::string{};
}

const std::string& connect_attempt::server_name() const noexcept {
  return tls_options_.server_name.empty() ? target_.host : tls_options_.server_name;
}

} // namespace wspool::net
