// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include <wspool/echo_server.hpp>

#include "net/echo_session.hpp"
#include "net/listener.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <cstdlib>
#include <iterator>
#include <random>
#include <utility>
#include <vector>

namespace wspool {

namespace {

using namespace std::chrono_literals;

/// For what was cut off to be gone: a matter of the threads' next turn.
constexpr auto cut_off_grace = 1s;

} // namespace

struct echo_server::impl {
  io_pool& pool;
  std::shared_ptr<net::echo_sessions> sessions;
  std::unique_ptr<net::listener> listener;
  std::size_t hook = 0;

  /// The hook of a pool that stops first: nobody waits, its threads finish what is left.
  void cut_off() {
    listener->stop();
    for (auto& session : sessions->end())
      session->kill();
  }

  bool wait(std::chrono::milliseconds limit) {
    if (!pool.is_manual())
      return sessions->wait_until_empty(limit);
    auto end = std::chrono::steady_clock::now() + limit;
    do
      pool.poll();
    while (!sessions->empty() && std::chrono::steady_clock::now() < end);
    return sessions->empty();
  }
};

failure echo_server::start(io_pool& pool, const echo_options& options,
                           std::unique_ptr<echo_server>& result) {
  connect_options checked;
  checked.tls = options.tls;
  checked.deflate = options.deflate;
  checked.limits = options.limits;
  checked.deadlines.handshake = options.handshake;
  checked.deadlines.close = options.close;
  if (auto error = validate(checked))
    return error;
  if (options.max_connections == 0)
    return {errc::invalid_option, "max_connections: 0 lets nobody in"};
  auto started = std::unique_ptr<impl>{
    new impl{pool, std::make_shared<net::echo_sessions>(options), nullptr, 0}};
  net::listen_options where;
  where.address = options.listen;
  where.tls = options.tls;
  where.handshake = options.handshake;
  auto on_accept = [sessions =
                      started->sessions](const std::shared_ptr<boost::asio::io_context>& context,
                                         std::unique_ptr<byte_stream> stream) {
    std::make_shared<net::echo_session>(sessions, *context, std::move(stream))->start();
  };
  if (auto error = net::listener::open(pool, where, std::move(on_accept), started->listener))
    return error;
  started->hook = pool.on_stop([x = started.get()] { x->cut_off(); });
  result.reset(new echo_server{std::move(started)});
  return {};
}

echo_server::echo_server(std::unique_ptr<impl> x) : impl_(std::move(x)) {
  // nop
}

echo_server::~echo_server() {
  stop(0ms);
  impl_->pool.forget(impl_->hook);
}

std::uint16_t echo_server::port() const noexcept { return impl_->listener->port(); }

std::string echo_server::url() const {
  auto secure = !impl_->sessions->options.tls.certificate_file.empty();
  return (secure ? "wss://" : "ws://") + impl_->listener->address();
}

echo_counters echo_server::counters() const noexcept {
  const auto& x = *impl_->sessions;
  return {x.connections, x.open, x.refused, x.messages, x.bytes};
}

std::size_t echo_server::kill_some(std::size_t count) {
  auto sessions = impl_->sessions->all();
  std::erase_if(sessions, [](const auto& session) { return !session->is_open(); });
  std::vector<std::shared_ptr<net::echo_session>> chosen;
  std::sample(sessions.begin(), sessions.end(), std::back_inserter(chosen), count,
              std::mt19937{std::random_device{}()});
  for (auto& session : chosen)
    session->kill();
  return chosen.size();
}

void echo_server::stop(std::chrono::milliseconds deadline) {
  if (impl_->pool.runs_in_this_thread() && !impl_->pool.is_manual()) {
    spdlog::critical("echo_server: stop() was called on a thread of its pool, which cannot wait "
                     "for itself");
    std::abort();
  }
  impl_->listener->stop();
  auto sessions = impl_->sessions->end();
  if (deadline > 0ms) {
    for (auto& session : sessions)
      session->go_away();
    if (impl_->wait(deadline))
      return;
  }
  for (auto& session : impl_->sessions->all())
    session->kill();
  sessions.clear();
  impl_->wait(cut_off_grace);
}

} // namespace wspool
