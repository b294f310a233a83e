// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include "net/asio_types.hpp"

#include <system_error>

namespace wspool::net {

/// What an error of an open stream means to its owner: an orderly end, a broken connection, or
/// whatever else the system said.
[[nodiscard]] std::error_code translate(const error_code& error);

} // namespace wspool::net
