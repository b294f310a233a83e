// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "chaos/chance.hpp"
#include "chaos/fault_session.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <atomic>
#include <cstddef>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace wspool::chaos {

/// One listening address of the server. Lives on the server's thread.
struct door {
  using tcp = boost::asio::ip::tcp;

  explicit door(boost::asio::io_context& io) : acceptor(io), timer(io) {}

  tcp::endpoint address;
  tcp::acceptor acceptor;
  boost::asio::steady_timer timer; ///< reopens it, or tries to accept again
  tls_context_ptr good;            ///< the certificate that clients trust; null: no TLS
  tls_context_ptr shown;           ///< the one it shows now
  std::deque<opening_plan> plans;  ///< for the next connections; empty: accept
  bool shut = false;
};

/// A WebSocket server that fails on demand, on a thread of its own.
///
/// Thread contract: commands come from one other thread and are done when they return.
class fault_server {
public:
  using milliseconds = std::chrono::milliseconds;

  /// `cramped`: the kernel takes little from clients for those that do not read, so that writes
  /// are under way when connections die.
  fault_server(session_setup setup, std::uint64_t seed, bool cramped = false);
  /// Cuts everything and ends the thread.
  ~fault_server();

  /// Listens on a free port of a loopback address. @returns which door that is.
  std::size_t open_door(const std::string& host, bool tls);
  /// "ws://127.0.0.1:12345/".
  [[nodiscard]] std::string url(std::size_t door) const { return urls_.at(door); }
  [[nodiscard]] std::size_t doors() const noexcept { return urls_.size(); }

  /// Nothing accepts for so long: connecting is refused.
  void shut(std::size_t door, milliseconds how_long);
  /// The same for all doors, and all connections are reset.
  void kill(milliseconds how_long);
  /// For as long as it is not healed.
  void kill_for_good();
  /// Shows another certificate, "expired" for example, to new connections.
  void show_certificate(std::size_t door, const std::string& name);
  /// What the next connections at this door get.
  void plan(std::size_t door, opening_plan what, std::size_t count);

  /// Does something to up to `count` open connections, chosen at random. @returns to how many.
  std::size_t disturb(std::size_t count, const std::function<void(fault_session&)>& how);

  /// Everything is as it should be again.
  void heal();

  [[nodiscard]] std::size_t sessions() const noexcept { return session_count_; }
  [[nodiscard]] std::size_t open_sessions();
  [[nodiscard]] std::uint64_t accepted() const noexcept { return accepted_; }

private:
  template <class F>
  void run(F f);
  void bind(door& x, const std::string& host);
  bool listen(door& x);
  void reopen_after(door& x, milliseconds how_long);
  void accept(door& x);
  void enter(door& x, door::tcp::socket socket);
  void cut_all();

  session_setup setup_;
  chance random_;
  bool cramped_;
  boost::asio::io_context io_;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> guard_;
  std::vector<std::unique_ptr<door>> doors_;
  std::vector<std::string> urls_; ///< of the commanding thread
  std::map<std::string, tls_context_ptr> certificates_;
  std::map<fault_session*, std::shared_ptr<fault_session>> sessions_;
  std::atomic<std::size_t> session_count_{0};
  std::atomic<std::uint64_t> accepted_{0};
  bool ending_ = false;
  std::thread thread_;
};

} // namespace wspool::chaos
