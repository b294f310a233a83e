// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "chaos/ledger.hpp"
#include "chaos/life_table.hpp"
#include "chaos/server_socket.hpp"

#include "protocol/codec.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace wspool::chaos {

/// How a server answers one connection's opening.
struct opening_plan {
  enum class kind : std::uint8_t {
    accept,
    drop,    ///< ends the socket at once
    refuse,  ///< answers `status` to the upgrade
    garbage, ///< answers `text`
    silent,  ///< never answers
    hang_up, ///< reads the request, then ends the socket
  };
  kind what = kind::accept;
  bool reset = false; ///< where the socket ends
  std::chrono::milliseconds delay{0};
  unsigned status = 0;
  std::string text;
};

/// What all sessions share.
struct session_setup {
  ledger* messages = nullptr;
  life_table* lives = nullptr;
  deflate_options deflate;
  std::chrono::milliseconds pause{0}; ///< between two reads
  std::uint32_t echo_every = 0;       ///< sends every nth message back; 0: none
};

/// The server's side of one connection: reads numbered messages into the ledger, answers pings,
/// and misbehaves on demand. Runs on the server's thread only.
class fault_session : public std::enable_shared_from_this<fault_session> {
public:
  using milliseconds = std::chrono::milliseconds;

  fault_session(boost::asio::io_context& io, server_socket::tcp::socket socket,
                tls_context_ptr context, const session_setup& setup, opening_plan plan,
                std::function<void(fault_session*)> on_end);

  void start();

  [[nodiscard]] bool is_open() const noexcept { return open_ && !ended_; }

  // -- misbehaviour

  void cut(bool reset);
  /// Ends its own direction only.
  void half_close();
  void read_no_more() { reads_ = false; }
  /// Reads a little each time and then takes a rest.
  void read_slowly(milliseconds pause) { pause_ = pause; }
  /// Drops whatever it would have said, pongs included.
  void fall_silent() { speaks_ = false; }
  /// Says everything that much later.
  void lag(milliseconds how_much) { lag_ = how_much; }
  void close(std::uint16_t code, const std::string& reason);
  /// Writes bytes past the codec, and then, if wanted, ends the socket.
  void write_raw(const std::string& bytes, bool then_cut = false);
  void flood(std::uint32_t count, std::size_t bytes);
  void flood_pings(std::uint32_t count);
  /// Behaves from now on; what it did not answer stays unanswered.
  void heal();

private:
  static constexpr std::size_t max_unsent_bytes = 8 * 1024 * 1024;

  void read();
  void read_after_pause();
  void on_read(std::string_view bytes);
  void on_request();
  void answer_request();
  void take(const decoded& came);
  void flush();
  void send_later(std::string bytes);
  void enqueue(std::string bytes);
  void write();
  void end(bool reset);

  boost::asio::io_context& io_;
  server_socket socket_;
  session_setup setup_;
  opening_plan plan_;
  std::function<void(fault_session*)> on_end_;
  codec codec_;
  decoded decoded_;
  std::string queue_;  ///< to be written next
  std::string flight_; ///< being written
  std::uint32_t attempt_ = 0;
  std::uint64_t taken_ = 0;
  std::uint64_t said_ = 0;
  milliseconds lag_{0};
  milliseconds pause_{0};
  bool reads_ = true;
  bool speaks_ = true;
  bool reading_ = false;
  bool writing_ = false;
  bool open_ = false;
  bool cut_when_written_ = false;
  bool ended_ = false;
};

} // namespace wspool::chaos
