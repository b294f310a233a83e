// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <wspool/close_code.hpp>
#include <wspool/error.hpp>
#include <wspool/histogram.hpp>
#include <wspool/scheduler.hpp>

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace wspool {

/// The phases of a slot, as statistics and metrics name them.
enum class slot_state : std::uint8_t {
  connecting, ///< an attempt is under way
  open,
  draining, ///< takes no new messages, finishes what it holds
  waiting,  ///< for its next attempt
  given_up,
};

[[nodiscard]] std::string_view to_string(slot_state value) noexcept;

/// Messages and bytes since the beginning. Bytes are those of the messages, not of the wire.
struct traffic {
  std::uint64_t messages_out = 0;
  std::uint64_t bytes_out = 0;
  std::uint64_t messages_in = 0;
  std::uint64_t bytes_in = 0;
  std::uint64_t pings_in = 0;
  std::uint64_t pongs_in = 0;
  std::uint64_t binary_out = 0; ///< how many of `messages_out` were binary; the others were text
  std::uint64_t binary_in = 0;  ///< the same of `messages_in`
};

/// How often connections closed with one code, begun by one side.
struct close_count {
  std::uint16_t code = close_code::abnormal;
  initiator began = initiator::remote;
  std::uint64_t count = 0;
};

/// One connection, or a slot without one.
struct connection_stats {
  connection_id id;
  std::string endpoint; ///< scheme://host:port
  slot_state state = slot_state::connecting;
  traffic total;                      ///< of this life
  std::uint64_t pending_messages = 0; ///< handed over, not yet written (or confirmed)
  std::uint64_t pending_bytes = 0;
  std::chrono::milliseconds age{0};       ///< since it opened
  std::chrono::nanoseconds round_trip{0}; ///< smoothed; 0: not yet known
  std::uint32_t reconnects = 0;           ///< lives of this slot before this one
};

/// All attempts and connections of one endpoint.
struct endpoint_stats {
  std::string endpoint;                          ///< scheme://host:port
  std::map<std::string, std::uint64_t> attempts; ///< by result: "ok", "connect_failed", …
  histogram connect_duration;                    ///< from the attempt's begin until it was open
};

/// A pool at one moment. accepted = sent + failed + pending.
struct pool_stats {
  std::string pool;
  std::chrono::system_clock::time_point time;

  std::uint64_t accepted = 0;
  std::uint64_t sent = 0;
  std::uint64_t failed = 0;
  std::uint64_t pending = 0;
  std::uint64_t resent = 0; ///< messages written again, on a further connection, after a death
  std::uint64_t received = 0;
  std::map<std::string, std::uint64_t> failures; ///< by reason, e.g. "queue_full"

  std::uint64_t queued_messages = 0;
  std::uint64_t queued_bytes = 0;

  // Slots that are removed, and only finish what they hold, are in none of these.
  std::uint32_t total = 0; ///< slots wanted
  std::uint32_t open = 0;
  std::uint32_t connecting = 0; ///< under way or waiting for the next attempt
  std::uint32_t closed = 0;     ///< given up

  std::uint64_t connects = 0;      ///< connections that opened, in all
  std::uint64_t reconnects = 0;    ///< of these, not the first of their slot
  std::vector<close_count> closes; ///< ascending by code, of each code begun here first

  traffic total_traffic; ///< of all lives
  /// Per second, over the last monitor interval.
  double messages_out_rate = 0;
  double messages_in_rate = 0;
  double bytes_out_rate = 0;
  double bytes_in_rate = 0;

  histogram round_trip; ///< pings
  histogram send_wait;  ///< from acceptance until the kernel took the message

  histogram connection_duration; ///< of connections that closed
  histogram reconnect_delay;     ///< between a connection's end and the next attempt

  std::vector<endpoint_stats> endpoints;
  std::vector<connection_stats> connections;
};

} // namespace wspool
