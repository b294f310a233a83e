// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <wspool/byte_stream.hpp>

#include "net/asio_types.hpp"
#include "net/connector_services.hpp"
#include "net/name_resolver.hpp"
#include "net/proxy_handshake.hpp"
#include "net/tls_contexts.hpp"
#include "net/tls_socket.hpp"
#include "protocol/proxy_settings.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace wspool::net {

/// The way from an endpoint's name to a stream that is ready for the upgrade.
///
///     resolving --> dialing (one address after the other) --> [tunnelling] --> [securing] --> done
///         '------------'------------------------------------------'---------------'--> failed
///
/// Lives in the handlers of its operations, all on one io_context. It does not own the io_context:
/// one that ends takes it along.
class connect_attempt : public std::enable_shared_from_this<connect_attempt> {
public:
  connect_attempt(const std::shared_ptr<boost::asio::io_context>& context,
                  std::shared_ptr<connector_services> services, const endpoint& target,
                  const connect_options& options, connector::handler done);

  /// On the io_context.
  void start();
  void cancel();

private:
  using step_function = void (connect_attempt::*)();

  void resolve(const std::string& host, std::function<void(const resolved&)> next);
  void resolve_target();
  void resolve_expired();

  void dial(const resolved& found);
  void dial_next();
  void dial_expired();
  void address_failed(const std::string& reason, bool timeout);
  void on_connected();

  void start_tunnel();
  void tunnel();
  void write_to_proxy();
  void read_from_proxy();
  void tunnel_expired();

  void secure();
  void on_secured(const error_code& error);
  void secure_expired();

  /// Starts the next step: completions and deadlines of the steps before it no longer count.
  void begin_step(std::chrono::milliseconds limit, step_function expired);
  void begin_handshake_step(step_function expired);
  void finish_plain();
  void fail(errc code, std::string detail);
  void finish(failure error, std::unique_ptr<byte_stream> stream);
  void release();

  /// Wraps a completion handler: it runs only while its step is the current one.
  template <class F>
  auto in_step(F f);

  [[nodiscard]] bool has_proxy() const noexcept;
  /// Who is dialed: the proxy, or the endpoint itself.
  [[nodiscard]] const std::string& dialed_host() const noexcept;
  [[nodiscard]] std::uint16_t dialed_port() const noexcept;
  /// Begins the detail of a failure that happened on the way to a proxy.
  [[nodiscard]] std::string proxy_prefix() const;
  /// Whom the certificate must be for.
  [[nodiscard]] const std::string& server_name() const noexcept;

  std::weak_ptr<boost::asio::io_context> weak_context_;
  boost::asio::io_context& context_;
  std::shared_ptr<connector_services> services_;
  endpoint target_;
  tls_options tls_options_;
  proxy_options proxy_options_;
  connection_deadlines deadlines_;
  bool no_delay_;
  connector::handler done_;

  steady_timer timer_;
  std::uint64_t step_ = 0;
  std::optional<std::chrono::steady_clock::time_point> handshake_ends_;

  proxy_settings proxy_settings_;
  std::string resolving_;
  std::string tunnel_host_; ///< what the proxy is asked for
  struct tunnel_state {
    std::unique_ptr<proxy_handshake> proxy;
    std::string output;
    std::array<char, 1024> input;
  };
  std::unique_ptr<tunnel_state> tunnel_; ///< most attempts need none

  std::vector<tcp::endpoint> addresses_;
  std::size_t next_address_ = 0;
  std::string address_errors_;
  bool only_timeouts_ = true;

  std::optional<tcp_socket> socket_;
  tls_context tls_context_;
  std::unique_ptr<tls_socket> tls_;
};

} // namespace wspool::net
