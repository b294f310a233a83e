// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace wspool::bench {

/// Who serves the crowd.
enum class server_kind {
  beast,    ///< Beast's asynchronous operations, a queue for each client, one message a write
  node_ws,  ///< npm's `ws`, a loop over its clients
  wspool,   ///< `spawn_server`, and an actor that sends to all what comes in
  protocol, ///< `wspool serve`: channels, the protocol wspool.v1.json
};

[[nodiscard]] std::string_view to_string(server_kind value) noexcept;
[[nodiscard]] bool from_string(std::string_view name, server_kind& value) noexcept;

/// One line of the measurement.
struct server_case {
  enum class activity {
    fan_out, ///< one publisher; everybody gets everything
    idle,    ///< open connections on which nothing happens
    accept,  ///< opening connections
  };
  activity what = activity::fan_out;
  std::size_t clients = 1'000;
  std::size_t size_bytes = 64; ///< of a message
  /// The publisher sends so many at once, and goes on when everybody has got all of them.
  std::size_t burst = 1;
  bool deflate = false; ///< what everybody gets is compressed

  /// "fan-out/64B/1000c/burst64", "fan-out/1KiB/1000c/deflate", "idle/10000c", "accept/2000c".
  [[nodiscard]] std::string name() const;
};

/// All cases, in the order in which they are measured and shown.
[[nodiscard]] std::vector<server_case> all_server_cases(std::size_t subscribers,
                                                        std::size_t idle_clients);

/// Who takes part in it. The baseline, Beast, is the first.
[[nodiscard]] std::vector<server_kind> servers_of(const server_case& x);

} // namespace wspool::bench
