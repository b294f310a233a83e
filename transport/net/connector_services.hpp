// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <wspool/byte_stream.hpp>

#include "net/name_resolver.hpp"
#include "net/tls_contexts.hpp"
#include "protocol/proxy_settings.hpp"

#include <memory>
#include <utility>

namespace wspool::net {

/// What all attempts of a connector share, and what a test may put its own in the place of.
struct connector_services {
  explicit connector_services(environment variables, name_resolver::look_up_function how = look_up)
    : resolver(std::move(how)), getenv(std::move(variables)) {
    // nop
  }

  name_resolver resolver;
  tls_contexts contexts;
  environment getenv;
};

/// A connector over real sockets with the given services.
[[nodiscard]] std::shared_ptr<connector>
make_connector(std::shared_ptr<connector_services> services);

} // namespace wspool::net
