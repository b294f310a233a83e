// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "net/asio_types.hpp"
#include "net/listener.hpp"
#include "net/tls_contexts.hpp"

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <unordered_map>

namespace wspool::net {

class tls_acceptance;

/// What happens to an accepted socket, on its own io_context. Knows nothing of the acceptor, which
/// belongs to another io_context that may end earlier.
class socket_hand_over : public std::enable_shared_from_this<socket_hand_over> {
public:
  socket_hand_over(const listen_options& options, tls_context tls,
                   listener::accept_handler on_accept)
    : options_(options), tls_(std::move(tls)), on_accept_(std::move(on_accept)) {
    // nop
  }

  void take(const std::shared_ptr<boost::asio::io_context>& context, tcp_socket socket,
            const tcp::endpoint& peer);
  void use(tls_context tls);
  void stop();

  [[nodiscard]] bool stopped() const noexcept { return stopped_; }

private:
  void secure(const std::shared_ptr<boost::asio::io_context>& context, tcp_socket socket,
              tls_context tls);
  [[nodiscard]] tls_context current();
  void deliver(const std::shared_ptr<boost::asio::io_context>& context,
               std::unique_ptr<byte_stream> stream);

  listen_options options_;
  tls_context tls_; ///< guarded by the mutex
  listener::accept_handler on_accept_;
  std::atomic<bool> stopped_{false};
  std::mutex mutex_;
  std::unordered_map<std::uint64_t, std::weak_ptr<tls_acceptance>> handshakes_;
  std::uint64_t next_handshake_ = 0;
};

} // namespace wspool::net
