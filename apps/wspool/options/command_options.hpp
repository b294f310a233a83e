// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "demo/demo_flags.hpp"
#include "echo/echo_flags.hpp"
#include "options/pool_flags.hpp"
#include "options/serve_flags.hpp"
#include "process/log.hpp"
#include "settings/settings.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace wspool::cli {

/// How bytes become messages and messages become bytes.
enum class framing {
  text_lines,      ///< a line is a text message
  binary_lines,    ///< a line is a binary message
  length_prefixed, ///< binary messages, each behind its length in 4 bytes, big-endian
  whole,           ///< all of stdin is one binary message; received ones follow one another bare
};

[[nodiscard]] constexpr bool is_lines(framing value) noexcept {
  return value == framing::text_lines || value == framing::binary_lines;
}

/// How `connect` turns stdin into messages and messages into stdout.
struct stream_options {
  framing format = framing::text_lines;
  std::string key_field;  ///< name or JSON pointer of the ordering key; empty: none
  bool broadcast = false; ///< every message to every connection
  bool wait_open = false; ///< read nothing before a connection is open
  bool echo = false;      ///< send back what comes in; stdin is not read
  /// After the end of stdin: until all is sent; what is left then fails.
  std::chrono::milliseconds drain_timeout{10'000};
  /// After that: for replies. None: until the end of all connections.
  std::optional<std::chrono::milliseconds> linger{2'000};
  std::string via; ///< HOST:PORT of a node whose pool to use; empty: an own pool
};

/// `node`'s own.
struct node_flags {
  std::string listen = "127.0.0.1:9002";
  std::chrono::milliseconds heartbeat{5'000}; ///< between nodes; three missed ones mean dead
};

/// How `session` writes and reads what a message carries.
enum class data_format {
  text, ///< a line is a string; what is no string is JSON
  json, ///< a line is a JSON value
};

/// `session`'s own.
struct session_flags {
  std::string session;    ///< empty: drawn
  std::string token_file; ///< empty: WSPOOL_TOKEN, if that is set
  data_format format = data_format::text;
  bool whole = false; ///< a message with all its fields
  bool presence = false;
  std::string recover; ///< EPOCH:OFFSET; empty: from now on
  std::string data;    ///< of a query; empty: stdin's
  std::chrono::milliseconds timeout{30'000};
};

/// All options of all subcommands, and the table that knows where each can be set.
struct command_options {
  command_options();
  command_options(const command_options&) = delete;
  command_options& operator=(const command_options&) = delete;

  pool_flags pool;
  serve_flags serve;
  stream_options stream;
  log_options log;
  echo_flags echo;
  node_flags node;
  demo_flags demo;
  session_flags session;
  std::string metrics;        ///< HOST:PORT to serve /metrics on; empty: nowhere
  std::size_t io_threads = 0; ///< of all sockets; 0: as `io_pool` has it
  settings table;
};

} // namespace wspool::cli
