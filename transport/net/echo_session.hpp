// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <wspool/byte_stream.hpp>
#include <wspool/echo_server.hpp>

#include "net/asio_types.hpp"
#include "net/frame_steps.hpp"
#include "protocol/codec.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace wspool::net {

class echo_session;

/// What the sessions of one echo server share: options, counters, and the list of them.
class echo_sessions {
public:
  explicit echo_sessions(const echo_options& given) : options(given) {
    // nop
  }

  const echo_options options;
  std::atomic<std::uint64_t> connections{0};
  std::atomic<std::uint64_t> open{0};
  std::atomic<std::uint64_t> refused{0};
  std::atomic<std::uint64_t> messages{0};
  std::atomic<std::uint64_t> bytes{0};

  /// @returns the session's number, or 0 if the server is stopping.
  std::uint64_t add(const std::shared_ptr<echo_session>& session);
  void remove(std::uint64_t id);
  /// Lets no more sessions in. @returns those that there are.
  std::vector<std::shared_ptr<echo_session>> end();
  [[nodiscard]] std::vector<std::shared_ptr<echo_session>> all() const;
  [[nodiscard]] bool empty() const;
  /// @returns whether all sessions ended in time.
  bool wait_until_empty(std::chrono::milliseconds limit);

private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::unordered_map<std::uint64_t, std::shared_ptr<echo_session>> sessions_;
  std::uint64_t next_id_ = 1;
  bool ending_ = false;
};

/// One client of an echo server, on its io_context.
///
///     handshake --upgraded--> open --close either way--> closing --> gone
///         '--refused, violation, deadline, broken stream-----'--------^
class echo_session : public std::enable_shared_from_this<echo_session> {
public:
  echo_session(std::shared_ptr<echo_sessions> owner, boost::asio::io_context& context,
               std::unique_ptr<byte_stream> stream);
  ~echo_session();

  void start();

  // From any thread; done soon.
  void go_away();
  void kill();

  /// Whether the client was upgraded and is not closing.
  [[nodiscard]] bool is_open() const noexcept;

private:
  void read();
  void on_read(std::string_view bytes);
  void echo_in_steps(std::string_view bytes);
  void on_request();
  void echo(const decoded& received);
  void flush();
  void on_written();
  /// After every change of the codec's state.
  void update();
  void arm(std::chrono::milliseconds limit);
  void end(bool reset = false);
  [[nodiscard]] std::size_t unsent() noexcept;

  std::shared_ptr<echo_sessions> owner_;
  boost::asio::io_context& context_;
  std::unique_ptr<byte_stream> stream_;
  codec codec_;
  steady_timer timer_;
  std::string writing_;
  std::uint64_t id_ = 0;
  frame_steps frames_;
  bool in_step_ = false; ///< `frames_` knows where frames begin
  bool read_pending_ = false;
  bool write_pending_ = false;
  bool closing_ = false;
  bool ended_ = false;
  std::atomic<bool> open_{false};
};

} // namespace wspool::net
