// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

#include <wspool/connect_options.hpp>

#include <string>

namespace wspool::test {

// What `make-certificates` made when the tests were built.

/// The file of the test authority's own certificate.
inline std::string authority_file() { return WSPOOL_TEST_CERTIFICATES "/ca.pem"; }

/// A certificate with its key to show: "server", "client", "expired", "wrong-host" or "stranger".
inline tls_options identity(const std::string& name) {
  tls_options result;
  result.certificate_file = WSPOOL_TEST_CERTIFICATES "/" + name + ".pem";
  result.key_file = WSPOOL_TEST_CERTIFICATES "/" + name + ".key";
  return result;
}

} // namespace wspool::test
