// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <wspool/error.hpp>
#include <wspool/scheduler.hpp>

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace wspool {

/// How far a message must have come before its `deliver` request is answered.
enum class until : std::uint8_t {
  outcome,   ///< its outcome under its delivery policy
  written,   ///< the kernel took it
  confirmed, ///< the peer is known to have read it, whatever the policy
};

/// The answer to a `deliver` request: the message was sent. A failure is a `caf::error` of `errc`.
struct receipt {
  connection_id connection; ///< which one carried it
};

/// The answer to a `deliver` request for a batch, once each message has its outcome.
struct batch_receipt {
  std::uint64_t sent = 0;
  std::uint64_t failed = 0;
  errc first_failure = errc::none;
};

/// One connection's part in a broadcast.
struct broadcast_outcome {
  connection_id connection;
  errc outcome = errc::none; ///< `none`: sent
};
using broadcast_report = std::vector<broadcast_outcome>;

/// A ping's way there and back.
struct ping_outcome {
  connection_id connection;
  errc outcome = errc::none;
  std::chrono::nanoseconds round_trip{0};
};
using ping_report = std::vector<ping_outcome>;

/// What a graceful close came to.
struct close_report {
  std::uint64_t accepted = 0;
  std::uint64_t sent = 0;
  std::uint64_t failed = 0;
  std::uint64_t resent = 0;
  std::uint64_t received = 0;
};

} // namespace wspool
