// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace wspool::bench {

/// What the clients of a crowd say, besides frames.
struct crowd_speech {
  std::string subprotocol;        ///< offered; empty: none
  std::vector<std::string> hello; ///< messages of each after the upgrade
  std::size_t answers = 0;        ///< to all of them together
  std::string before;             ///< what stands before the publisher's text
  std::string after;              ///< and after it
  /// Offers compression, each message by itself; what is published compresses as JSON does.
  bool deflate = false;
};

/// Many clients on one thread and one epoll: sockets, and of each just enough of RFC 6455 to tell
/// frames of a known server apart. A message's delay is known from the time that is written in it.
class crowd {
public:
  /// @throws std::system_error
  crowd(std::uint16_t port, crowd_speech speech);
  crowd(const crowd&) = delete;
  crowd& operator=(const crowd&) = delete;
  ~crowd();

  /// Opens so many more, a window of them at a time, and waits until all are upgraded and their
  /// hello is answered. @throws std::runtime_error after `limit`.
  void open(std::size_t count, std::chrono::milliseconds limit);

  /// The first client publishes `burst` messages of `size_bytes` at once; waits until all have all.
  /// Delays of the deliveries, in ns, are appended if somebody wants them.
  /// @throws std::runtime_error after `limit`.
  void publish(std::size_t burst, std::size_t size_bytes, std::vector<float>* delays,
               std::chrono::milliseconds limit);

  [[nodiscard]] std::size_t size() const noexcept { return members_.size(); }

private:
  enum class phase { connecting, upgrading, greeting, open };
  struct member {
    int fd = -1;
    phase at = phase::connecting;
    std::size_t answers = 0; ///< to the hello, so far
    std::string rest;        ///< of a frame that has not come whole
  };

  void connect_one();
  void wait(std::chrono::steady_clock::time_point deadline, const char* what);
  void on_ready(std::size_t index);
  void on_bytes(member& who, std::string_view bytes);
  std::size_t take_frames(member& who, std::string_view bytes);
  void on_message(member& who, std::string_view payload);
  [[nodiscard]] std::string_view inflated(std::string_view payload);
  void send_all(const member& who, std::string_view bytes);
  [[nodiscard]] std::string filler(std::size_t size_bytes) const;
  [[nodiscard]] std::string frame(std::string_view text) const;

  std::uint16_t port_;
  crowd_speech speech_;
  std::string request_;
  int epoll_ = -1;
  std::vector<member> members_;
  std::string buffer_;
  std::string deflated_; ///< what was inflated last
  std::string inflated_;
  std::string filler_; ///< of messages, behind their time
  std::size_t opened_ = 0;
  std::uint64_t received_ = 0;
  std::vector<float>* delays_ = nullptr;
};

} // namespace wspool::bench
