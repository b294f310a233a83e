// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "codec.hpp"
#include "codec_deflate.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace wspool::detail {

/// Whether a header may be put on the wire: a token as name (RFC 9110 §5.1), a value without
/// control characters, so that it cannot bring in further headers, neither above 32 KiB.
[[nodiscard]] bool is_safe(const header& h) noexcept;
/// Whether a host, a request target or a subprotocol may be put on the wire: no spaces and no
/// control characters, nor above 32 KiB.
[[nodiscard]] bool is_safe_word(std::string_view word) noexcept;

/// The values of all headers of a name, joined by ", " (RFC 9110 §5.3).
[[nodiscard]] std::string joined_values(const std::vector<header>& headers, std::string_view name);

/// How far the reading of a message's head has come.
enum class reading : std::uint8_t {
  more,    ///< bytes are missing
  done,    ///< a request or a 101 answer; what lies behind it is in `rest()`
  refusal, ///< an answer other than 101, with the first 4 KiB of its body
  failed,  ///< not HTTP, or too large: see `error()`
};

/// Client: takes in the server's answer to the upgrade request (RFC 6455 §4.1).
class response_reader {
public:
  explicit response_reader(const message_limits& limits);
  ~response_reader();

  /// Takes all of `bytes`.
  reading feed(std::string_view bytes);
  /// The peer ended its stream: completes a body that lasts until then (RFC 9112 §6.3).
  reading end_of_input();

  /// Once it is `done` or a `refusal`; may be moved from.
  upgrade_response& response() noexcept;
  const failure& error() const noexcept;
  /// Bytes behind the head of a 101 answer.
  std::string& rest() noexcept;

private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

/// Server: takes in a request (RFC 6455 §4.2.1).
class request_reader {
public:
  explicit request_reader(const message_limits& limits);
  ~request_reader();

  /// Takes all of `bytes`. Once done, they are kept in `rest()`.
  reading feed(std::string_view bytes);

  /// Once it is `done`; may be moved from.
  upgrade_request& request() noexcept;
  const failure& error() const noexcept;
  /// The status that answers a request which failed.
  unsigned error_status() const noexcept;
  std::string& rest() noexcept;

private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

/// Client: the request that asks for an upgrade (RFC 6455 §4.1). Precondition: its parts are safe.
std::string render_request(const handshake_request& request, std::string_view key,
                           std::string_view extensions);

/// Client: whether a 101 answer keeps RFC 6455 §4.1. Sets the subprotocol and what was agreed about
/// compression.
failure check_upgrade(const upgrade_response& response, std::string_view answer_to_key,
                      std::string_view offered_subprotocols, const deflate_options& offered,
                      std::string& subprotocol, deflate_agreement& agreed);

/// Server: the answer that upgrades (RFC 6455 §4.2.2). Precondition: its parts are safe.
std::string render_upgrade(const accept_options& options, std::string_view answer_to_key,
                           std::string_view extensions);

/// Server: the head of an HTTP answer that is not an upgrade, and after which the connection ends.
std::string render_answer(unsigned status, const std::vector<header>& headers,
                          std::uint64_t body_bytes);

} // namespace wspool::detail
