// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <wspool/connect_options.hpp>
#include <wspool/endpoint.hpp>
#include <wspool/error.hpp>

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace wspool {

/// How to talk to a proxy.
enum class proxy_kind : std::uint8_t {
  none,    ///< no proxy
  http,    ///< CONNECT
  socks5,  ///< SOCKS5, the host's name is resolved here
  socks5h, ///< SOCKS5, the proxy resolves the host's name
};

/// A proxy's URL taken apart.
struct proxy_settings {
  proxy_kind kind = proxy_kind::none;
  std::string host;
  std::uint16_t port = 0; ///< 3128 for HTTP and 1080 for SOCKS if the URL names none
  std::string user;
  std::string password;

  /// `scheme://host:port`, fit for logs.
  [[nodiscard]] std::string origin() const;
};

/// `getenv`, or a test's own table; null for a variable that is not set.
using environment = std::function<const char*(const char*)>;

/// Parses a proxy's URL. Without a scheme it is an HTTP proxy, as for other programs.
/// @returns `errc::invalid_option`; the detail names `field` and quotes the URL, less its password.
[[nodiscard]] failure parse_proxy(std::string_view url, std::string_view field,
                                  proxy_settings& result);

/// Which proxy leads to `target`, by the option or else by the environment.
[[nodiscard]] failure choose_proxy(const proxy_options& options, const endpoint& target,
                                   const environment& getenv, proxy_settings& result);

/// Whether a `no_proxy` list holds the host: entries divided by commas or spaces, each `*`, an
/// address, or a domain with all below it ("example.com" and ".example.com" alike), each with an
/// optional port.
[[nodiscard]] bool is_exempt(std::string_view no_proxy, const endpoint& target);

} // namespace wspool
