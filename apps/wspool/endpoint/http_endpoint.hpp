// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "settings/address.hpp"

#include <wspool/io_pool.hpp>

#include <functional>
#include <memory>
#include <string>

namespace wspool::cli {

/// A small HTTP/1.1 server for machines that ask how a process is: GET and HEAD, one request per
/// connection, heads of at most 8 KiB, no bodies, a deadline on everything, at most 32 at a time.
///
/// Thread contract: any thread. The destructor takes no new requests; it must come before the
/// end of the pool of threads.
class http_endpoint {
public:
  struct response {
    unsigned status = 200;
    std::string body;
    std::string type = "text/plain; charset=utf-8";
  };
  /// Takes the answer, once, on any thread.
  using responder = std::function<void(response)>;
  /// Is asked on a thread of the pool, and must not block.
  using handler = std::function<void(const std::string& path, responder)>;

  /// Listens at once: who asks is answered after `serve`.
  /// @throws std::runtime_error that names the address.
  http_endpoint(io_pool& io, const address& where);
  http_endpoint(const http_endpoint&) = delete;
  http_endpoint& operator=(const http_endpoint&) = delete;
  ~http_endpoint();

  /// Begins to answer. Call it once.
  void serve(handler answer);
  [[nodiscard]] std::uint16_t port() const noexcept;

private:
  struct impl;
  std::shared_ptr<impl> impl_;
};

} // namespace wspool::cli
