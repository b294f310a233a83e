// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <chrono>
#include <cstddef>

namespace wspool {

/// What a client's message may be like. The defaults are those of PROTOCOL.md.
struct request_limits {
  /// The whole message. Connections have a limit of their own, of the same meaning, which ends
  /// them with 1009; this one is for a server that wants to answer instead.
  std::size_t message_bytes = 64 * 1024;
  /// Arrays and objects in each other, the message itself being the first. Not above some
  /// hundreds: values are copied and destroyed recursively.
  std::size_t depth = 16;
  /// Ids that are strings, sessions, epochs, and keys of queries.
  std::size_t id_bytes = 128;
  /// Names of channels, which are keys in Redis and in metrics' memory: longer than any sane one.
  std::size_t channel_bytes = 255;
  /// Names of queries and commands.
  std::size_t name_bytes = 128;
  /// Tokens: a JWT with a certificate chain in it is about as large as servers let headers be.
  std::size_t token_bytes = 8 * 1024;
  /// The longest that a query may take.
  std::chrono::milliseconds deadline{600'000};
};

} // namespace wspool
