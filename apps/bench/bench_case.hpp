// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace wspool::bench {

/// What a client does while it is measured.
enum class activity {
  send,       ///< one message a send, to a server that discards them
  send_batch, ///< messages in batches of 64, to the same server
  receive,    ///< from a server that floods, in batches where the client has such
  echo,       ///< one message in flight, there and back
  connect,    ///< opening all connections
  idle,       ///< holding open connections on which nothing happens
};

/// One line of the measurement, the same for all competitors.
struct bench_case {
  std::string family; ///< first part of the name: what belongs into one plot
  activity what = activity::send;
  std::size_t size_bytes = 64; ///< of a message
  std::size_t connections = 1;
  bool tls = false;
  bool deflate = false;
  std::size_t io_threads = 1; ///< of the pool
  std::size_t window = 0;     ///< messages outstanding at most; 0: as many as suit the size

  /// "send-batch/64B/4c/tls", "scaling/64B/16c/2t", "idle/1000c".
  [[nodiscard]] std::string name() const;
  /// Whether its messages have a size that matters.
  [[nodiscard]] bool has_size() const noexcept {
    return what != activity::connect && what != activity::idle;
  }
  /// The path that tells the peer what to do: "/discard", "/echo", "/flood/64".
  [[nodiscard]] std::string path() const;
};

/// Who is measured.
enum class competitor {
  beast,     ///< Beast's asynchronous operations in a loop, no actors
  node_ws,   ///< npm's `ws`
  node_pool, ///< npm's `websocket-pool` over `ws`
  wspool,    ///< a pool, used from an actor
};

[[nodiscard]] std::string_view to_string(competitor value) noexcept;
[[nodiscard]] bool from_string(std::string_view name, competitor& value) noexcept;
[[nodiscard]] bool is_node(competitor value) noexcept;

/// Messages in a batch of `activity::send_batch`.
inline constexpr std::size_t batch_messages = 64;

/// All cases, in the order in which they are measured and shown.
[[nodiscard]] const std::vector<bench_case>& all_cases();

/// Who takes part in a case.
[[nodiscard]] std::vector<competitor> competitors_of(const bench_case& x);

/// What to measure. Empty lists choose everything.
struct case_selection {
  std::vector<std::string> patterns; ///< regular expressions; one must be found in the name
  std::vector<std::size_t> sizes;
  std::vector<std::size_t> connections;
};

/// The chosen cases in their order. @throws std::regex_error for a bad pattern.
[[nodiscard]] std::vector<bench_case> select(const std::vector<bench_case>& cases,
                                             const case_selection& selection);

/// The case of that name. @throws std::invalid_argument if there is none.
[[nodiscard]] const bench_case& find_case(std::string_view name);

} // namespace wspool::bench
