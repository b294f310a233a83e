// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "versions.hpp"

#include <boost/version.hpp>
#include <caf/config.hpp>
#include <openssl/crypto.h>

#ifndef WSPOOL_VERSION
#define WSPOOL_VERSION "unknown"
#endif

namespace wspool::bench {

namespace {

std::string dotted(int major, int minor, int patch) {
  return std::to_string(major) + "." + std::to_string(minor) + "." + std::to_string(patch);
}

} // namespace

std::vector<std::pair<std::string, std::string>> library_versions() {
  return {
    {"wspool", WSPOOL_VERSION},
    {"CAF", dotted(CAF_MAJOR_VERSION, CAF_MINOR_VERSION, CAF_PATCH_VERSION)},
    {"Boost", dotted(BOOST_VERSION / 100'000, BOOST_VERSION / 100 % 1'000, BOOST_VERSION % 100)},
    {"OpenSSL", OpenSSL_version(OPENSSL_VERSION_STRING)},
  };
}

} // namespace wspool::bench
