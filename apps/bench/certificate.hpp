// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <boost/asio/ssl/context.hpp>

namespace wspool::bench {

/// Gives a server's context a key and a certificate for localhost, signed by itself, that exist in
/// memory only. @throws std::runtime_error
void use_fresh_certificate(boost::asio::ssl::context& context);

} // namespace wspool::bench
