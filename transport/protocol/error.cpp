// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include <wspool/error.hpp>

#include <array>

namespace wspool {

namespace {

struct entry {
  errc value;
  std::string_view name;
  std::string_view sentence;
};

// In the order of the enumeration, so that a value is its own index; a test checks that.
constexpr std::array entries{
  entry{errc::none, "none", "no error"},
  entry{errc::queue_full, "queue_full", "the pool's queue is full"},
  entry{errc::dropped, "dropped", "the message was pushed out of a full queue"},
  entry{errc::expired, "expired", "the message's time to live ended before it was written"},
  entry{errc::too_big, "too_big", "the message is larger than the limit"},
  entry{errc::invalid_message, "invalid_message", "a text message must be valid UTF-8"},
  entry{errc::pool_closed, "pool_closed", "the pool is closing or closed"},
  entry{errc::connection_lost, "connection_lost",
        "the connection was lost while the message was being written"},
  entry{errc::no_connection, "no_connection", "no connection is open"},
  entry{errc::unreachable, "unreachable", "every slot of the pool was given up"},
  entry{errc::invalid_url, "invalid_url", "not a valid WebSocket URL"},
  entry{errc::invalid_option, "invalid_option", "an option has an invalid value"},
  entry{errc::invalid_header, "invalid_header", "a header is not allowed"},
  entry{errc::invalid_scheduler, "invalid_scheduler", "the scheduler broke its contract"},
  entry{errc::unknown_endpoint, "unknown_endpoint", "the pool has no such endpoint"},
  entry{errc::resolve_failed, "resolve_failed", "the host name could not be resolved"},
  entry{errc::connect_failed, "connect_failed", "no address accepted a connection"},
  entry{errc::connect_timeout, "connect_timeout", "connecting took too long"},
  entry{errc::proxy_refused, "proxy_refused", "the proxy refused to connect"},
  entry{errc::proxy_failed, "proxy_failed", "the proxy's answer was not understood"},
  entry{errc::tls_failed, "tls_failed", "the TLS handshake failed"},
  entry{errc::certificate_invalid, "certificate_invalid",
        "the peer's certificate is not trusted or not for this host"},
  entry{errc::tls_configuration, "tls_configuration",
        "a certificate or key file could not be used"},
  entry{errc::upgrade_refused, "upgrade_refused", "the server refused the upgrade"},
  entry{errc::upgrade_invalid, "upgrade_invalid",
        "the server's answer is not a valid WebSocket upgrade"},
  entry{errc::too_many_redirects, "too_many_redirects", "too many redirects"},
  entry{errc::subprotocol_mismatch, "subprotocol_mismatch",
        "the server chose a subprotocol that was not offered"},
  entry{errc::closed, "closed", "the connection was closed"},
  entry{errc::end_of_stream, "end_of_stream",
        "the peer ended the connection without a closing handshake"},
  entry{errc::connection_reset, "connection_reset", "the connection broke"},
  entry{errc::heartbeat_timeout, "heartbeat_timeout", "the peer did not answer a ping in time"},
  entry{errc::idle_timeout, "idle_timeout", "no message came or went within the idle timeout"},
  entry{errc::close_timeout, "close_timeout", "the closing handshake took too long"},
  entry{errc::protocol_error, "protocol_error", "the peer broke the WebSocket protocol"},
  entry{errc::invalid_utf8, "invalid_utf8", "the peer sent text that is not valid UTF-8"},
  entry{errc::message_too_big, "message_too_big", "the peer sent a message above the limit"},
  entry{errc::crashed, "crashed", "an exception ended the connection"},
  entry{errc::shutdown, "shutdown", "ended by its own side"},
  entry{errc::slow_consumer, "slow_consumer", "the client did not take its messages fast enough"},
  entry{errc::rate_exceeded, "rate_exceeded", "the client sent faster than it may"},
  entry{errc::address_in_use, "address_in_use", "the address is in use"},
  entry{errc::io_error, "io_error", "the operating system reported an error"},
};

constexpr bool in_order() {
  for (std::size_t i = 0; i < entries.size(); ++i)
    if (static_cast<std::size_t>(entries[i].value) != i)
      return false;
  return true;
}
static_assert(in_order(), "the table lists every error in the order of the enumeration");
static_assert(entries.size() == static_cast<std::size_t>(errc::io_error) + 1);

const entry* find(errc value) noexcept {
  const auto index = static_cast<std::size_t>(value);
  return index < entries.size() ? &entries[index] : nullptr;
}

class category final : public std::error_category {
  const char* name() const noexcept override { return "wspool"; }
  std::string message(int value) const override {
    if (value < 0 || value > 0xff)
      return "unknown error";
    return std::string{describe(static_cast<errc>(value))};
  }
};

} // namespace

std::string_view name_of(errc value) noexcept {
  const auto* found = find(value);
  return found ? found->name : "unknown";
}

std::string_view describe(errc value) noexcept {
  const auto* found = find(value);
  return found ? found->sentence : "unknown error";
}

std::string to_string(errc value) { return std::string{name_of(value)}; }

const std::error_category& error_category() noexcept {
  static const category instance;
  return instance;
}

std::string failure::message() const {
  std::string text{describe(code)};
  if (!detail.empty())
    text.append(": ").append(detail);
  return text;
}

} // namespace wspool
