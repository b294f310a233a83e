// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "client.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ssl/context.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace wspool::bench {

/// What all connections of a Beast client share.
struct beast_loop {
  activity what = activity::send;
  boost::asio::const_buffer text;
  std::uint64_t messages = 0;
  std::vector<double> round_trips; ///< in ns
  std::function<void()> on_open;
  std::function<void(const std::string&)> on_failure;
};

/// A connection as Beast's own examples have it: the next operation starts in the handler of the
/// one before it. It connects at once. Handlers run on the thread of its `io_context`, which must
/// have stopped for good before the connection ends.
class beast_connection {
public:
  virtual ~beast_connection() = default;
  /// Begins its activity; call it once, when it is open.
  virtual void begin() = 0;
};

/// Over TCP or, where the job says so, TLS.
[[nodiscard]] std::unique_ptr<beast_connection> make_connection(boost::asio::io_context& context,
                                                                boost::asio::ssl::context& tls,
                                                                beast_loop& loop,
                                                                const client_job& job);

} // namespace wspool::bench
