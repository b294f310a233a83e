// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "pool/segment.hpp"
#include "protocol/codec.hpp"

#include <boost/container/deque.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace wspool {

/// The writing side of an open connection: what it was given, how far the kernel took it, how far
/// the peer confirmed it. Pure: bytes go to a codec's output, times come as arguments.
///
///     push -> [inbox] -> encode -> [flight: one write] -> written -> pong of barrier -> confirmed
///
/// A ping barrier: since a peer answers frames in order (RFC 6455 §5.5.2–5.5.3), the pong of a ping
/// that was written behind messages confirms these. A pong may stand for earlier pings too.
class outbound {
public:
  using time_point = std::chrono::steady_clock::time_point;

  /// How many pings may wait for their pongs, users' own included.
  static constexpr std::size_t max_pings = 64;
  /// The tag of barriers; all others are the owner's to choose.
  static constexpr std::uint32_t barrier_tag = 0;

  void push(segment s) { inbox_.push_back(std::move(s)); }

  /// Encodes from the inbox until the codec's output holds `budget` bytes, the inbox is empty, or
  /// the codec takes no more because it is closing; and a barrier behind it if one is due.
  /// @returns whether anything was encoded.
  bool encode(codec& to, std::size_t budget, time_point now);
  [[nodiscard]] bool inbox_empty() const noexcept { return inbox_.empty(); }

  /// What was encoded left no bytes for a write: each message of it was refused.
  void nothing_to_write() noexcept {
    write_began();
    write_completed();
  }
  /// The codec's output was taken for a write.
  void write_began() noexcept;
  void write_completed() noexcept;
  /// The write ended early: of `flight`, `taken` bytes reached the kernel for certain, and
  /// `doubt` further ones perhaps.
  void write_failed(std::string_view flight, std::size_t taken, std::size_t doubt);
  /// The write will never be heard of: all of it is in doubt.
  void write_abandoned() noexcept { touched_ = flight_end_; }

  /// Writes a ping. `tag` comes back with its pong. @returns `queue_full` with too many under way.
  errc ping(codec& to, std::string payload, std::uint32_t tag, time_point now);

  struct ponged {
    std::uint32_t tag = 0;
    std::chrono::nanoseconds round_trip{0};
  };
  /// A pong came in. @returns the pings that it answers, the newest last; none for an unsolicited
  /// pong, which is legal (RFC 6455 §5.5.3).
  std::vector<ponged> pong(std::string_view payload, time_point now);
  [[nodiscard]] bool awaits_pong() const noexcept { return !pings_.empty(); }
  /// Tags of pings whose pong has not come, for the connection's end.
  [[nodiscard]] std::vector<std::uint32_t> unanswered() const;

  /// Messages encoded so far, their bytes, and how many of them were binary.
  [[nodiscard]] std::uint64_t messages() const noexcept { return messages_; }
  [[nodiscard]] std::uint64_t bytes() const noexcept { return bytes_; }
  [[nodiscard]] std::uint64_t binary() const noexcept { return binary_; }

  /// Whether there is something to tell that was not told before; then the report so far.
  [[nodiscard]] bool has_news() const noexcept { return news_; }
  [[nodiscard]] progress take_report();

private:
  struct waiting_ping {
    std::string payload;
    std::uint32_t tag = 0;
    time_point sent;
    std::uint64_t confirms = 0; ///< messages encoded before it
  };

  bool encode_run(codec& to, segment& run, std::size_t budget, time_point now);
  [[nodiscard]] bool barrier_due() const noexcept;

  boost::container::deque<segment> inbox_; // an empty one needs no memory
  std::uint64_t encoded_ = 0;              ///< messages encoded (or refused) so far
  std::uint64_t flight_begin_ = 0;         ///< first message of the write under way
  std::uint64_t flight_end_ = 0;
  std::uint64_t written_ = 0;
  std::uint64_t touched_ = 0;
  std::uint64_t confirmed_ = 0;
  std::uint64_t wants_barrier_ = 0; ///< below it, a message wants its confirmation
  std::uint64_t next_ping_ = 0;
  std::uint64_t messages_ = 0;
  std::uint64_t bytes_ = 0;
  std::uint64_t binary_ = 0;
  std::vector<waiting_ping> pings_;        ///< the oldest first
  std::vector<progress::refusal> refused_; ///< not yet reported
  bool news_ = false;
};

} // namespace wspool
